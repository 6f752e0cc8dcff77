import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerDefinition, RunTaskRequest } from '@aws-sdk/client-ecs'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'
import { ecr } from '../../ecr/index.ts'
import { logs } from '../../logs/index.ts'

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } }
const SECRET_FREE_ROLE = 'arn:aws:iam::111122223333:role/execution'

function runOne(world: EcsWorld, input: Partial<RunTaskRequest> = {}): string {
  world.call('CreateCluster', { clusterName: 'main' })
  const request = {
    cluster: 'main',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    taskDefinition: 'app',
  } as const
  return world.call('RunTask', { ...request, ...input }).tasks[0]?.taskArn ?? ''
}

function describe(world: EcsWorld, arn: string) {
  const [task] = world.call('DescribeTasks', { cluster: 'main', tasks: [arn], include: ['TAGS'] }).tasks
  assert.ok(task, `${arn} is missing`)
  return task
}

/** Statuses of a task with the seconds at which each is first seen. */
function path(world: EcsWorld, arn: string, seconds: number): (readonly [number, string])[] {
  const seen: [number, string][] = [[0, describe(world, arn).lastStatus]]
  for (let second = 1; second <= seconds; second++) {
    world.clock.advance(1)
    const { lastStatus } = describe(world, arn)
    if (lastStatus !== seen.at(-1)?.[1]) seen.push([second, lastStatus])
  }
  return seen
}

function registerContainers(world: EcsWorld, containerDefinitions: ContainerDefinition[]): void {
  world.call('RegisterTaskDefinition', {
    family: 'app',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: SECRET_FREE_ROLE,
    containerDefinitions,
  })
}

test('a task goes through the documented states in order', () => {
  const world = createEcsWorld()
  world.register('v1')
  const arn = runOne(world)
  assert.deepEqual(path(world, arn, 60), [
    [0, 'PROVISIONING'],
    [15, 'PENDING'],
    [35, 'ACTIVATING'],
    [45, 'RUNNING'],
  ])

  world.call('StopTask', { cluster: 'main', task: arn, reason: 'enough' })
  assert.deepEqual(path(world, arn, 60), [
    [0, 'DEACTIVATING'],
    [10, 'STOPPING'],
    [15, 'DEPROVISIONING'],
    [40, 'STOPPED'],
  ])
  const { stopCode, stoppedReason, desiredStatus, containers, attachments } = describe(world, arn)
  assert.deepEqual(
    { stopCode, stoppedReason, desiredStatus },
    { stopCode: 'UserInitiated', stoppedReason: 'enough', desiredStatus: 'STOPPED' },
  )
  assert.deepEqual([containers[0]?.lastStatus, containers[0]?.exitCode], ['STOPPED', 0])
  assert.equal(attachments[0]?.status, 'DELETED')
})

test('a stopped task is described for an hour, then it is missing', () => {
  const world = createEcsWorld()
  world.register('v1')
  const arn = runOne(world)
  world.call('StopTask', { cluster: 'main', task: arn })
  world.clock.advance(25 + 3599)
  assert.equal(describe(world, arn).lastStatus, 'STOPPED')
  world.clock.advance(1)

  const { tasks, failures } = world.call('DescribeTasks', { cluster: 'main', tasks: [arn] })
  assert.deepEqual({ tasks, failures }, { tasks: [], failures: [{ arn, reason: 'MISSING' }] })
})

test('a running task has an interface in its subnet', () => {
  const world = createEcsWorld()
  world.register('v1')
  const arn = runOne(world)
  world.clock.advance(60)

  const [attachment] = describe(world, arn).attachments
  const details = Object.fromEntries(attachment?.details.map(({ name, value }) => [name, value]) ?? [])
  assert.deepEqual([attachment?.type, attachment?.status], ['ElasticNetworkInterface', 'ATTACHED'])
  assert.equal(details['subnetId'], 'subnet-1')
  assert.match(details['networkInterfaceId'] ?? '', /^eni-0[0-9a-f]{16}$/)
  assert.match(details['macAddress'] ?? '', /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
  assert.match(details['privateIPv4Address'] ?? '', /^10(\.\d{1,3}){3}$/)
})

for (const { fact, image, stopCode, reason, everRan } of [
  {
    fact: 'an image that cannot be pulled stops the task before it runs',
    image: { type: 'cannot-pull' },
    stopCode: 'TaskFailedToStart',
    reason: /^CannotPullContainerError: /,
    everRan: false,
  },
  {
    fact: 'a container that exits at once stops the task before it runs',
    image: { type: 'crash', exitCode: 3 },
    stopCode: 'EssentialContainerExited',
    reason: /^Essential container in task exited$/,
    everRan: false,
  },
  {
    fact: 'a container that exits later stops the running task',
    image: { type: 'crash', afterSeconds: 20, exitCode: 3 },
    stopCode: 'EssentialContainerExited',
    reason: /^Essential container in task exited$/,
    everRan: true,
  },
] as const) {
  test(fact, () => {
    const world = createEcsWorld()
    world.images['v1'] = image
    world.register('v1')
    const arn = runOne(world)
    world.clock.advance(200)

    const task = describe(world, arn)
    assert.equal(task.lastStatus, 'STOPPED')
    assert.equal(task.stopCode, stopCode)
    assert.match(task.stoppedReason, reason)
    assert.equal('startedAt' in task, everRan)
    assert.equal(task.containers[0]?.exitCode, image.type === 'crash' ? 3 : undefined)
  })
}

test('a restart policy keeps a container up that ran long enough, and only then', () => {
  for (const [afterSeconds, exitCode, lastStatus] of [
    [310, 1, 'RUNNING'],
    [290, 1, 'STOPPED'],
    [310, 0, 'STOPPED'],
  ] as const) {
    const world = createEcsWorld()
    world.images['v1'] = { type: 'crash', afterSeconds, exitCode }
    registerContainers(world, [{ name: 'app', image: 'v1', restartPolicy: { enabled: true, ignoredExitCodes: [0] } }])
    const arn = runOne(world)
    world.clock.advance(600)
    assert.equal(describe(world, arn).lastStatus, lastStatus)
  }
})

test('the exit of a container that is not essential leaves the task alone', () => {
  const world = createEcsWorld()
  world.images['side'] = { type: 'crash', afterSeconds: 5, exitCode: 9 }
  registerContainers(world, [
    { name: 'app', image: 'v1' },
    { name: 'side', image: 'side', essential: false },
  ])
  const arn = runOne(world)
  world.clock.advance(100)

  const { lastStatus, containers } = describe(world, arn)
  assert.equal(lastStatus, 'RUNNING')
  assert.deepEqual(
    containers.map(({ exitCode }) => exitCode),
    [undefined, 9],
  )
})

test('container health is known after the first check, or after all retries failed', () => {
  const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 4, startPeriod: 20 }
  for (const [type, first, after] of [
    ['run', 'HEALTHY', 10],
    ['never-healthy', 'UNHEALTHY', 60],
  ] as const) {
    const world = createEcsWorld()
    world.images['v1'] = { type }
    world.register('v1', healthCheck)
    const arn = runOne(world)
    world.clock.advance(45 + after - 1)
    assert.equal(describe(world, arn).healthStatus, 'UNKNOWN')
    world.clock.advance(1)
    assert.equal(describe(world, arn).healthStatus, first)
  }
})

const logsTo = (group: string, options: Record<string, string> = {}): ContainerDefinition => ({
  name: 'app',
  image: 'v1',
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': group, 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs', ...options },
  },
})

for (const { fact, group, options, lastStatus } of [
  { fact: 'a missing log group keeps a task from starting', group: 'absent', options: {}, lastStatus: 'STOPPED' },
  { fact: 'a log group that is there lets a task start', group: 'there', options: {}, lastStatus: 'RUNNING' },
  {
    fact: 'awslogs-create-group makes the group',
    group: 'absent',
    options: { 'awslogs-create-group': 'true' },
    lastStatus: 'RUNNING',
  },
]) {
  test(fact, () => {
    const world = createEcsWorld()
    world.peer(logs).groups['there'] = {
      name: 'there',
      arn: 'arn',
      createdAtMs: 0,
      class: 'STANDARD',
      tags: {},
      streams: {},
    }
    registerContainers(world, [logsTo(group, options)])
    const arn = runOne(world)
    world.clock.advance(100)

    const task = describe(world, arn)
    assert.equal(task.lastStatus, lastStatus)
    if (lastStatus === 'STOPPED')
      assert.match(task.stoppedReason, /^ResourceInitializationError: .*log group does not exist/)
    else assert.ok(`ecs/app/${arn.split('/').at(-1)}` in (world.peer(logs).groups[group]?.streams ?? {}))
  })
}

test('an image of the account’s own registry must have been pushed', () => {
  const image = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop:1'
  const world = createEcsWorld()
  registerContainers(world, [{ name: 'app', image }])
  const before = runOne(world)
  world.clock.advance(100)
  assert.match(describe(world, before).stoppedReason, /^CannotPullContainerError: /)

  const pushed = { digest: 'sha256:1', manifest: '{}', mediaType: 'm', sizeBytes: 1, pushedAtMs: 0, tags: ['1'] }
  world.peer(ecr).repositories['shop'] = {
    name: 'shop',
    arn: 'arn',
    uri: 'uri',
    registryId: '111122223333',
    createdAtMs: 0,
    encryption: { encryptionType: 'AES256' },
    mutability: 'MUTABLE',
    exclusionFilters: [],
    scanOnPush: false,
    tags: {},
    images: [pushed],
  }
  const after = runOne(world)
  world.clock.advance(100)
  assert.equal(describe(world, after).lastStatus, 'RUNNING')
})

test('a client token runs tasks once', () => {
  const world = createEcsWorld()
  world.register('v1')
  const first = runOne(world, { clientToken: 'once' })
  assert.equal(runOne(world, { clientToken: 'once' }), first)
  assert.throws(() => runOne(world, { clientToken: 'once', count: 2 }), {
    code: 'ConflictException',
    members: { resourceIds: [first] },
  })
  assert.equal(world.call('ListTasks', { cluster: 'main' }).taskArns.length, 1)
})

for (const { fact, input, code, message } of [
  { fact: 'eleven tasks', input: { count: 11 }, code: 'InvalidParameterException', message: /between 1 and 10/ },
  {
    fact: 'tags of a service',
    input: { propagateTags: 'SERVICE' },
    code: 'InvalidParameterException',
    message: /propagateTags/,
  },
  {
    fact: 'an unknown task definition',
    input: { taskDefinition: 'nothing' },
    code: 'ClientException',
    message: /TaskDefinition not found/,
  },
  {
    fact: 'an override of an unknown container',
    input: { overrides: { containerOverrides: [{ name: 'x' }] } },
    code: 'InvalidParameterException',
    message: /container named x is not/,
  },
  {
    fact: 'no network',
    input: { networkConfiguration: {} },
    code: 'InvalidParameterException',
    message: /Network Configuration must be provided/,
  },
  {
    fact: 'seventeen subnets',
    input: { networkConfiguration: { awsvpcConfiguration: { subnets: Array.from({ length: 17 }, String) } } },
    code: 'InvalidParameterException',
    message: /subnets can have at most 16/,
  },
  {
    fact: 'a platform that was retired',
    input: { platformVersion: '1.3.0' },
    code: 'PlatformUnknownException',
    message: /platform/,
  },
  {
    fact: 'a provider that the cluster does not have',
    input: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
    code: 'InvalidParameterException',
    message: /not associated with the cluster/,
  },
  {
    fact: 'a launch type that is not modelled',
    input: { launchType: 'EC2' },
    code: 'UnsupportedBySimulator',
    message: /EC2/,
  },
] as const) {
  test(`RunTask refuses ${fact}`, () => {
    const world = createEcsWorld()
    world.register('v1')
    assert.throws(() => runOne(world, input as Partial<RunTaskRequest>), { code, message })
    assert.equal(world.call('ListTasks', { cluster: 'main' }).taskArns.length, 0)
  })
}

test('tasks are listed by what they were started for', () => {
  const world = createEcsWorld()
  world.serve({ desiredCount: 2 })
  const single = runOne(world, { startedBy: 'me' })
  world.clock.advance(100)
  const list = (input: object): string[] => world.call('ListTasks', { cluster: 'main', ...input }).taskArns
  assert.equal(list({}).length, 3)
  assert.equal(list({ serviceName: 'web' }).length, 2)
  assert.deepEqual(list({ startedBy: 'me' }), [single])
  assert.deepEqual(list({ family: 'other' }), [])

  world.call('StopTask', { cluster: 'main', task: single })
  assert.deepEqual(list({ desiredStatus: 'STOPPED' }), [single])
  assert.throws(() => list({ startedBy: 'me', family: 'app' }), { code: 'InvalidParameterException' })
})

test('a long list comes in pages that lose and repeat nothing', () => {
  const world = createEcsWorld()
  world.serve({ desiredCount: 25 })
  world.clock.advance(100)
  const seen: string[] = []
  let nextToken: string | undefined
  do {
    const page = world.call('ListTasks', { cluster: 'main', maxResults: 10, nextToken })
    assert.ok(page.taskArns.length <= 10)
    seen.push(...page.taskArns)
    nextToken = page.nextToken
  } while (nextToken)

  assert.equal(seen.length, 25)
  assert.equal(new Set(seen).size, 25)
  assert.throws(() => world.call('ListTasks', { cluster: 'main', nextToken: 'bogus' }), { message: 'Invalid token.' })
})

test('the first cause of a stop stays, and a second stop changes nothing', () => {
  const world = createEcsWorld()
  world.register('v1')
  const arn = runOne(world)
  world.clock.advance(60)
  world.call('StopTask', { cluster: 'main', task: arn, reason: 'first' })
  world.clock.advance(39)
  world.call('StopTask', { cluster: 'main', task: arn, reason: 'second' })
  world.clock.advance(1)

  const { lastStatus, stoppedReason } = describe(world, arn)
  assert.deepEqual({ lastStatus, stoppedReason }, { lastStatus: 'STOPPED', stoppedReason: 'first' })
})
