import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'

const CHECK = { command: ['CMD-SHELL', 'true'], interval: 10, retries: 2 }
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } }

const update = (world: EcsWorld, input: object): unknown =>
  world.call('UpdateService', { cluster: 'main', service: 'web', ...input })

/** A world whose service `web` has settled with `desiredCount` tasks of the image v1. */
function settledWorld(desiredCount: number, input: object = {}): EcsWorld {
  const world = createEcsWorld()
  world.serve({ desiredCount, ...input })
  world.clock.advance(300)
  assert.equal(world.web().deployments[0]?.rolloutState, 'COMPLETED')
  return world
}

const messages = (world: EcsWorld): string[] => world.web().events.map(({ message }) => message)

/** Events since `from`, oldest first, as seconds and the verb that tells them apart. */
function timeline(world: EcsWorld, from: number): (readonly [number, string])[] {
  return world
    .web()
    .events.filter(({ createdAt }) => createdAt.getTime() >= from)
    .toReversed()
    .map(({ createdAt, message }) => [
      (createdAt.getTime() - from) / 1000,
      /has started|has stopped|completed|steady|rolling back|failed|unable/.exec(message)?.[0] ?? message,
    ])
}

test('a rollout of one task takes the documented steps at the reported times', () => {
  const world = settledWorld(1)
  const from = world.clock.now()
  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(200)

  assert.deepEqual(timeline(world, from), [
    [5, 'has started'],
    // 45 s to RUNNING, 40 s until it counts as healthy, then the next pass.
    [95, 'has stopped'],
    // The old task is gone 40 s later.
    [145, 'completed'],
    [145, 'steady'],
  ])
})

test('two tasks coexist throughout a rollout of one with 100/200', () => {
  const world = settledWorld(1)
  update(world, { taskDefinition: world.register('v2') })
  for (let second = 0; second < 200; second++) {
    world.clock.advance(1)
    const { runningCount, pendingCount } = world.web()
    assert.ok(runningCount >= 1, `nothing runs after ${second} s`)
    assert.ok(runningCount + pendingCount <= 2, `three tasks after ${second} s`)
  }
})

for (const [desired, threshold] of [
  [1, 3],
  [25, 13],
] as const) {
  test(`the breaker gives ${desired} tasks up after ${threshold} failures and rolls back`, () => {
    const world = settledWorld(desired, { deploymentConfiguration: BREAKER })
    const good = world.web().taskDefinition
    world.images['v2'] = { type: 'cannot-pull' }
    update(world, { taskDefinition: world.register('v2') })
    world.clock.advance(900)

    const service = world.web()
    const [rollout] = world.call('DescribeServiceDeployments', {
      serviceDeploymentArns: [service.currentServiceDeployment],
    }).serviceDeployments
    assert.equal(service.taskDefinition, good)
    assert.equal(service.runningCount, desired)
    assert.equal(rollout?.status, 'ROLLBACK_SUCCESSFUL')
    assert.equal(rollout?.deploymentCircuitBreaker.status, 'TRIGGERED')
    assert.equal(rollout?.deploymentCircuitBreaker.threshold, threshold)
    assert.ok((rollout?.deploymentCircuitBreaker.failureCount ?? 0) >= threshold)
  })
}

test('a failed deployment shows FAILED beside the one that comes back', () => {
  const world = settledWorld(1, { deploymentConfiguration: BREAKER })
  const [completed] = world.web().deployments
  world.images['v2'] = { type: 'cannot-pull' }
  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(1)
  while (world.web().deployments[0]?.id !== completed?.id) world.clock.advance(1)

  const seen = world
    .web()
    .deployments.map(({ status, rolloutState, rolloutStateReason }) => [status, rolloutState, rolloutStateReason])
  const breaker = 'ECS deployment circuit breaker:'
  assert.deepEqual(seen, [
    ['PRIMARY', 'IN_PROGRESS', `${breaker} rolling back to deploymentId ${completed?.id}.`],
    ['ACTIVE', 'FAILED', `${breaker} tasks failed to start.`],
  ])
})

test('a first deployment that fails has nothing to go back to and stalls', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'cannot-pull' }
  world.serve({ deploymentConfiguration: BREAKER })
  world.clock.advance(1200)
  const started = messages(world).filter((message) => message.includes('has started')).length
  world.clock.advance(7200)

  assert.equal(world.web().deployments[0]?.rolloutState, 'FAILED')
  assert.equal(started, 3)
  assert.equal(messages(world).filter((message) => message.includes('has started')).length, started)
})

test('tasks whose container health fails are given up by the breaker', () => {
  const world = settledWorld(2, { deploymentConfiguration: BREAKER })
  world.images['v2'] = { type: 'never-healthy' }
  update(world, { taskDefinition: world.register('v2', CHECK) })
  world.clock.advance(900)

  assert.ok(messages(world).some((message) => /\(task \w+\) failed container health checks\.$/.test(message)))
  assert.match(world.web().taskDefinition, /:1$/)
  assert.equal(world.web().deployments[0]?.rolloutState, 'COMPLETED')
})

test('a container that dies after it ran is replaced for ever and trips no breaker', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'crash', afterSeconds: 20 }
  world.serve({ deploymentConfiguration: BREAKER })
  world.clock.advance(3600)

  assert.equal(world.web().deployments[0]?.rolloutState, 'IN_PROGRESS')
  assert.ok(messages(world).filter((message) => message.includes('has started')).length > 20)
})

test('starts that keep failing slow down to one in 27 minutes and speed up with a new task definition', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'cannot-pull' }
  world.serve()
  world.clock.advance(6 * 3600)
  const [newest, before] = world.web().events.filter(({ message }) => message.includes('has started'))
  const gapSeconds = ((newest?.createdAt.getTime() ?? 0) - (before?.createdAt.getTime() ?? 0)) / 1000
  assert.ok(gapSeconds >= 1620 && gapSeconds < 1680, `gap of ${gapSeconds} s`)
  assert.equal(messages(world).filter((message) => message.includes('unable to consistently start')).length, 1)

  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(200)
  assert.equal(world.web().deployments[0]?.rolloutState, 'COMPLETED')
})

for (const { desired, minimum, maximum, isBlocked } of [
  { desired: 2, minimum: 75, maximum: 100, isBlocked: true },
  { desired: 3, minimum: 100, maximum: 125, isBlocked: true },
  { desired: 4, minimum: 75, maximum: 100, isBlocked: false },
  { desired: 4, minimum: 100, maximum: 125, isBlocked: false },
]) {
  test(`${minimum}/${maximum} of ${desired} ${isBlocked ? 'blocks' : 'lets'} a deployment`, () => {
    const world = settledWorld(desired, {
      deploymentConfiguration: { minimumHealthyPercent: minimum, maximumPercent: maximum },
    })
    update(world, { taskDefinition: world.register('v2') })
    world.clock.advance(3600)

    const blocked = messages(world).filter((message) =>
      message.includes('because of the service deployment configuration'),
    )
    assert.equal(blocked.length, isBlocked ? 1 : 0)
    assert.equal(world.web().deployments[0]?.rolloutState, isBlocked ? 'IN_PROGRESS' : 'COMPLETED')
  })
}

test('a task stopped behind the scheduler’s back is replaced', () => {
  const world = settledWorld(2)
  const [victim = ''] = world.call('ListTasks', { cluster: 'main', serviceName: 'web' }).taskArns
  world.call('StopTask', { cluster: 'main', task: victim })
  assert.equal(world.web().runningCount, 1)
  world.clock.advance(120)

  assert.equal(world.web().runningCount, 2)
  assert.ok(!world.call('ListTasks', { cluster: 'main' }).taskArns.includes(victim))
})

test('a change of the desired count makes no deployment', () => {
  const world = settledWorld(2)
  const [before] = world.web().deployments
  update(world, { desiredCount: 5 })
  world.clock.advance(200)
  assert.equal(world.web().runningCount, 5)
  update(world, { desiredCount: 0 })
  world.clock.advance(200)

  const { runningCount, deployments } = world.web()
  assert.equal(runningCount, 0)
  assert.equal(deployments[0]?.id, before?.id)
  assert.equal(world.call('ListServiceDeployments', { cluster: 'main', service: 'web' }).serviceDeployments.length, 1)
})

test('a new rollout supersedes one under way, and a roll-back skips it', () => {
  const world = settledWorld(1, { deploymentConfiguration: BREAKER })
  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(20)
  world.images['v3'] = { type: 'cannot-pull' }
  update(world, { taskDefinition: world.register('v3') })
  world.clock.advance(900)

  const { serviceDeployments } = world.call('ListServiceDeployments', { cluster: 'main', service: 'web' })
  assert.deepEqual(
    serviceDeployments.map(({ status }) => status),
    ['ROLLBACK_SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'],
  )
  assert.match(world.web().taskDefinition, /:1$/)
})

test('a service that is steady says so again only after six hours', () => {
  const world = settledWorld(1)
  const steady = (): number => messages(world).filter((message) => message.includes('steady')).length
  assert.equal(steady(), 1)
  world.clock.advance(5 * 3600)
  assert.equal(steady(), 1)
  world.clock.advance(2 * 3600)
  assert.equal(steady(), 2)
})

test('an idle service wakes four times a day', () => {
  const world = settledWorld(1)
  let wakes = 0
  const end = world.clock.now() + 24 * 3600 * 1000
  for (let at = world.clock.nextAt(); at !== undefined && at <= end; at = world.clock.nextAt()) {
    world.clock.advance((at - world.clock.now()) / 1000)
    wakes += 1
  }
  assert.equal(wakes, 4)
})

test('at most a hundred events are kept, the newest first', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'crash', afterSeconds: 1 }
  world.serve()
  world.clock.advance(24 * 3600)

  const { events } = world.web()
  assert.equal(events.length, 100)
  assert.deepEqual(
    events,
    events.toSorted((left, right) => right.createdAt.getTime() - left.createdAt.getTime()),
  )
})

test('once a task has run, later failures to start do not trip the breaker', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'crash', afterSeconds: 20 }
  world.serve({ deploymentConfiguration: BREAKER })
  world.clock.advance(60)
  assert.equal(world.web().runningCount, 1)
  world.images['v1'] = { type: 'cannot-pull' }
  world.clock.advance(3600)

  const [primary] = world.web().deployments
  assert.deepEqual([primary?.rolloutState, primary?.failedTasks], ['IN_PROGRESS', 0])
})

for (const [resetOnHealthyTask, failures] of [
  [true, 0],
  [false, 2],
] as const) {
  test(`a healthy task ${resetOnHealthyTask ? 'resets' : 'leaves'} the count of failures`, () => {
    const deploymentCircuitBreaker = { enable: true, rollback: true, resetOnHealthyTask }
    const world = settledWorld(2, { deploymentConfiguration: { deploymentCircuitBreaker } })
    world.images['v2'] = { type: 'cannot-pull' }
    update(world, { taskDefinition: world.register('v2') })
    world.clock.advance(42)
    assert.equal(world.web().deployments[0]?.failedTasks, 2)
    world.images['v2'] = { type: 'run' }
    world.clock.advance(110)

    const [primary] = world.web().deployments
    assert.deepEqual([primary?.rolloutState, primary?.failedTasks], ['IN_PROGRESS', failures])
  })
}

test('a roll-back finds the last completed deployment also when none of its tasks is left', () => {
  const world = settledWorld(2, { deploymentConfiguration: { ...BREAKER, minimumHealthyPercent: 0 } })
  world.images['v2'] = { type: 'cannot-pull' }
  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(20)
  assert.equal(world.web().deployments[1]?.runningCount, 0)
  world.clock.advance(600)

  assert.match(world.web().taskDefinition, /:1$/)
  assert.equal(world.web().runningCount, 2)
})

test('failing health checks count only when the grace period is over', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'never-healthy' }
  world.serve({ taskDefinition: world.register('v1', CHECK), healthCheckGracePeriodSeconds: 300 })
  world.clock.advance(50 + 295)
  assert.deepEqual([world.web().events.length, world.web().deployments[0]?.failedTasks], [1, 0])
  world.clock.advance(20)

  // The replacement comes first: the maximum allows it.
  assert.deepEqual([world.web().events.length, world.web().deployments[0]?.failedTasks], [2, 1])
  assert.match(world.web().events[0]?.message ?? '', /has started 1 tasks/)
})
