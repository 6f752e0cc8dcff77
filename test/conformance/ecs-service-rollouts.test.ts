import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { createServiceWorld, serviceSpec } from '../support/service-world.ts'

const images = { 'app:bad': { type: 'cannot-pull' } } as const
const ROLLOUT_SECONDS = 600

/** A world in which the breaker has rolled `app:bad` back to `app:v1`. */
async function rolledBackWorld() {
  const world = await createServiceWorld(images)
  world.apply(serviceSpec('app:v1'))
  await world.run(ROLLOUT_SECONDS)
  world.apply(serviceSpec('app:bad'))
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.reason, 'RolledBack')
  world.newWrites()
  return world
}

describe('an EcsService', () => {
  test('is made in order and Ready only at steady state', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))

    await world.pass()
    assert.deepEqual(world.newWrites(), ['CreateLogGroup', 'RegisterTaskDefinition', 'CreateService'])
    assert.equal(world.ready()?.reason, 'RollingOut')

    await world.run(ROLLOUT_SECONDS)
    assert.equal(world.ready()?.status, 'True')
    const { runningCount, desiredCount, revision, rollout, selector } = world.status()
    assert.deepEqual(
      { runningCount, desiredCount, revision, state: rollout?.state, selector },
      {
        runningCount: 1,
        desiredCount: 1,
        revision: 'demo_hello:1',
        state: 'COMPLETED',
        selector: 'longshore.dev/service=hello',
      },
    )
  })

  test('writes nothing once it is as it should be, also after a restart and a lost status', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.newWrites()

    await world.run(3600)
    world.restart()
    await world.run(3600)
    await world.loseStatus()
    await world.run(3600)

    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.status, 'True')
  })

  test('rolls a new image out as one new revision and goes back to an old one without another', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.newWrites()

    world.apply(serviceSpec('app:v2'))
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'UpdateService'])

    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.status().revision, 'demo_hello:1')
  })

  test('whose log group was deleted by hand gets it back without a rollout', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    await world.aws.drive(world.aws.session.logs.deleteLogGroup('/longshore/demo/hello', AbortSignal.timeout(60_000)))
    world.newWrites()

    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['CreateLogGroup'])
    assert.equal(world.ready()?.status, 'True')
  })

  test('that was deleted by hand is made anew', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    const { aws } = world
    await aws.drive(
      aws.session.ecsServices.deleteService({ cluster: 'main', service: 'demo_hello' }, AbortSignal.timeout(60_000)),
    )
    world.newWrites()

    await world.run(2 * ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['CreateService'])
    assert.equal(world.ready()?.status, 'True')
  })

  test('is made once when the answers of AWS are lost', async () => {
    const world = await createServiceWorld()
    for (const operation of ['CreateLogGroup', 'RegisterTaskDefinition', 'CreateService']) {
      world.fault({ operation, count: 1, effect: { type: 'lost', when: 'after-effect' } })
    }
    world.apply(serviceSpec('app:v1'))

    await world.run(ROLLOUT_SECONDS)
    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:1')
  })

  test('registers one revision when AWS shows old news after an edit', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.newWrites()
    world.fault({ operation: 'ListTaskDefinitions', count: 4, effect: { type: 'stale-read', seconds: 10 } })

    world.apply(serviceSpec('app:v2'))
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'UpdateService'])
  })

  test('retires a revision only when no deployment runs it any more', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1', { revisionHistoryLimit: 0 }))
    await world.run(ROLLOUT_SECONDS)
    world.newWrites()

    world.apply(serviceSpec('app:v2', { revisionHistoryLimit: 0 }))
    await world.run(30)
    assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'UpdateService'])
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['DeregisterTaskDefinition'])
  })

  test('leaves nothing behind but its log group', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.apply(serviceSpec('app:v2'))
    await world.run(ROLLOUT_SECONDS)

    await world.remove()
    await world.run(ROLLOUT_SECONDS)
    assert.ok(world.isGone())
    const { ecs, logs } = world.aws.simulator.countLive()
    assert.deepEqual([ecs?.['services'], ecs?.['tasks'], ecs?.['taskDefinitions'], logs?.['logGroups']], [0, 0, 0, 1])
  })

  test('is deleted completely after its status was lost', async () => {
    const world = await createServiceWorld()
    world.apply(serviceSpec('app:v1'), { 'longshore.dev/deletion-policy': 'Delete' })
    await world.run(ROLLOUT_SECONDS)
    await world.loseStatus()

    await world.remove()
    await world.run(ROLLOUT_SECONDS)
    assert.ok(world.isGone())
    const { ecs, logs } = world.aws.simulator.countLive()
    assert.deepEqual([ecs?.['services'], ecs?.['taskDefinitions'], logs?.['logGroups']], [0, 0, 0])
  })
})

describe('a rollout that the breaker rolled back', () => {
  test('says what failed and why, while the old revision serves', async () => {
    const world = await rolledBackWorld()
    const { rollout, conditions, revision } = world.status()

    assert.equal(revision, 'demo_hello:1')
    assert.equal(rollout?.state, 'ROLLED_BACK')
    assert.match(world.ready()?.message ?? '', /The rollout of demo_hello:2 .* failed: .*CannotPullContainerError/)
    assert.equal(conditions?.find(({ type }) => type === 'Available')?.status, 'True')
    assert.match(world.ready()?.message ?? '', new RegExp(`retry-rollout: ${rollout.deploymentId}$`))
  })

  test('says why even when nobody was looking while it failed', async () => {
    const world = await createServiceWorld(images)
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.apply(serviceSpec('app:bad'))
    await world.pass()

    await world.aws.advance(ROLLOUT_SECONDS)
    world.restart()
    await world.pass()
    assert.match(world.ready()?.message ?? '', /The rollout of demo_hello:2 .* failed: .*CannotPullContainerError/)
  })

  test('is not tried again by time, a restart or a lost status', async () => {
    const world = await rolledBackWorld()

    await world.run(3600)
    world.restart()
    await world.run(3600)
    await world.loseStatus()
    await world.run(3600)

    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.reason, 'RolledBack')
  })

  test('still scales', async () => {
    const world = await rolledBackWorld()

    world.apply(serviceSpec('app:bad', { desiredCount: 3 }))
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.status().runningCount, 3)
    assert.equal(world.ready()?.reason, 'RolledBack')
  })

  test('is tried exactly once more when the template went back and forth', async () => {
    const world = await rolledBackWorld()

    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    assert.equal(world.ready()?.status, 'True')
    world.apply(serviceSpec('app:bad'))
    await world.run(3 * ROLLOUT_SECONDS)

    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.ready()?.reason, 'RolledBack')
  })

  test('is tried exactly once more where the annotation names it', async () => {
    const world = await rolledBackWorld()
    const { deploymentId = '' } = world.status().rollout ?? {}

    world.apply(serviceSpec('app:bad'), { 'longshore.dev/retry-rollout': deploymentId })
    await world.run(3 * ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.ready()?.reason, 'RolledBack')
    assert.notEqual(world.status().rollout?.deploymentId, deploymentId)
  })

  test('is tried once more only after the roll-back, for until then ECS has nothing to go back to', async () => {
    const world = await createServiceWorld(images)
    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)
    world.apply(serviceSpec('app:bad'))
    while (world.ready()?.reason !== 'RollingBack') await world.run(5)
    world.newWrites()

    const { deploymentId = '' } = world.status().rollout ?? {}
    world.apply(serviceSpec('app:bad'), { 'longshore.dev/retry-rollout': deploymentId })
    await world.run(5)
    assert.deepEqual(world.newWrites(), [])
    await world.run(3 * ROLLOUT_SECONDS)

    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.ready()?.reason, 'RolledBack')
    assert.notEqual(world.status().rollout?.deploymentId, deploymentId)
  })

  test('is working on something until it is rolled back, and needs a person from then on', async () => {
    const world = await createServiceWorld(images)
    world.apply(serviceSpec('app:v1', { desiredCount: 4 }))
    await world.run(ROLLOUT_SECONDS)
    world.apply(serviceSpec('app:bad', { desiredCount: 4 }))
    const standing = () => {
      const { conditions = [], rollout } = world.status()
      return [...conditions.map(({ type, reason }) => `${type} ${reason}`), rollout?.state]
    }
    const seen: unknown[] = []
    for (let second = 0; second < ROLLOUT_SECONDS; second += 5) {
      await world.run(5)
      if (!isDeepStrictEqual(seen.at(-1), standing())) seen.push(standing())
    }

    const serves = 'Available MinimumRunning'
    assert.deepEqual(seen, [
      ['Ready RollingOut', 'Reconciling RollingOut', serves, 'IN_PROGRESS'],
      ['Ready RollingBack', 'Reconciling RollingBack', serves, 'ROLLING_BACK'],
      ['Ready RolledBack', 'Stalled RolledBack', serves, 'ROLLED_BACK'],
    ])
    assert.match(world.status().rollout?.message ?? '', /CannotPullContainerError/)
    const told = world.events.filter(({ type }) => type === 'Warning').map(({ reason }) => reason)
    assert.deepEqual(told, ['RolledBack'])
  })

  test('succeeds where the annotation names it and the cause is gone', async () => {
    const world = await rolledBackWorld()
    const { deploymentId = '' } = world.status().rollout ?? {}
    world.aws.simulator.setScenario({ images: {} })

    world.apply(serviceSpec('app:bad'), { 'longshore.dev/retry-rollout': deploymentId })
    await world.run(ROLLOUT_SECONDS)
    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:2')
  })

  test('leaves a rollout alone that somebody starts by hand', async () => {
    const world = await rolledBackWorld()
    const { aws } = world
    const change = { cluster: 'main', service: 'demo_hello', forceNewDeployment: true }
    await aws.drive(aws.session.ecsServices.updateService(change, AbortSignal.timeout(60_000)))
    world.newWrites()

    await world.run(30)
    assert.match(world.status().waitingFor?.message ?? '', /^Somebody started rollout/)
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.reason, 'RolledBack')
  })
})

test('a rollout that failed without roll-back is reported and not tried again', async () => {
  const world = await createServiceWorld(images)
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } }
  world.apply(serviceSpec('app:bad', { deploymentConfiguration }))

  await world.run(2 * ROLLOUT_SECONDS)
  assert.equal(world.ready()?.reason, 'RolloutFailed')
  world.newWrites()
  await world.run(3600)
  assert.deepEqual(world.newWrites(), [])
})

test('every declared permission is used by somebody, and no other is needed', async () => {
  const world = await createServiceWorld(images)
  world.apply(
    serviceSpec('app:v1', { logGroup: { retentionInDays: 7 }, revisionHistoryLimit: 0, tags: [{ key: 'team' }] }),
  )
  await world.run(ROLLOUT_SECONDS)
  world.apply(serviceSpec('app:v2', { revisionHistoryLimit: 0, tags: [] }))
  await world.run(ROLLOUT_SECONDS)
  world.apply(serviceSpec('app:bad', { revisionHistoryLimit: 0, tags: [{ key: 'team' }] }))
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.reason, 'RolledBack')
  world.restart()
  await world.loseStatus()
  await world.remove()
  await world.run(ROLLOUT_SECONDS)

  assert.ok(world.isGone())
  // Tagging what is made and handing a role on are no calls; log groups are kept unless their object says otherwise.
  assert.deepEqual(world.unusedActions(), ['logs:TagResource', 'logs:DeleteLogGroup', 'iam:PassRole'])
})
