import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typesFromFacts } from '../../src/core/scheduling/catalogue/catalogue-type.ts'
import { sampleType } from '../../test/support/sample-type.ts'
import { differencesFrom } from './differences.ts'

const [type = assert.fail()] = typesFromFacts([sampleType()])
const labels = Object.entries(type.labels).filter(([key]) => key !== 'topology.kubernetes.io/region')
const resources: readonly (readonly [string, string])[] = [
  ['cpu', '1930m'],
  ['memory', '6903Mi'],
  ['pods', '29'],
  ['ephemeral-storage', '17Gi'],
]

for (const { fact, row, differences } of [
  { fact: 'a type that the table has like this does not differ', row: { labels, resources }, differences: [] },
  {
    fact: 'another amount differs',
    row: { labels, resources: [...resources, ['memory', '6800Mi'] as const] },
    differences: [{ field: 'memory', computed: '6903Mi', table: '6800Mi' }],
  },
  {
    fact: 'a label more differs',
    row: { labels: [...labels, ['zone', 'x'] as const], resources },
    differences: [{ field: 'zone', computed: 'absent', table: 'x' }],
  },
  {
    fact: 'a resource less differs',
    row: { labels, resources: resources.slice(1) },
    differences: [{ field: 'cpu', computed: '1930m', table: 'absent' }],
  },
]) {
  test(fact, () => {
    const found = differencesFrom(type, {
      name: type.name,
      labels: new Map(row.labels),
      resources: new Map(row.resources),
    })

    assert.deepEqual(
      found,
      differences.map((difference) => ({ name: 'm99a.large', ...difference })),
    )
  })
}
