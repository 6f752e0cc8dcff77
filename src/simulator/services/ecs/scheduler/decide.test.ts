import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createEcsWorld } from '../../../../../test/support/ecs-world.ts'
import { bandOf } from './band.ts'
import { decidePass, type ServiceView, type TaskView } from './decide.ts'

const taskView = fc
  .record({
    isPrimary: fc.boolean(),
    verdict: fc.constantFrom('healthy', 'unhealthy', 'waiting'),
    started: fc.boolean(),
  })
  .map(({ isPrimary, verdict, started }): Omit<TaskView, 'id'> => ({
    isPrimary,
    verdict,
    isRunning: verdict !== 'waiting' || started,
  }))

const percents = fc.record({ minimum: fc.integer({ min: 0, max: 100 }), maximum: fc.integer({ min: 101, max: 300 }) })

const serviceView = fc
  .record({
    desired: fc.integer({ min: 0, max: 12 }),
    percents,
    tasks: fc.array(taskView, { maxLength: 30 }),
    startLimit: fc.integer({ min: 0, max: 20 }),
    isStalled: fc.boolean(),
  })
  .map(({ desired, percents: { minimum, maximum }, tasks, startLimit, isStalled }): ServiceView => ({
    desired,
    band: bandOf(desired, { minimumHealthyPercent: minimum, maximumPercent: maximum }),
    tasks: tasks.map((task, index) => ({ ...task, id: String(index) })),
    startLimit,
    isStalled,
  }))

const healthy = (tasks: readonly TaskView[]): number => tasks.filter(({ verdict }) => verdict === 'healthy').length

test('no decision leaves the band, starts more than is missing or stops a task twice', () => {
  fc.assert(
    fc.property(serviceView, (view) => {
      const { starts, stops } = decidePass(view)
      const stopped = new Set(stops.map(({ id }) => id))
      const left = view.tasks.filter(({ id }) => !stopped.has(id))

      assert.equal(stopped.size, stops.length)
      if (starts > 0) assert.ok(view.tasks.length + starts <= view.band.upper)
      assert.ok(starts <= view.startLimit)
      if (!view.isStalled) assert.ok(healthy(left) >= Math.min(view.band.lower, healthy(view.tasks)))
    }),
    { numRuns: 3000 },
  )
})

test('a stalled deployment starts nothing and keeps what the band allows', () => {
  fc.assert(
    fc.property(serviceView, (view) => {
      const { starts, stops } = decidePass({ ...view, isStalled: true })
      assert.equal(starts, 0)
      assert.equal(stops.length, Math.max(0, view.tasks.length - view.band.upper))
    }),
  )
})

const behaviour = fc.constantFrom(
  { type: 'run' } as const,
  { type: 'cannot-pull' } as const,
  { type: 'never-healthy' } as const,
  { type: 'crash', afterSeconds: 0 } as const,
)

const CHECK = { command: ['CMD', 'true'], interval: 10, retries: 2 }

test('a rollout stays within its band and ends steady, rolled back or failed, with no task left over', () => {
  fc.assert(
    fc.property(
      fc.record({ desired: fc.integer({ min: 1, max: 9 }), percents, behaviour, hasCheck: fc.boolean() }),
      ({ desired, percents: { minimum, maximum }, behaviour: image, hasCheck }) => {
        const world = createEcsWorld()
        const deploymentConfiguration = {
          minimumHealthyPercent: minimum,
          maximumPercent: maximum,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        }
        world.serve({ desiredCount: desired, deploymentConfiguration })
        world.clock.advance(600)
        const { lower, upper } = bandOf(desired, deploymentConfiguration)
        world.images['v2'] = image
        world.call('UpdateService', {
          cluster: 'main',
          service: 'web',
          taskDefinition: world.register('v2', hasCheck ? CHECK : undefined),
        })
        for (let second = 0; second < 1800; second += 5) {
          world.clock.advance(5)
          const { runningCount, pendingCount } = world.web()
          assert.ok(runningCount + pendingCount <= upper, `${runningCount + pendingCount} tasks, at most ${upper}`)
          assert.ok(runningCount >= lower, `${runningCount} run, at least ${lower} must`)
        }
        world.clock.advance(4 * 3600)

        const isMovable = upper > desired || lower < desired
        const { deployments, runningCount } = world.web()
        assert.equal(runningCount, desired)
        if (isMovable) assert.equal(deployments[0]?.rolloutState, 'COMPLETED')
        if (isMovable) assert.equal(world.call('ListTasks', { cluster: 'main' }).taskArns.length, desired)
      },
    ),
    { numRuns: 60 },
  )
})
