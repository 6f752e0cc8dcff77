import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'
import { isFargateSize } from './size.ts'

const ROLE = 'arn:aws:iam::111122223333:role/execution'
const FARGATE = {
  family: 'app',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
} as const

function register(
  world: EcsWorld,
  input: Partial<RegisterTaskDefinitionRequest> = {},
  container: ContainerDefinition = {},
) {
  const containerDefinitions = [{ name: 'app', image: 'nginx', ...container }]
  return world.call('RegisterTaskDefinition', {
    ...FARGATE,
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions,
    ...input,
  }).taskDefinition
}

test('a registration is echoed with AWS’s own defaults', () => {
  const world = createEcsWorld()
  const definition = register(
    world,
    {},
    { portMappings: [{ containerPort: 80 }], healthCheck: { command: ['CMD', 'x'] } },
  )

  assert.equal(definition.taskDefinitionArn, 'arn:aws:ecs:eu-central-1:111122223333:task-definition/app:1')
  assert.equal(definition.status, 'ACTIVE')
  assert.deepEqual(definition.compatibilities, ['EC2', 'FARGATE', 'MANAGED_INSTANCES'])
  assert.deepEqual([definition.volumes, definition.placementConstraints], [[], []])
  assert.deepEqual(definition.containerDefinitions, [
    {
      name: 'app',
      image: 'nginx',
      cpu: 0,
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      essential: true,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      healthCheck: { command: ['CMD', 'x'], interval: 30, timeout: 5, retries: 3 },
    },
  ])
})

test('sizes in words become numbers', () => {
  const { cpu, memory } = register(createEcsWorld(), { cpu: '.5 vCPU'.replace('.5', '0.5'), memory: '1GB' })
  assert.deepEqual([cpu, memory], ['512', '1024'])
})

test('revision numbers are never used again', () => {
  const world = createEcsWorld()
  const first = register(world)
  world.call('DeregisterTaskDefinition', { taskDefinition: first.taskDefinitionArn })
  world.call('DeleteTaskDefinitions', { taskDefinitions: [first.taskDefinitionArn] })
  world.clock.advance(3600)
  assert.equal(register(world).revision, 2)
})

for (const [cpu, memory, isValid] of [
  [256, 512, true],
  [256, 1024, true],
  [256, 1536, false],
  [256, 2048, true],
  [256, 4096, false],
  [512, 512, false],
  [512, 4096, true],
  [1024, 8192, true],
  [1024, 9216, false],
  [2048, 16_384, true],
  [4096, 30_720, true],
  [4096, 31_744, false],
  [8192, 16_384, true],
  [8192, 17_408, false],
  [8192, 61_440, true],
  [16_384, 122_880, true],
  [16_384, 36_864, false],
  [300, 512, false],
] as const) {
  test(`Fargate ${isValid ? 'has' : 'has no'} size of ${cpu} units and ${memory} MiB`, () =>
    assert.equal(isFargateSize(cpu, memory), isValid))
}

const awslogs = (options: Record<string, string>): ContainerDefinition => ({
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'r', ...options } },
})

for (const [fact, input, container, message] of [
  ['bridge networking', { networkMode: 'bridge' }, {}, /awsvpc/],
  ['no cpu', { cpu: undefined }, {}, /'cpu' be defined at the task level/],
  ['no memory', { memory: undefined }, { memory: 128 }, /'memory' be defined at the task level/],
  ['a size that does not exist', { memory: '9999' }, {}, /No Fargate configuration exists for given values/],
  ['a size that is no number', { memory: 'lots' }, {}, /Invalid 'memory' setting/],
  [
    'an ECR image without execution role',
    {},
    { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/a:1' },
    /execution role ARN to support ECR images/,
  ],
  [
    'awslogs without execution role',
    {},
    awslogs({ 'awslogs-stream-prefix': 'p' }),
    /execution role ARN to support log driver awslogs/,
  ],
  ['secrets without execution role', {}, { secrets: [{ name: 'A', valueFrom: 'b' }] }, /executionRoleArn/],
  [
    'awslogs without a group',
    { executionRoleArn: ROLE },
    awslogs({ 'awslogs-group': '' }),
    /requires options: awslogs-group/,
  ],
  ['awslogs without a stream prefix', { executionRoleArn: ROLE }, awslogs({}), /awslogs-stream-prefix/],
  ['a log driver of instances', {}, { logConfiguration: { logDriver: 'journald' } }, /log driver journald/],
  [
    'another host port',
    {},
    { portMappings: [{ containerPort: 80, hostPort: 81 }] },
    /host ports and container ports in port mappings must match/,
  ],
  ['privileged containers', {}, { privileged: true }, /privileged/],
  ['a capability', {}, { linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }, /NET_ADMIN/],
  ['no containers', { containerDefinitions: [] }, {}, /Container list cannot be empty/],
  [
    'eleven containers',
    { containerDefinitions: Array.from({ length: 11 }, (_, index) => ({ name: `c${index}`, image: 'x' })) },
    {},
    /more than 10/,
  ],
  [
    'two containers of one name',
    {
      containerDefinitions: [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'y' },
      ],
    },
    {},
    /unique/,
  ],
  ['nothing essential', {}, { essential: false }, /essential/],
  ['no image', {}, { image: '' }, /image/],
  ['an unknown volume', {}, { mountPoints: [{ sourceVolume: 'v', containerPath: '/' }] }, /volume/],
  ['a check every second', {}, { healthCheck: { command: ['CMD', 'x'], interval: 1 } }, /interval/],
  ['containers that need more than the task has', {}, { cpu: 512 }, /exceeds the task's cpu/],
  ['little ephemeral storage', { ephemeralStorage: { sizeInGiB: 20 } }, {}, /Ephemeral storage/],
  ['a bad family', { family: 'a b' }, {}, /Family/],
] as const) {
  test(`RegisterTaskDefinition refuses ${fact}`, () => {
    const world = createEcsWorld()
    assert.throws(
      () => register(world, input as Partial<RegisterTaskDefinitionRequest>, container as ContainerDefinition),
      { code: 'ClientException', message },
    )
    assert.deepEqual(world.call('ListTaskDefinitions', {}).taskDefinitionArns, [])
  })
}

test('what Fargate cannot run is registered for instances only', () => {
  const definition = register(
    createEcsWorld(),
    { requiresCompatibilities: ['EC2'], networkMode: 'bridge', cpu: undefined, memory: undefined },
    { memory: 64 },
  )
  assert.deepEqual(definition.compatibilities, ['EC2', 'EXTERNAL'])
})

test('a family means its newest active revision', () => {
  const world = createEcsWorld()
  register(world)
  register(world)
  const describe = (taskDefinition: string) => world.call('DescribeTaskDefinition', { taskDefinition }).taskDefinition
  assert.equal(describe('app').revision, 2)
  world.call('DeregisterTaskDefinition', { taskDefinition: 'app:2' })
  assert.equal(describe('app').revision, 1)
  assert.equal(describe('app:2').status, 'INACTIVE')
  assert.throws(() => describe('app:3'), { code: 'ClientException', message: 'Unable to describe task definition.' })
  assert.throws(() => world.call('DeregisterTaskDefinition', { taskDefinition: 'app' }), {
    code: 'InvalidParameterException',
  })
})

test('familyPrefix is a whole family name, and revisions are in order of their numbers', () => {
  const world = createEcsWorld()
  for (let count = 0; count < 11; count++) register(world)
  register(world, { family: 'app-two' })
  const revisions = (input: object): (string | undefined)[] =>
    world.call('ListTaskDefinitions', input).taskDefinitionArns.map((arn) => arn.split('/').at(-1))
  assert.deepEqual(revisions({ familyPrefix: 'app', maxResults: 2 }), ['app:1', 'app:2'])
  assert.deepEqual(revisions({ familyPrefix: 'app', sort: 'DESC', maxResults: 2 }), ['app:11', 'app:10'])
  const { nextToken } = world.call('ListTaskDefinitions', { familyPrefix: 'app', sort: 'DESC', maxResults: 2 })
  assert.deepEqual(revisions({ familyPrefix: 'app', sort: 'DESC', maxResults: 2, nextToken }), ['app:9', 'app:8'])
  assert.deepEqual(world.call('ListTaskDefinitionFamilies', { familyPrefix: 'app' }).families, ['app', 'app-two'])
})

test('a deleted revision goes when nothing uses it any more', () => {
  const world = createEcsWorld()
  const taskDefinition = world.register('v1')
  world.serve({ taskDefinition })
  world.clock.advance(100)
  const [failure] = world.call('DeleteTaskDefinitions', { taskDefinitions: [taskDefinition] }).failures
  assert.match(failure?.reason ?? '', /ACTIVE status/)

  world.call('DeregisterTaskDefinition', { taskDefinition })
  world.call('DeleteTaskDefinitions', { taskDefinitions: [taskDefinition] })
  world.clock.advance(3600)
  assert.equal(world.call('DescribeTaskDefinition', { taskDefinition }).taskDefinition.status, 'DELETE_IN_PROGRESS')
  world.call('DeleteService', { cluster: 'main', service: 'web', force: true })
  world.clock.advance(120)
  assert.throws(() => world.call('DescribeTaskDefinition', { taskDefinition }), { code: 'ClientException' })
})
