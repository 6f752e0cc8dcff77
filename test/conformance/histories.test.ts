import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createServiceWorld, serviceSpec } from '../support/service-world.ts'

const signal = new AbortController().signal
const ROLLOUT_SECONDS = 600
const service = { cluster: 'main', service: 'demo_hello' }
const LOG_GROUP = '/longshore/demo/hello'

type ServiceWorld = Awaited<ReturnType<typeof createServiceWorld>>

/** A world in which `app:v1` runs. */
async function runningWorld(changes: Readonly<Record<string, unknown>> = {}): Promise<ServiceWorld> {
  const world = await createServiceWorld({ 'app:bad': { type: 'cannot-pull' }, 'app:worse': { type: 'cannot-pull' } })
  world.apply(serviceSpec('app:v1', changes))
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.status, 'True')
  world.newWrites()
  return world
}

/** Stale reads can go back to what is from now on; without this, only to the first fault. */
function recordThePast(world: ServiceWorld): void {
  world.fault({ operation: 'none', effect: { type: 'stale-read', seconds: 1 } })
}

function countsOf(world: ServiceWorld) {
  return { spec: Reflect.get(Object(world.object().spec), 'desiredCount'), running: world.status().runningCount }
}

/** Live things of ours in ECS and Logs; the cluster is the user's. */
function leftovers({ aws }: ServiceWorld): Readonly<Record<string, number | undefined>> {
  const { ecs, logs } = aws.simulator.countLive()
  const { services, tasks, taskDefinitions } = ecs ?? {}
  return { services, tasks, taskDefinitions, logGroups: logs?.['logGroups'] }
}

describe('a service whose status was lost', () => {
  test('and whose reads are throttled for a pass is still deleted completely', async () => {
    const world = await runningWorld()
    await world.loseStatus()
    world.fault({ operation: 'DescribeServices', count: 1, effect: { type: 'throttle' } })
    await world.pass()

    await world.remove()
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(leftovers(world), { services: 0, tasks: 0, taskDefinitions: 0, logGroups: 1 })
  })

  test('right after it was made, while listings do not show it yet, is deleted completely', async () => {
    const world = await createServiceWorld()
    recordThePast(world)
    world.apply(serviceSpec('app:v1'))
    await world.pass()
    await world.loseStatus()
    for (const operation of ['ListServices', 'ListTaskDefinitionFamilies']) {
      world.fault({ operation, count: 1, effect: { type: 'stale-read', seconds: 10 } })
    }

    await world.remove()
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(leftovers(world), { services: 0, tasks: 0, taskDefinitions: 0, logGroups: 1 })
  })

  test('keeps its log group when it is deleted and its spec cannot be read any more', async () => {
    const world = await runningWorld()
    await world.loseStatus()
    world.apply({ nonsense: true })

    await world.remove()
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(leftovers(world), { services: 0, tasks: 0, taskDefinitions: 0, logGroups: 1 })
  })

  test('while its log group left the spec releases the group all the same', async () => {
    const world = await runningWorld()
    await world.loseStatus()
    const containerDefinitions = [{ name: 'hello', image: 'app:v1', portMappings: [{ containerPort: 80 }] }]
    world.apply(serviceSpec('app:v1', { taskDefinition: { cpu: '256', memory: '512', containerDefinitions } }))

    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    const { logs } = world.aws.session
    const group = (await world.aws.drive(logs.readLogGroup(LOG_GROUP, signal))) ?? assert.fail('the events are lost')
    assert.deepEqual(await world.aws.drive(logs.readTags(group.arn, signal)), {})
  })

  test('after a rollout failed in place rolls an edit out', async () => {
    const world = await runningWorld()
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } }
    world.apply(serviceSpec('app:bad', { deploymentConfiguration }))
    await world.run(2 * ROLLOUT_SECONDS)
    assert.equal(world.ready()?.reason, 'RolloutFailed')

    await world.loseStatus()
    world.apply(serviceSpec('app:v2', { deploymentConfiguration }))
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
  })
})

describe('a service that AWS shows as it was', () => {
  test('after a change is not changed over and over', async () => {
    const world = await runningWorld()
    world.fault({ operation: 'DescribeServices', count: 20, effect: { type: 'stale-read', seconds: 15 } })

    world.apply(serviceSpec('app:v1', { desiredCount: 3 }))
    await world.run(10)

    assert.ok(world.newWrites().length <= 5)
  })

  test('as absent right after it was made does not let its object go', async () => {
    const world = await createServiceWorld()
    recordThePast(world)
    world.apply(serviceSpec('app:v1'))
    await world.pass()
    world.fault({ operation: 'DescribeServices', count: 3, effect: { type: 'stale-read', seconds: 10 } })
    world.fault({ operation: 'ListTaskDefinitions', count: 3, effect: { type: 'stale-read', seconds: 10 } })
    await world.remove()

    await world.pass()
    assert.ok(!world.isGone())
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(leftovers(world), { services: 0, tasks: 0, taskDefinitions: 0, logGroups: 1 })
  })
})

describe('an operator that comes back with a cache that lags behind', () => {
  test('does not roll back to the template that the cache still shows', async () => {
    const world = await runningWorld()
    const old = world.object()
    world.apply(serviceSpec('app:v2'))
    await world.run(ROLLOUT_SECONDS)
    world.newWrites()

    world.showCached(old)
    world.restart()
    await world.pass()
    await world.pass()
    world.thawCache()
    await world.run(ROLLOUT_SECONDS)

    assert.deepEqual(world.newWrites(), [])
  })
})

describe('Service Connect of a service', () => {
  test('gets another log level of its proxy by a rollout, and rests', async () => {
    const withLevel = (logLevel: string) => ({
      serviceConnectConfiguration: { enabled: true, namespace: 'shop', containerConfigurations: [{ logLevel }] },
    })
    const world = await runningWorld(withLevel('debug'))

    world.apply(serviceSpec('app:v1', withLevel('info')))
    await world.run(ROLLOUT_SECONDS)
    assert.deepEqual(world.newWrites(), ['UpdateService'])
    assert.equal(world.ready()?.status, 'True')
    await world.run(ROLLOUT_SECONDS)

    const seen = await world.aws.drive(world.aws.session.ecsServices.readService(service, signal))
    const { containerConfigurations } = seen?.template.serviceConnectConfiguration ?? {}
    assert.deepEqual([containerConfigurations, world.newWrites()], [[{ logLevel: 'info' }], []])
  })
})

describe('tags of a service', () => {
  test('that left the spec go, also when the first try to remove them is throttled', async () => {
    const world = await runningWorld({
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'old', value: '1' },
      ],
    })
    world.fault({ operation: 'UntagResource', count: 1, effect: { type: 'throttle' } })

    world.apply(serviceSpec('app:v1', { tags: [{ key: 'team', value: 'blue' }] }))
    await world.run(60)

    const state = await world.aws.drive(world.aws.session.ecsServices.readService(service, signal))
    assert.equal(state?.tags['old'], undefined)
  })
})

describe('a service that others scale', () => {
  test('gets the count of a new one filled in once', async () => {
    const world = await runningWorld()

    assert.deepEqual(countsOf(world), { spec: 1, running: 1 })
  })

  test('keeps its tasks when it is applied anew without a count, also to another cluster', async () => {
    for (const isMoved of [false, true]) {
      const world = await runningWorld()
      world.apply(serviceSpec('app:v1', { desiredCount: 3 }))
      await world.run(ROLLOUT_SECONDS)
      world.newWrites()
      if (isMoved) await world.loseObject()

      world.apply(serviceSpec('app:v1'))
      await world.run(ROLLOUT_SECONDS)

      assert.deepEqual(world.newWrites(), [])
      assert.deepEqual(countsOf(world), { spec: 3, running: 3 })
    }
  })

  test('is not filled in where its count is ignored', async () => {
    const world = await runningWorld({ desiredCount: 2 })
    const { aws } = world
    world.apply(serviceSpec('app:v1', { desiredCount: 2 }), { 'longshore.dev/ignore': 'desiredCount' })
    await aws.drive(aws.session.ecsServices.updateService({ ...service, desiredCount: 4 }, signal))
    await world.run(ROLLOUT_SECONDS)

    assert.deepEqual(countsOf(world), { spec: 2, running: 4 })
  })
})

describe('a service whose family of task definitions was renamed past the API server', () => {
  test('is refused that, and scales and keeps its log events as it is told', async () => {
    const world = await runningWorld({ logGroup: { retentionInDays: 7 } })
    const { taskDefinition } = serviceSpec('app:v2')
    const renamed = { ...Object(taskDefinition), family: 'another' }

    world.apply(serviceSpec('app:v2', { taskDefinition: renamed, desiredCount: 3, logGroup: { retentionInDays: 14 } }))
    await world.run(ROLLOUT_SECONDS)

    assert.deepEqual(world.newWrites(), ['PutRetentionPolicy', 'UpdateService'])
    assert.equal(world.ready()?.reason, 'ImmutableField')
    assert.deepEqual(countsOf(world), { spec: 3, running: 3 })
    assert.equal(world.status().revision, 'demo_hello:1')
  })
})

describe('a service whose log group cannot be read', () => {
  test('writes nothing to Kubernetes while its rollout is held, and still scales', async () => {
    const world = await runningWorld()
    world.fault({ operation: 'DescribeLogGroups', effect: { type: 'denied' } })
    world.apply(serviceSpec('app:v2', { desiredCount: 2 }))
    await world.run(60)
    assert.deepEqual(world.newWrites(), ['UpdateService'])
    await world.run(ROLLOUT_SECONDS)
    const before = world.kubernetesWrites()

    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.kubernetesWrites(), before)
    assert.equal(world.status().runningCount, 2)
    assert.equal(world.ready()?.reason, 'AccessDenied')
    assert.match(world.ready()?.message ?? '', /logs:DescribeLogGroups/)
  })
})

describe('a service of the same name that somebody else makes', () => {
  async function takenWorld(): Promise<ServiceWorld> {
    const world = await runningWorld()
    const { ecsServices } = world.aws.session
    const { taskDefinitionArn = '' } = world.status()
    await world.aws.drive(ecsServices.deleteService(service, signal))
    await world.aws.advance(120)
    const template = {
      taskDefinition: taskDefinitionArn,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } },
    }
    const foreign = {
      cluster: service.cluster,
      serviceName: service.service,
      launchType: 'FARGATE',
      desiredCount: 1,
    } as const
    await world.aws.drive(ecsServices.createService({ ...foreign, ...template, tags: {} }, signal))
    world.newWrites()
    return world
  }

  test('is not touched, and the object says so', async () => {
    const world = await takenWorld()

    await world.run(ROLLOUT_SECONDS)

    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.reason, 'ForeignResource')
  })

  test('stays when the object goes, which is not held up by it', async () => {
    const world = await takenWorld()

    await world.remove()
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.equal(leftovers(world)['services'], 1)
    assert.ok(!world.newWrites().includes('DeleteService'))
  })
})

describe('a service that is edited while it rolls out', () => {
  test('goes on to the newest template', async () => {
    const world = await runningWorld()
    world.apply(serviceSpec('app:v2'))
    await world.run(20)

    world.apply(serviceSpec('app:v3'))
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:3')
    assert.deepEqual(world.newWrites(), [
      'RegisterTaskDefinition',
      'UpdateService',
      'RegisterTaskDefinition',
      'UpdateService',
    ])
  })

  test('goes back without a new revision', async () => {
    const world = await runningWorld()
    world.apply(serviceSpec('app:v2'))
    await world.run(20)

    world.apply(serviceSpec('app:v1'))
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:1')
    assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'UpdateService', 'UpdateService'])
  })

  test('leaves a template that is failing at once', async () => {
    const world = await runningWorld()
    world.apply(serviceSpec('app:bad'))
    await world.run(60)

    world.apply(serviceSpec('app:v2'))
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:3')
  })

  test('or while it is rolled back goes on to the edit', async () => {
    const world = await runningWorld({ desiredCount: 2 })
    world.apply(serviceSpec('app:bad', { desiredCount: 2 }))
    while (world.ready()?.reason !== 'RollingBack') await world.run(5)

    world.apply(serviceSpec('app:v2', { desiredCount: 2 }))
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.equal(world.status().revision, 'demo_hello:3')
  })

  test('or loses its status meanwhile is not rolled out twice', async () => {
    const world = await runningWorld()
    world.apply(serviceSpec('app:v2'))
    await world.run(20)

    await world.loseStatus()
    world.restart()
    await world.run(ROLLOUT_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'UpdateService'])
  })

  test('or is deleted meanwhile goes completely', async () => {
    const world = await runningWorld()
    world.apply(serviceSpec('app:v2'))
    await world.run(20)

    await world.remove()
    await world.run(ROLLOUT_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(leftovers(world), { services: 0, tasks: 0, taskDefinitions: 0, logGroups: 1 })
  })
})

test('a service that was deleted is made again under its name, and writes to the log group that stayed', async () => {
  const world = await runningWorld()
  await world.remove()
  await world.run(ROLLOUT_SECONDS)
  assert.ok(world.isGone())
  world.newWrites()

  world.apply(serviceSpec('app:v1'))
  await world.run(ROLLOUT_SECONDS)

  assert.equal(world.ready()?.status, 'True')
  assert.deepEqual(world.newWrites(), ['RegisterTaskDefinition', 'CreateService'])
})

test('the retention of a log group that stayed is changed only once that group is taken over, and the object says so', async () => {
  const world = await runningWorld({ logGroup: { retentionInDays: 7 } })
  await world.remove()
  await world.run(ROLLOUT_SECONDS)
  const same = serviceSpec('app:v1', { logGroup: { retentionInDays: 7 } })
  world.apply(same)
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.status, 'True')
  world.newWrites()

  const other = serviceSpec('app:v1', { logGroup: { retentionInDays: 3 }, desiredCount: 2 })
  world.apply(other)
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.reason, 'ForeignResource')
  assert.match(world.ready()?.message ?? '', /^spec\.logGroup\.retentionInDays: .* longshore\.dev\/adopt: "true"/)
  assert.deepEqual([world.newWrites(), world.status().runningCount], [['UpdateService'], 2])

  world.apply(other, { 'longshore.dev/adopt': 'accept' })
  await world.run(ROLLOUT_SECONDS)
  assert.deepEqual(world.newWrites(), ['TagResource', 'PutRetentionPolicy'])
  assert.equal(world.ready()?.status, 'True')
})

test('a service that was rolled back leaves alone what somebody rolls out from the console', async () => {
  const world = await runningWorld()
  world.apply(serviceSpec('app:bad'))
  await world.run(ROLLOUT_SECONDS)
  assert.equal(world.ready()?.reason, 'RolledBack')
  const { ecsServices, ecsTaskDefinitions } = world.aws.session
  const content = { cpu: '256', memory: '512', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } as const
  const containerDefinitions = [{ name: 'hello', image: 'app:hotfix', essential: true }]
  const revision = { family: 'console', content: { ...content, containerDefinitions }, tags: {} }
  const taskDefinition = await world.aws.drive(ecsTaskDefinitions.register(revision, signal))
  await world.aws.drive(ecsServices.updateService({ ...service, taskDefinition }, signal))
  world.newWrites()

  await world.run(30)
  assert.match(world.status().waitingFor?.message ?? '', /^Somebody started rollout/)
  await world.run(ROLLOUT_SECONDS)

  assert.deepEqual(world.newWrites(), [])
  assert.equal(world.status().revision, 'console:1')
  assert.match(world.ready()?.message ?? '', /the service runs console:1/)
})

test('an edit back to a template that failed, from another that failed too, tries it exactly once more', async () => {
  const world = await runningWorld()
  for (const image of ['app:bad', 'app:worse']) {
    world.apply(serviceSpec(image))
    await world.run(ROLLOUT_SECONDS)
    assert.equal(world.ready()?.reason, 'RolledBack')
  }
  world.newWrites()

  world.apply(serviceSpec('app:bad'))
  await world.run(3 * ROLLOUT_SECONDS)

  assert.deepEqual(world.newWrites(), ['UpdateService'])
  assert.match(world.ready()?.message ?? '', /rollout of demo_hello:2 /)
})
