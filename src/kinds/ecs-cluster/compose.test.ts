import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { ownershipTags } from '../../core/owner.ts'
import { composeEcsCluster } from './compose.ts'
import { EcsClusterSpec } from './schema.ts'

const owner = { installationId: 'i', namespace: 'demo', kind: 'EcsCluster', name: 'web' }

const bare = {
  clusterName: 'demo_web',
  tags: { owner: ownershipTags(owner), wanted: undefined },
  containerInsights: undefined,
  configuration: undefined,
  serviceConnectNamespace: undefined,
  capacityProviders: undefined,
  defaultCapacityProviderStrategy: undefined,
}

interface Row {
  readonly fact: string
  readonly spec: EcsClusterSpec
  readonly desired: object
}

const rows: readonly Row[] = [
  { fact: 'an empty spec manages only that it is there and whose it is', spec: {}, desired: {} },
  { fact: 'a name given is the name', spec: { clusterName: 'Shared' }, desired: { clusterName: 'Shared' } },
  {
    fact: 'Container Insights is a setting of its own',
    spec: { settings: [{ name: 'containerInsights', value: 'enhanced' }] },
    desired: { containerInsights: 'enhanced' },
  },
  { fact: 'no settings manage nothing', spec: { settings: [] }, desired: {} },
  {
    fact: 'configuration passes through',
    spec: { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
    desired: { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
  },
  {
    fact: 'an empty namespace is managed',
    spec: { serviceConnectDefaults: { namespace: '' } },
    desired: { serviceConnectNamespace: '' },
  },
  {
    fact: "a strategy is spelt out with ECS's own defaults",
    spec: {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 4 },
      ],
    },
    desired: {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 0, base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 4, base: 0 },
      ],
    },
  },
  {
    fact: 'a tag without a value has the empty one',
    spec: { tags: [{ key: 'team', value: 'blue' }, { key: 'app' }] },
    desired: { tags: { owner: ownershipTags(owner), wanted: { team: 'blue', app: '' } } },
  },
]

describe('an EcsCluster composes one cluster', () => {
  for (const { fact, spec, desired } of rows) {
    test(fact, () => {
      const [cluster] = composeEcsCluster({ owner, spec: EcsClusterSpec.parse(spec) })

      assert.deepEqual(cluster?.desired, { ...bare, ...desired })
    })
  }
})

test('the example is a valid spec', async () => {
  const text = await readFile(new URL('example.yaml', import.meta.url), 'utf8')

  assert.ok(EcsClusterSpec.safeParse(parse(text).spec).success)
})
