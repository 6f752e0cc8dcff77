import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'

const update = (world: EcsWorld, input: Partial<UpdateServiceRequest>) =>
  world.call('UpdateService', { cluster: 'main', service: 'web', ...input }).service

const removeService = (world: EcsWorld, force = true) =>
  world.call('DeleteService', { cluster: 'main', service: 'web', force }).service

function settledWorld(input: Partial<CreateServiceRequest> = {}): EcsWorld {
  const world = createEcsWorld()
  world.serve(input)
  world.clock.advance(200)
  return world
}

test('a new service echoes what was given and AWS’s own defaults', () => {
  const world = createEcsWorld()
  world.serve({ tags: [{ key: 'team', value: 'a' }] })
  const service = world.web()

  assert.equal(service.serviceArn, 'arn:aws:ecs:eu-central-1:111122223333:service/main/web')
  assert.equal(service.status, 'ACTIVE')
  assert.equal(service.launchType, 'FARGATE')
  assert.equal(service.platformVersion, 'LATEST')
  assert.equal(service.propagateTags, 'NONE')
  assert.equal(service.schedulingStrategy, 'REPLICA')
  assert.equal(service.availabilityZoneRebalancing, 'ENABLED')
  assert.deepEqual(service.deploymentConfiguration, {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
  })
  assert.equal('tags' in service, false)
  const [described] = world.call('DescribeServices', { cluster: 'main', services: ['web'], include: ['TAGS'] }).services
  assert.deepEqual(described?.tags, [{ key: 'team', value: 'a' }])
})

test('the same creation again is the same service, another one a conflict', () => {
  const world = createEcsWorld()
  const taskDefinition = world.register('v1')
  world.serve({ taskDefinition })
  const { createdAt } = world.web()
  world.clock.advance(5)
  world.serve({ taskDefinition })
  assert.deepEqual(world.web().createdAt, createdAt)
  assert.throws(() => world.serve({ taskDefinition, desiredCount: 2 }), {
    code: 'InvalidParameterException',
    message: 'Creation of service was not idempotent.',
  })
})

test('a token that was used does not create a service that was deleted since', () => {
  const world = createEcsWorld()
  const taskDefinition = world.register('v1')
  world.serve({ taskDefinition, clientToken: 'first' })
  removeService(world)
  world.clock.advance(100)
  world.serve({ taskDefinition, clientToken: 'first' })
  assert.equal(world.web().status, 'INACTIVE')

  world.serve({ taskDefinition, clientToken: 'second' })
  assert.equal(world.web().status, 'ACTIVE')
})

test('a service that drains blocks its name, an inactive one gives it back', () => {
  const world = settledWorld()
  assert.throws(() => removeService(world, false), {
    message: 'The service cannot be stopped while it is scaled above 0.',
  })
  assert.equal(removeService(world).status, 'DRAINING')
  assert.throws(() => world.serve(), { message: 'Unable to Start a service that is still Draining.' })
  assert.throws(() => update(world, { desiredCount: 1 }), { code: 'ServiceNotActiveException' })
  assert.deepEqual(world.call('ListServices', { cluster: 'main' }).serviceArns, [])

  world.clock.advance(60)
  assert.equal(world.web().status, 'INACTIVE')
  assert.match(world.web().taskDefinition, /app:\d+$/)
  world.serve()
  world.clock.advance(200)
  assert.equal(world.web().runningCount, 1)
})

test('an inactive service is forgotten after a day', () => {
  const world = settledWorld()
  removeService(world)
  world.clock.advance(26 * 3600)

  const { services, failures } = world.call('DescribeServices', { cluster: 'main', services: ['web'] })
  assert.deepEqual(services, [])
  assert.deepEqual(failures, [{ arn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/web', reason: 'MISSING' }])
})

test('deleting stops every task', () => {
  const world = settledWorld({ desiredCount: 3 })
  removeService(world)
  world.clock.advance(120)
  assert.deepEqual(world.call('ListTasks', { cluster: 'main' }).taskArns, [])
})

for (const { fact, input, isNew } of [
  { fact: 'a new revision', input: { taskDefinition: 'app' }, isNew: true },
  { fact: 'force', input: { forceNewDeployment: true }, isNew: true },
  {
    fact: 'another network',
    input: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-9'] } } },
    isNew: true,
  },
  { fact: 'another platform version', input: { platformVersion: '1.4.0' }, isNew: true },
  {
    fact: 'the same network',
    input: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } } },
    isNew: false,
  },
  { fact: 'a count', input: { desiredCount: 4 }, isNew: false },
  { fact: 'percentages', input: { deploymentConfiguration: { maximumPercent: 150 } }, isNew: false },
  { fact: 'tag propagation', input: { propagateTags: 'SERVICE', enableECSManagedTags: true }, isNew: false },
  { fact: 'execute command', input: { enableExecuteCommand: true }, isNew: false },
  { fact: 'a grace period', input: { healthCheckGracePeriodSeconds: 30 }, isNew: false },
] as const) {
  test(`${fact} ${isNew ? 'makes a' : 'makes no'} deployment`, () => {
    const world = settledWorld()
    const [before] = world.web().deployments
    world.register('v2')
    const after = update(world, input as Partial<UpdateServiceRequest>)
    assert.equal(after.deployments[0]?.id !== before?.id, isNew)
  })
}

test('percentages that are not given stay as they are', () => {
  const world = settledWorld({ deploymentConfiguration: { minimumHealthyPercent: 50 } })
  const { deploymentConfiguration } = update(world, { deploymentConfiguration: { maximumPercent: 150 } })
  assert.deepEqual([deploymentConfiguration.minimumHealthyPercent, deploymentConfiguration.maximumPercent], [50, 150])
})

test('a change of capacity providers must be forced', () => {
  const world = settledWorld()
  world.call('PutClusterCapacityProviders', {
    cluster: 'main',
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  })
  const capacityProviderStrategy = [
    { capacityProvider: 'FARGATE', base: 1, weight: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 3 },
  ]
  assert.throws(() => update(world, { capacityProviderStrategy }), { message: /must force a new deployment/ })
  update(world, { capacityProviderStrategy, forceNewDeployment: true, desiredCount: 5 })
  world.clock.advance(300)

  const { taskArns } = world.call('ListTasks', { cluster: 'main', serviceName: 'web' })
  const names = world
    .call('DescribeTasks', { cluster: 'main', tasks: taskArns })
    .tasks.map((task) => task.capacityProviderName)
  assert.deepEqual(names.toSorted(), ['FARGATE', 'FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE_SPOT'])
  assert.equal('launchType' in world.web(), false)
})

for (const { fact, input, code, message } of [
  {
    fact: 'no desired count',
    input: { desiredCount: undefined },
    code: 'InvalidParameterException',
    message: /desiredCount/,
  },
  { fact: 'a bad name', input: { serviceName: 'a b' }, code: 'InvalidParameterException', message: /Service name/ },
  {
    fact: 'a name of 256 letters',
    input: { serviceName: 'x'.repeat(256) },
    code: 'InvalidParameterException',
    message: /Service name/,
  },
  {
    fact: 'six security groups',
    input: {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['s'], securityGroups: Array.from({ length: 6 }, String) },
      },
    },
    code: 'InvalidParameterException',
    message: /securityGroups/,
  },
  {
    fact: 'a band of exactly 100',
    input: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    code: 'InvalidParameterException',
    message: /cannot be 100/,
  },
  {
    fact: 'a long token',
    input: { clientToken: 'x'.repeat(37) },
    code: 'InvalidParameterException',
    message: /clientToken/,
  },
  {
    fact: 'launch type and strategy',
    input: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
    code: 'InvalidParameterException',
    message: /both a launch type/,
  },
  {
    fact: 'load balancers, which are not modelled',
    input: { loadBalancers: [{ targetGroupArn: 'x' }] },
    code: 'UnsupportedBySimulator',
    message: /load balancers/,
  },
  {
    fact: 'blue/green, which is not modelled',
    input: { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    code: 'UnsupportedBySimulator',
    message: /BLUE_GREEN/,
  },
  {
    fact: 'daemons, which are not modelled',
    input: { schedulingStrategy: 'DAEMON' },
    code: 'UnsupportedBySimulator',
    message: /DAEMON/,
  },
] as const) {
  test(`CreateService refuses ${fact}`, () => {
    const world = createEcsWorld()
    assert.throws(() => world.serve(input as Partial<CreateServiceRequest>), { code, message })
    assert.deepEqual(world.call('ListServices', { cluster: 'main' }).serviceArns, [])
  })
}

test('a revision that was deregistered cannot be rolled out, but keeps scaling', () => {
  const world = settledWorld()
  const { taskDefinition } = world.web()
  world.call('DeregisterTaskDefinition', { taskDefinition })
  assert.throws(() => update(world, { taskDefinition }), { message: 'TaskDefinition is inactive' })
  update(world, { desiredCount: 3 })
  world.clock.advance(200)
  assert.equal(world.web().runningCount, 3)
})

test('services are described ten at a time and listed ten a page', () => {
  const world = createEcsWorld()
  const taskDefinition = world.register('v1')
  const names = Array.from({ length: 12 }, (_, index) => `web-${String(index).padStart(2, '0')}`)
  for (const serviceName of names) world.serve({ serviceName, taskDefinition, desiredCount: 0 })
  assert.throws(() => world.call('DescribeServices', { cluster: 'main', services: names.slice(0, 11) }), {
    code: 'InvalidParameterException',
  })

  const first = world.call('ListServices', { cluster: 'main' })
  const second = world.call('ListServices', { cluster: 'main', nextToken: first.nextToken })
  assert.equal(first.serviceArns.length, 10)
  assert.deepEqual(
    [...first.serviceArns, ...second.serviceArns].map((arn) => arn.split('/').at(-1)),
    names,
  )
  assert.equal(second.nextToken, undefined)
})

test('a deployment can be stopped and goes back to the last completed revision', () => {
  const world = settledWorld({ desiredCount: 2 })
  const good = world.web().taskDefinition
  update(world, { taskDefinition: world.register('v2') })
  world.clock.advance(60)
  const serviceDeploymentArn = world.web().currentServiceDeployment
  world.call('StopServiceDeployment', { serviceDeploymentArn })
  const read = () =>
    world.call('DescribeServiceDeployments', { serviceDeploymentArns: [serviceDeploymentArn] }).serviceDeployments[0]
  assert.equal(read()?.status, 'ROLLBACK_IN_PROGRESS')
  assert.equal(world.web().taskDefinition, good)

  world.clock.advance(200)
  assert.equal(read()?.status, 'ROLLBACK_SUCCESSFUL')
  const [revision] = world.call('DescribeServiceRevisions', {
    serviceRevisionArns: [read()?.rollback.serviceRevisionArn ?? ''],
  }).serviceRevisions
  assert.equal(revision?.taskDefinition, good)
  assert.throws(() => world.call('StopServiceDeployment', { serviceDeploymentArn }), { code: 'ConflictException' })
})

test('a deployment reports its breaker while it is watched and afterwards', () => {
  const world = createEcsWorld()
  const read = () =>
    world.call('DescribeServiceDeployments', { serviceDeploymentArns: [world.web().currentServiceDeployment] })
      .serviceDeployments[0]?.deploymentCircuitBreaker
  world.serve({
    desiredCount: 25,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  })
  assert.deepEqual(read(), { status: 'MONITORING', failureCount: 0, threshold: 13 })
  world.clock.advance(200)
  assert.deepEqual(read(), { status: 'MONITORING_COMPLETE', failureCount: 0, threshold: 13 })
})

test('tags reach tasks as asked', () => {
  const world = createEcsWorld()
  world.serve({ tags: [{ key: 'team', value: 'a' }], propagateTags: 'SERVICE', enableECSManagedTags: true })
  world.clock.advance(60)
  const { taskArns } = world.call('ListTasks', { cluster: 'main' })
  const [task] = world.call('DescribeTasks', { cluster: 'main', tasks: taskArns, include: ['TAGS'] }).tasks
  assert.deepEqual(task?.tags, [
    { key: 'team', value: 'a' },
    { key: 'aws:ecs:clusterName', value: 'main' },
    { key: 'aws:ecs:serviceName', value: 'web' },
  ])
})

test('services are listed by Service Connect namespace', () => {
  const world = settledWorld({ serviceConnectConfiguration: { enabled: true, namespace: 'shop' } })
  assert.deepEqual(world.call('ListServicesByNamespace', { namespace: 'shop' }).serviceArns, [world.web().serviceArn])
  assert.throws(() => world.call('ListServicesByNamespace', { namespace: 'other' }), {
    code: 'NamespaceNotFoundException',
  })
})

test('early success completes before old tasks are gone', () => {
  const world = settledWorld({
    desiredCount: 4,
    deploymentConfiguration: {
      earlySuccessCriteria: { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: 'DEFERRED' },
    },
  })
  update(world, { taskDefinition: world.register('v2') })
  while (world.web().deployments[0]?.rolloutState !== 'COMPLETED') world.clock.advance(1)
  assert.equal(world.call('ListTasks', { cluster: 'main', desiredStatus: 'STOPPED' }).taskArns.length, 4)
  assert.equal(world.web().deployments.length, 2)
  world.clock.advance(100)
  assert.equal(world.web().deployments.length, 1)
})

test('a description of ten busy services takes less than a millisecond', () => {
  const world = createEcsWorld()
  world.images['v1'] = { type: 'crash', afterSeconds: 1 }
  const taskDefinition = world.register('v1')
  const services = Array.from({ length: 10 }, (_, index) => `web-${index}`)
  for (const serviceName of services) world.serve({ serviceName, taskDefinition })
  world.clock.advance(12 * 3600)
  const describe = () => world.call('DescribeServices', { cluster: 'main', services })
  for (let warm = 0; warm < 100; warm++) describe()

  const best = Math.min(
    ...Array.from({ length: 50 }, () => {
      const from = performance.now()
      describe()
      return performance.now() - from
    }),
  )
  assert.ok(best < 1, `${best} ms`)
})

test('service deployments come twenty on a page unless asked otherwise', () => {
  const world = settledWorld()
  for (let round = 0; round < 24; round++) update(world, { forceNewDeployment: true })

  const page = world.call('ListServiceDeployments', { cluster: 'main', service: 'web' })

  assert.equal(page.serviceDeployments?.length, 20)
  const rest = world.call('ListServiceDeployments', { cluster: 'main', service: 'web', nextToken: page.nextToken })
  assert.equal(rest.serviceDeployments?.length, 5)
})
