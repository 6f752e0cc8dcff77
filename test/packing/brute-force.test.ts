import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Optimum, cheapestPlan } from './brute-force.ts'
import { nodeCalled, podCalled, podsCalled, poolCalled, problemOf, typeCalled } from './builders.ts'
import type { PackInput } from './documents.ts'
import { demand } from './rule-table.ts'
import { problemFrom } from './rules/problem.ts'

const apart = {
  labels: { app: 'web' },
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: { app: 'web' } } },
      ],
    },
  },
}

function cheapest(input: PackInput, mostSteps = 30_000): Optimum {
  const problem = problemFrom(input)
  return cheapestPlan({
    problem,
    loads: [...problem.pending.values()],
    fixed: [],
    running: 'used',
    reading: 'strict',
    mostSteps,
  })
}

describe('the cheapest plan', () => {
  for (const { fact, input, usdPerHour } of [
    {
      fact: 'is one large node where that is cheaper than two small ones',
      input: problemOf({
        instanceTypes: [typeCalled('small', { cpu: 2, price: 0.3 }), typeCalled('large', { cpu: 4, price: 0.5 })],
        pods: podsCalled('a', 4),
      }),
      usdPerHour: 0.5,
    },
    {
      fact: 'mixes types where greed would not',
      input: problemOf({
        instanceTypes: [typeCalled('small', { cpu: 3, price: 0.3 }), typeCalled('large', { cpu: 4, price: 0.35 })],
        pods: [...podsCalled('a', 2, { requests: { cpu: '2' } }), podCalled('b'), podCalled('c')],
      }),
      usdPerHour: 0.6,
    },
    {
      fact: 'uses free room',
      input: problemOf({ nodes: [nodeCalled('n1', { cpu: 2 })], pods: podsCalled('a', 2) }),
      usdPerHour: 0,
    },
    {
      fact: 'pays for what must be apart',
      input: problemOf({ instanceTypes: [typeCalled('m', { cpu: 4, price: 0.4 })], pods: podsCalled('a', 3, apart) }),
      usdPerHour: 1.2,
    },
    {
      fact: 'lets a pod that asks for nothing share a node whose open label another one settles',
      input: problemOf({
        nodePools: [poolCalled('one', { requirements: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }] })],
        instanceTypes: [typeCalled('m', { cpu: 4, price: 0.4 })],
        pods: [podCalled('a'), podCalled('b', { nodeSelector: { tier: 'b' } })],
      }),
      usdPerHour: 0.4,
    },
    {
      fact: 'settles an open label for a pod that wants it to have some value',
      input: problemOf({
        nodePools: [poolCalled('one', { requirements: [{ key: 'tier', operator: 'Exists' }] })],
        instanceTypes: [typeCalled('m', { cpu: 4, price: 0.4 })],
        pods: [podCalled('a'), podCalled('b', demand('tier', 'Exists'))],
      }),
      usdPerHour: 0.4,
    },
  ]) {
    test(fact, () => {
      const found = cheapest(input)

      assert.equal(found.type, 'cheapest')
      assert.ok(found.type === 'cheapest' && Math.abs(found.usdPerHour - usdPerHour) < 1e-9)
    })
  }

  test('does not exist where a pod fits nowhere', () => {
    const input = problemOf({ nodePools: [poolCalled('one', { limits: { cpu: '1' } })], pods: [podCalled('a')] })

    assert.deepEqual(cheapest(input), { type: 'impossible' })
  })

  test('is not claimed where there is too much to try', () => {
    const types = Array.from({ length: 30 }, (_, index) =>
      typeCalled(`m${index}`, { cpu: 4, price: 0.4 + index / 1000 }),
    )
    const pods = Array.from({ length: 9 }, (_, index) =>
      podCalled(`a${index}`, { requests: { cpu: `${3000 - index}m` } }),
    )

    assert.deepEqual(cheapest(problemOf({ instanceTypes: types, pods }), 1000), { type: 'undecided' })
  })
})
