import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { statusOf } from '../../src/reconciler/managed.ts'
import { createServiceWorld, serviceSpec } from '../support/service-world.ts'

const live = new AbortController().signal
const CALM_SECONDS = 600

type ServiceWorld = Awaited<ReturnType<typeof createServiceWorld>>

/** What the console would have made: a service of three tasks, three revisions, the middle one in use, a log group. */
async function worldWithService(changes: Readonly<Record<string, unknown>> = {}): Promise<ServiceWorld> {
  const world = await createServiceWorld()
  const { aws } = world
  const { ecsTaskDefinitions, ecsServices, logs } = aws.session
  aws.simulator.setPermissions({})
  await aws.drive(logs.createLogGroup({ name: '/ecs/shop', tags: { team: 'shop' } }, live))
  const register = (image: string) =>
    aws.drive(ecsTaskDefinitions.register({ family: 'shop', content: contentWith(image), tags: {} }, live))
  await register('shop:0')
  const taskDefinition = await register('shop:1')
  await register('shop:1')
  await aws.drive(
    ecsServices.createService(
      {
        cluster: 'main',
        serviceName: 'shop',
        taskDefinition,
        launchType: 'FARGATE',
        desiredCount: 3,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2', 'subnet-1'] } },
        tags: { team: 'shop' },
        ...changes,
      },
      live,
    ),
  )
  await aws.advance(CALM_SECONDS)
  world.newWrites()
  return world
}

function contentWith(image: string) {
  const options = {
    'awslogs-group': '/ecs/shop',
    'awslogs-region': 'eu-central-1',
    'awslogs-stream-prefix': 'ecs',
  }
  return {
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecs-execution',
    containerDefinitions: [
      {
        name: 'shop',
        image,
        portMappings: [{ containerPort: 80, protocol: 'tcp' }],
        environment: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
        logConfiguration: { logDriver: 'awslogs', options },
      },
    ],
  } as const
}

/** The same as a person would write it down: without what AWS fills in, in another order. */
function specWith(image: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [container] = contentWith(image).containerDefinitions
  return serviceSpec(image, {
    serviceName: 'shop',
    taskDefinition: {
      family: 'shop',
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/ecs-execution',
      containerDefinitions: [
        {
          ...container,
          portMappings: [{ containerPort: 80 }],
          environment: [...container.environment].reverse(),
        },
      ],
    },
    deploymentConfiguration: { minimumHealthyPercent: 100 },
    ...changes,
  })
}

const adopt = { 'longshore.dev/adopt': 'true' }
const accept = { 'longshore.dev/adopt': 'accept' }

const revisionsOf = ({ status }: ServiceWorld): string | undefined => status().revision
const originsOf = ({ object }: ServiceWorld) =>
  (statusOf(object()).inventory ?? []).map(({ type, origin }) => `${type} ${origin}`).toSorted()
const summariesOf = ({ object }: ServiceWorld) => (statusOf(object()).plan ?? []).map(({ summary }) => summary)

describe('a running service that nobody owns', () => {
  test('is not touched unless its object asks for it', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1', { desiredCount: 3 }))

    await world.run(CALM_SECONDS)

    assert.equal(world.ready()?.reason, 'ForeignResource')
    assert.deepEqual(world.newWrites(), [])
  })

  test('is taken over by tags alone, with the revision that it runs, when the spec says what it is', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1'), adopt)

    await world.run(CALM_SECONDS)

    assert.deepEqual(world.newWrites(), ['TagResource', 'TagResource'])
    assert.equal(world.ready()?.status, 'True')
    assert.equal(revisionsOf(world), 'shop:2')
    assert.deepEqual(originsOf(world), ['ecs-service Adopted', 'ecs-task-definition Adopted'])
    assert.equal(statusOf(world.object()).plan, undefined)
    world.restart()
    await world.run(CALM_SECONDS)
    assert.deepEqual(world.newWrites(), [])
  })

  test('keeps its count where the spec says none, in the spec as well', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1'), adopt)

    await world.run(60)

    assert.equal(Reflect.get(Object(world.object().spec), 'desiredCount'), 3)
    assert.equal(world.status().desiredCount, 3)
  })

  test('shows what would change and changes nothing until that is accepted', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:2', { desiredCount: 2, tags: [{ key: 'team', value: 'blue' }] }), adopt)

    await world.run(CALM_SECONDS)
    world.restart()
    await world.run(CALM_SECONDS)

    assert.deepEqual(world.newWrites(), ['TagResource'])
    assert.equal(world.ready()?.reason, 'AdoptionPending')
    assert.deepEqual(summariesOf(world), [
      'register a revision of task definition shop',
      'scale from 3 to 2 tasks',
      'set tags team',
      'roll out the new task definition',
    ])

    world.apply(specWith('shop:2', { desiredCount: 2, tags: [{ key: 'team', value: 'blue' }] }), accept)
    await world.run(CALM_SECONDS)

    assert.equal(world.ready()?.status, 'True')
    assert.deepEqual(originsOf(world), ['ecs-service Adopted', 'ecs-task-definition Adopted'])
    assert.equal(revisionsOf(world), 'shop:4')
  })

  test('is taken over without a word of acceptance once the spec says what it is', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1', { desiredCount: 2 }), adopt)
    await world.run(CALM_SECONDS)
    assert.deepEqual(summariesOf(world), ['scale from 3 to 2 tasks'])
    world.newWrites()

    world.apply(specWith('shop:1', { desiredCount: 3 }), adopt)
    await world.run(CALM_SECONDS)

    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.status, 'True')
    assert.deepEqual(originsOf(world), ['ecs-service Adopted', 'ecs-task-definition Adopted'])
  })

  test('that waits for acceptance is given back when its object goes', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1', { desiredCount: 2 }), adopt)
    await world.run(CALM_SECONDS)

    await world.remove()
    await world.run(CALM_SECONDS)

    assert.ok(world.isGone())
    assert.deepEqual(world.newWrites(), ['TagResource', 'TagResource', 'UntagResource', 'UntagResource'])
  })

  test('that waits for acceptance is not changed after its status was lost', async () => {
    const world = await worldWithService()
    world.apply(specWith('shop:1', { desiredCount: 2 }), adopt)
    await world.run(CALM_SECONDS)
    world.newWrites()

    await world.loseStatus()
    world.restart()
    await world.run(CALM_SECONDS)

    assert.deepEqual(world.newWrites(), [])
    assert.equal(world.ready()?.reason, 'AdoptionPending')
  })

  test("keeps running when its object goes, also when status was lost, and is nobody's again", async () => {
    for (const isLost of [false, true]) {
      const world = await worldWithService()
      world.apply(specWith('shop:1'), adopt)
      await world.run(CALM_SECONDS)
      if (isLost) await world.loseStatus()

      await world.remove()
      await world.run(CALM_SECONDS)

      assert.ok(world.isGone())
      assert.deepEqual(world.newWrites().slice(2), ['UntagResource', 'UntagResource'])
      const { ecs } = world.aws.simulator.countLive()
      assert.deepEqual([ecs?.['services'], ecs?.['tasks'], ecs?.['taskDefinitions']], [1, 3, 3])
      assert.ok(!JSON.stringify(world.aws.simulator.dump()).includes('longshore.dev/name'))
    }
  })
})

test('a log group that nobody owns is taken over together with its service, and only then changed', async () => {
  const world = await createServiceWorld()
  const { logs } = world.aws.session
  await world.aws.drive(logs.createLogGroup({ name: '/longshore/demo/hello', tags: { team: 'shop' } }, live))
  const spec = serviceSpec('app:v1', { logGroup: { retentionInDays: 14 } })
  world.apply(spec)
  await world.run(CALM_SECONDS)
  assert.deepEqual(world.newWrites().slice(1), ['RegisterTaskDefinition', 'CreateService'])

  world.apply(spec, adopt)
  await world.run(CALM_SECONDS)
  assert.deepEqual(world.newWrites(), ['TagResource'])
  assert.deepEqual(summariesOf(world), ['keep the events of log group /longshore/demo/hello for 14 days'])

  world.apply(spec, accept)
  await world.run(CALM_SECONDS)
  assert.deepEqual(world.newWrites(), ['PutRetentionPolicy'])
  assert.deepEqual(originsOf(world), ['ecs-service Created', 'ecs-task-definition Created', 'log-group Adopted'])
})
