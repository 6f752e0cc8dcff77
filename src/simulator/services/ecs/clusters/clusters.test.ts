import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CreateClusterRequest } from '@aws-sdk/client-ecs'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'

const ARN = 'arn:aws:ecs:eu-central-1:111122223333:cluster/main'

const create = (world: EcsWorld, input: CreateClusterRequest = {}) =>
  world.call('CreateCluster', { clusterName: 'main', ...input }).cluster
const remove = (world: EcsWorld) => world.call('DeleteCluster', { cluster: 'main' }).cluster
const read = (world: EcsWorld, include: ('TAGS' | 'SETTINGS' | 'STATISTICS' | 'ATTACHMENTS')[] = []) =>
  world.call('DescribeClusters', { clusters: ['main'], include }).clusters[0]

test('a cluster is active at once and has the account’s setting', () => {
  const world = createEcsWorld()
  const { clusterArn, status, settings } = create(world)
  assert.deepEqual(
    { clusterArn, status, settings },
    {
      clusterArn: ARN,
      status: 'ACTIVE',
      settings: [{ name: 'containerInsights', value: 'disabled' }],
    },
  )
})

test('what was not asked for stays empty', () => {
  const world = createEcsWorld()
  create(world, { tags: [{ key: 'a', value: 'b' }] })
  assert.deepEqual([read(world)?.tags, read(world)?.settings, read(world)?.statistics], [[], [], []])
  assert.deepEqual(read(world, ['TAGS'])?.tags, [{ key: 'a', value: 'b' }])
  assert.equal(read(world, ['STATISTICS'])?.statistics.length, 8)
})

test('creation is idempotent by name unless it asks for something else', () => {
  const world = createEcsWorld()
  const settings = [{ name: 'containerInsights', value: 'enabled' }] as const
  create(world, { settings: [...settings] })
  assert.equal(create(world, { settings: [...settings] }).clusterArn, ARN)
  assert.equal(create(world).clusterArn, ARN)
  assert.throws(() => create(world, { settings: [{ name: 'containerInsights', value: 'disabled' }] }), {
    message: /inconsistent with arguments used in previous request/,
  })
})

for (const [fact, input, message] of [
  ['a name with a space', { clusterName: 'a b' }, /Cluster name/],
  ['a name of 256 letters', { clusterName: 'x'.repeat(256) }, /Cluster name/],
  ['an unknown setting value', { settings: [{ name: 'containerInsights', value: 'perhaps' }] }, /setting value/],
  ['an unknown provider', { capacityProviders: ['mine'] }, /capacity provider was not found/],
  [
    'a strategy of providers it does not have',
    { defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
    /not associated/,
  ],
  [
    'a strategy without weight',
    { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    /weight/,
  ],
  [
    'two bases',
    {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', base: 1 },
      ],
    },
    /base/,
  ],
  ['a reserved tag', { tags: [{ key: 'aws:x', value: '' }] }, /reserved prefix/],
] as const) {
  test(`CreateCluster refuses ${fact}`, () => {
    const world = createEcsWorld()
    assert.throws(() => create(world, input as CreateClusterRequest), { code: 'InvalidParameterException', message })
    assert.deepEqual(world.call('ListClusters', {}).clusterArns, [])
  })
}

test('a cluster with providers is provisioned in the background', () => {
  const world = createEcsWorld()
  create(world, { capacityProviders: ['FARGATE'] })
  assert.deepEqual(
    [read(world, ['ATTACHMENTS'])?.status, read(world, ['ATTACHMENTS'])?.attachmentsStatus],
    ['PROVISIONING', 'UPDATE_IN_PROGRESS'],
  )
  world.clock.advance(5)
  assert.deepEqual(
    [read(world, ['ATTACHMENTS'])?.status, read(world, ['ATTACHMENTS'])?.attachmentsStatus],
    ['ACTIVE', 'UPDATE_COMPLETE'],
  )
})

test('providers change one call at a time', () => {
  const world = createEcsWorld()
  create(world)
  const put = () =>
    world.call('PutClusterCapacityProviders', {
      cluster: 'main',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    })
  put()
  assert.throws(put, { code: 'UpdateInProgressException' })
  assert.throws(() => remove(world), { code: 'UpdateInProgressException' })
  world.clock.advance(5)
  put()
  assert.deepEqual(read(world)?.defaultCapacityProviderStrategy, [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }])
})

test('a provider that a service uses cannot be taken away', () => {
  const world = createEcsWorld()
  create(world, { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] })
  world.clock.advance(5)
  world.serve({ launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] })
  assert.throws(
    () =>
      world.call('PutClusterCapacityProviders', {
        cluster: 'main',
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [],
      }),
    { code: 'ResourceInUseException' },
  )
})

test('a cluster is deleted only when it is empty', () => {
  const world = createEcsWorld()
  world.serve()
  world.clock.advance(100)
  assert.throws(() => remove(world), { code: 'ClusterContainsServicesException' })
  world.call('DeleteService', { cluster: 'main', service: 'web', force: true })
  assert.throws(() => remove(world), { code: 'ClusterContainsTasksException' })
  world.clock.advance(60)
  assert.equal(remove(world).status, 'INACTIVE')
})

test('a deleted cluster is described for a day, not listed, and its name can be used again', () => {
  const world = createEcsWorld()
  create(world)
  remove(world)
  assert.equal(read(world)?.status, 'INACTIVE')
  assert.deepEqual(world.call('ListClusters', {}).clusterArns, [])
  assert.throws(() => world.call('DescribeServices', { cluster: 'main', services: ['x'] }), {
    code: 'ClusterNotFoundException',
    message: 'The referenced cluster was inactive.',
  })

  create(world)
  world.clock.advance(2 * 86_400)
  assert.equal(read(world)?.status, 'ACTIVE')
  remove(world)
  world.clock.advance(2 * 86_400)
  assert.deepEqual(world.call('DescribeClusters', { clusters: ['main'] }), {
    clusters: [],
    failures: [{ arn: ARN, reason: 'MISSING' }],
  })
})

test('a name that JavaScript objects inherit is only a name', () => {
  const world = createEcsWorld()
  const [failure] = world.call('DescribeClusters', { clusters: ['constructor'] }).failures
  assert.equal(failure?.reason, 'MISSING')
  assert.equal(create(world, { clusterName: '__proto__' }).clusterName, '__proto__')
})

test('settings and defaults can be updated', () => {
  const world = createEcsWorld()
  create(world)
  world.call('UpdateClusterSettings', { cluster: ARN, settings: [{ name: 'containerInsights', value: 'enhanced' }] })
  world.call('UpdateCluster', { cluster: 'main', serviceConnectDefaults: { namespace: 'shop' } })
  assert.deepEqual(read(world, ['SETTINGS'])?.settings, [{ name: 'containerInsights', value: 'enhanced' }])
  assert.deepEqual(read(world)?.serviceConnectDefaults, { namespace: 'shop' })
})
