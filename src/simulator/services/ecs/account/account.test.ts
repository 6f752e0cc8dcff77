import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEcsWorld, type EcsWorld } from '../../../../../test/support/ecs-world.ts'

const tagsOf = (world: EcsWorld, resourceArn: string) => world.call('ListTagsForResource', { resourceArn }).tags

/** A world with one resource of each type that can have tags. */
function fullWorld(): { world: EcsWorld; arns: Record<string, string> } {
  const world = createEcsWorld()
  world.serve()
  world.clock.advance(100)
  const [task = ''] = world.call('ListTasks', { cluster: 'main' }).taskArns
  const { serviceArn, clusterArn, taskDefinition } = world.web()
  const provider = 'arn:aws:ecs:eu-central-1:111122223333:capacity-provider/FARGATE'
  return {
    world,
    arns: { cluster: clusterArn, service: serviceArn, 'task definition': taskDefinition, task, provider },
  }
}

for (const type of ['cluster', 'service', 'task definition', 'task', 'provider']) {
  test(`a ${type} takes tags, changes and loses them`, () => {
    const { world, arns } = fullWorld()
    const resourceArn = arns[type] ?? ''
    world.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }, { key: 'b' }] })
    world.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '2' }] })
    assert.deepEqual(tagsOf(world, resourceArn), [
      { key: 'b', value: '' },
      { key: 'a', value: '2' },
    ])
    world.call('UntagResource', { resourceArn, tagKeys: ['a', 'never there'] })
    assert.deepEqual(tagsOf(world, resourceArn), [{ key: 'b', value: '' }])
  })
}

test('stopping a task takes its tags', () => {
  const { world, arns } = fullWorld()
  const resourceArn = arns['task'] ?? ''
  world.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }] })
  world.call('StopTask', { cluster: 'main', task: resourceArn })
  assert.deepEqual(
    world.call('DescribeTasks', { cluster: 'main', tasks: [resourceArn], include: ['TAGS'] }).tasks[0]?.tags,
    [],
  )
})

test('a service made again does not inherit tags', () => {
  const { world, arns } = fullWorld()
  const resourceArn = arns['service'] ?? ''
  world.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }] })
  world.call('DeleteService', { cluster: 'main', service: 'web', force: true })
  world.clock.advance(100)
  assert.throws(() => tagsOf(world, resourceArn), { code: 'ServiceNotFoundException' })
  world.serve()
  assert.deepEqual(tagsOf(world, resourceArn), [])
})

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${from + index}`, value: '' }))

for (const [fact, tags, message] of [
  ['a key of 129 characters', [{ key: 'k'.repeat(129), value: '' }], /keys must be/],
  ['a value of 257 characters', [{ key: 'k', value: 'v'.repeat(257) }], /values must be/],
  ['a reserved key', [{ key: 'AWS:k', value: '' }], /reserved prefix/],
  [
    'a key twice',
    [
      { key: 'k', value: '1' },
      { key: 'k', value: '2' },
    ],
    /Duplicate/,
  ],
  ['51 tags', many(51), /maximum number of tags/],
] as const) {
  test(`TagResource refuses ${fact}`, () => {
    const { world, arns } = fullWorld()
    const input = { resourceArn: arns['cluster'] ?? '', tags: [...tags] }
    assert.throws(() => world.call('TagResource', input), { code: 'InvalidParameterException', message })
    assert.deepEqual(tagsOf(world, input.resourceArn), [])
  })
}

test('fifty tags are the limit across calls', () => {
  const { world, arns } = fullWorld()
  const resourceArn = arns['cluster'] ?? ''
  world.call('TagResource', { resourceArn, tags: many(50) })
  assert.throws(() => world.call('TagResource', { resourceArn, tags: many(1, 50) }), {
    code: 'InvalidParameterException',
  })
  assert.equal(tagsOf(world, resourceArn).length, 50)
})

test('Fargate providers are built in, others are missing', () => {
  const world = createEcsWorld()
  const { capacityProviders, failures } = world.call('DescribeCapacityProviders', {
    capacityProviders: ['FARGATE_SPOT', 'mine'],
  })
  assert.deepEqual(
    capacityProviders.map(({ name, status }) => [name, status]),
    [['FARGATE_SPOT', 'ACTIVE']],
  )
  assert.equal(failures[0]?.reason, 'MISSING')
})

test('an account setting becomes the default of new clusters', () => {
  const world = createEcsWorld()
  assert.deepEqual(world.call('ListAccountSettings', {}).settings, [])
  world.call('PutAccountSettingDefault', { name: 'containerInsights', value: 'enhanced' })
  assert.deepEqual(
    world.call('ListAccountSettings', {}).settings.map(({ name, value }) => [name, value]),
    [['containerInsights', 'enhanced']],
  )
  const { cluster } = world.call('CreateCluster', { clusterName: 'main' })
  assert.deepEqual(cluster.settings, [{ name: 'containerInsights', value: 'enhanced' }])
  assert.throws(() => world.call('PutAccountSettingDefault', { name: 'containerInsights', value: 'loud' }), {
    code: 'InvalidParameterException',
  })
})
