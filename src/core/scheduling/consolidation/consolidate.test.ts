import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeOf, podOf, POOL, problemOf, typeOf, ZONE } from '../../../../test/support/running-cluster.ts'
import { consolidate } from './consolidate.ts'
import type { ConsolidationOptions, ConsolidationProblem } from './consolidation.ts'

const OPTIONS: ConsolidationOptions = {
  rounds: 20,
  ignorePreferences: false,
  isTimeUp: () => false,
  budgetNodes: 10,
  moveRounds: 1,
  barePods: 'stay',
  price: { usdPerDisruption: 0.002, paybackHours: 12 },
}

/** Moves in short: what goes, the types that come, and which pods join which running nodes. */
function movesFor(problem: ConsolidationProblem, options: Partial<ConsolidationOptions> = {}) {
  const { moves } = consolidate(problem, { ...OPTIONS, ...options })
  return moves.map(({ remove, add, existing }) => ({
    remove,
    add: add.map(({ instanceType }) => instanceType),
    join: Object.fromEntries(
      existing.map(({ node, pods }) => [node, [...pods].map((pod) => problem.pods[pod]?.metadata.name)]),
    ),
  }))
}

describe('a move', () => {
  for (const { fact, problem, moves } of [
    {
      fact: 'takes away a node with nothing on it',
      problem: { nodes: [nodeOf('idle', 4)] },
      moves: [{ remove: ['idle'], add: [], join: {} }],
    },
    {
      fact: 'takes away a node whose pods have room elsewhere',
      problem: { nodes: [nodeOf('a', 4), nodeOf('b', 4)], pods: [podOf('x', 'a', '3'), podOf('y', 'b', '1')] },
      moves: [{ remove: ['b'], add: [], join: { a: ['y'] } }],
    },
    {
      fact: 'puts a smaller node in the place of a large one',
      problem: { nodes: [nodeOf('a', 8)], pods: [podOf('x', 'a', '2')] },
      moves: [{ remove: ['a'], add: ['m.2'], join: {} }],
    },
    {
      fact: 'puts one node in the place of several',
      problem: {
        instanceTypes: [typeOf(2), typeOf(4, 0.12)],
        nodes: [nodeOf('a', 2), nodeOf('b', 2)],
        pods: [podOf('x', 'a', '2'), podOf('y', 'b', '2')],
      },
      moves: [{ remove: ['a', 'b'], add: ['m.4'], join: {} }],
    },
    {
      fact: 'splits a node into cheaper ones',
      problem: {
        instanceTypes: [typeOf(2), typeOf(8, 0.5)],
        nodes: [nodeOf('a', 8)],
        pods: [podOf('x', 'a', '2'), podOf('y', 'a', '2')],
      },
      moves: [{ remove: ['a'], add: ['m.2', 'm.2'], join: {} }],
    },
    {
      fact: 'is not made for nothing: a full node stays',
      problem: { nodes: [nodeOf('a', 4)], pods: [podOf('x', 'a', '4')] },
      moves: [],
    },
  ]) {
    test(fact, () => {
      assert.deepEqual(movesFor(problemOf(problem)), moves)
    })
  }
})

describe('a node stays, and that is told, when', () => {
  const full = [podOf('x', 'busy', '4')]
  const idle = (rest: Parameters<typeof nodeOf>[2] = {}) => [nodeOf('busy', 4), nodeOf('idle', 4, rest)]
  const resident = (rest: Parameters<typeof podOf>[3]) => [podOf('x', 'busy', '1'), podOf('y', 'idle', '1', rest)]
  const budget = (name: string, allowed: number) => ({
    metadata: { name },
    spec: { selector: {} },
    status: { disruptionsAllowed: allowed },
  })
  for (const { fact, reason, ...problem } of [
    {
      fact: 'it is being deleted',
      nodes: idle({ metadata: { name: 'idle', deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      reason: 'it is being deleted already',
    },
    {
      fact: 'it is not Ready',
      nodes: idle({ status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
      reason: 'it is not Ready',
    },
    {
      fact: 'it is cordoned',
      nodes: idle({ spec: { unschedulable: true } }),
      reason: 'it is cordoned (spec.unschedulable)',
    },
    {
      fact: 'it is of a pool that nobody knows',
      nodes: idle({ labels: { 'longshore.dev/nodepool': 'lost' } }),
      reason: 'it is of pool lost, which is not among those given',
    },
    {
      fact: 'its type is not in the catalogue',
      nodes: idle({ labels: { 'node.kubernetes.io/instance-type': 'x.1' } }),
      reason: 'what it costs is not known: there is no instance type x.1',
    },
    {
      fact: 'its type is not offered where it is',
      nodes: idle({ labels: { 'topology.kubernetes.io/zone': 'zone-z' } }),
      reason: 'what it costs is not known: m.4 is not offered as on-demand in zone-z',
    },
    {
      fact: 'it is annotated',
      nodes: idle({ metadata: { name: 'idle', annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } }),
      reason: 'it has the annotation karpenter.sh/do-not-disrupt: "true"',
    },
    {
      fact: 'a pod on it is annotated',
      nodes: idle(),
      pods: resident({ metadata: { annotations: { 'longshore.dev/do-not-disrupt': 'true' } } }),
      reason: 'pod default/y may not be disrupted: it has the annotation longshore.dev/do-not-disrupt: "true"',
    },
    {
      fact: 'a pod on it has no controller',
      nodes: idle(),
      pods: resident({ metadata: { ownerReferences: [{ kind: 'Team', name: 'a', controller: false }] } }),
      reason: 'pod default/y has no controller, so that nothing would make it again',
    },
    {
      fact: 'a budget allows none of its pods to be disturbed',
      nodes: idle(),
      pods: resident({}),
      podDisruptionBudgets: [budget('b', 0)],
      reason: 'PodDisruptionBudget default/b allows 0 of its pods to be disturbed, and 1 is here',
    },
    {
      fact: 'a pod on it has two budgets',
      nodes: idle(),
      pods: resident({}),
      podDisruptionBudgets: [budget('b', 5), budget('c', 5)],
      reason: 'pod default/y has more than one PodDisruptionBudget, so that nothing may evict it',
    },
    {
      fact: 'a pod that waits is about to come',
      nodes: idle(),
      pods: [...full, podOf('new', '', '1')],
      reason: 'pods that wait for a node are to run on it',
    },
  ]) {
    test(fact, () => {
      const asked = problemOf({ pods: full, ...problem })

      const { moves, leftAlone } = consolidate(asked, OPTIONS)

      assert.ok(!moves.some(({ remove }) => remove.includes('idle')))
      assert.equal(leftAlone.find(({ node }) => node === 'idle')?.reason, `idle stays: ${reason}`)
    })
  }
})

describe('moves', () => {
  const idle = ['a', 'b', 'c'].map((name) => nodeOf(name, 4))
  const removed = (problem: ConsolidationProblem, options: Partial<ConsolidationOptions> = {}) =>
    movesFor(problem, options).flatMap(({ remove }) => remove)

  test('take no more nodes in a round than the budget', () => {
    assert.deepEqual(removed(problemOf({ nodes: idle }), { budgetNodes: 2 }), ['a', 'b'])
  })

  test('go on in the next round where that is asked for', () => {
    const { moves } = consolidate(problemOf({ nodes: idle }), { ...OPTIONS, budgetNodes: 2, moveRounds: 5 })

    assert.deepEqual(
      moves.map(({ round, remove }) => [round, ...remove]),
      [
        [1, 'a'],
        [1, 'b'],
        [2, 'c'],
      ],
    )
  })

  test('take a tenth of the nodes by default, and count those that are not Ready', () => {
    const many = Array.from({ length: 11 }, (_, index) => nodeOf(`n-${String(index).padStart(2, '0')}`, 4))
    const unready = nodeOf('z', 4, { status: { conditions: [{ type: 'Ready', status: 'False' }] } })

    assert.deepEqual(removed(problemOf({ nodes: many }), { budgetNodes: undefined }), ['n-00', 'n-01'])
    assert.deepEqual(removed(problemOf({ nodes: [...many, unready] }), { budgetNodes: undefined }), ['n-00'])
  })

  test('disturb no more pods of a budget than it allows', () => {
    const nodes = [nodeOf('a', 8), ...idle.map(({ metadata }) => nodeOf(`${metadata.name}-1`, 2))]
    const pods = [podOf('x', 'a', '5'), podOf('p', 'a-1', '1'), podOf('q', 'b-1', '1'), podOf('r', 'c-1', '1')]
    const podDisruptionBudgets = [{ metadata: { name: 'b' }, spec: { selector: {}, minAvailable: 2 } }]

    assert.equal(removed(problemOf({ nodes, pods })).length, 3)
    assert.equal(removed(problemOf({ nodes, pods, podDisruptionBudgets })).length, 2)
  })

  test('wait for savings that are worth it', () => {
    const problem = problemOf({ nodes: [nodeOf('a', 4)], pods: [podOf('x', 'a', '2')] })

    // Half of 0.20 $/h in 12 hours are 1.20 $, for a node and a pod.
    assert.equal(removed(problem, { price: { usdPerDisruption: 0.59, paybackHours: 12 } }).length, 1)
    assert.equal(removed(problem, { price: { usdPerDisruption: 0.61, paybackHours: 12 } }).length, 0)
  })

  test('count what is dear to delete', () => {
    const dear = { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(2 ** 28) } } }
    const pods = [podOf('x', 'a', '1', dear), podOf('y', 'a', '1', { spec: { priority: 2 ** 25 } })]

    const { moves } = consolidate(problemOf({ nodes: [nodeOf('a', 8)], pods }), OPTIONS)

    assert.deepEqual(
      moves.map(({ podsMoved, disruption }) => ({ podsMoved, disruption })),
      [{ podsMoved: 2, disruption: 1 + 3 + 2 }],
    )
  })

  test('come to an end: after them there are none', () => {
    const nodes = [nodeOf('a', 8), nodeOf('b', 8), nodeOf('c', 4)]
    const pods = [podOf('x', 'a', '3'), podOf('y', 'b', '3'), podOf('z', 'c', '1')]

    const { moves, after } = consolidate(problemOf({ nodes, pods }), { ...OPTIONS, moveRounds: 20 })

    assert.ok(moves.length > 0 && (moves.at(-1)?.round ?? 0) < 20)
    assert.ok(Math.abs(after.usdPerHour - 0.35) < 0.06)
  })

  test('leave pods of DaemonSets and of the kubelet where they are', () => {
    const daemon = { metadata: { ownerReferences: [{ kind: 'DaemonSet', name: 'cni', controller: true }] } }
    const mirror = { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' }, ownerReferences: [] } }
    const pods = [podOf('cni-1', 'a', '1', daemon), podOf('proxy', 'a', '1', mirror)]

    assert.deepEqual(movesFor(problemOf({ nodes: [nodeOf('a', 4)], pods })), [{ remove: ['a'], add: [], join: {} }])
  })

  test('bring no pod to a node that is not Ready, whatever it tolerates', () => {
    const unready = nodeOf('b', 8, { status: { conditions: [{ type: 'Ready', status: 'False' }] } })
    const pods = [podOf('x', 'a', '1', { spec: { tolerations: [{ operator: 'Exists' }] } })]

    assert.deepEqual(movesFor(problemOf({ nodes: [nodeOf('a', 4), unready], pods })), [
      { remove: ['a'], add: ['m.1'], join: {} },
    ])
  })

  test('keep to the limits of pools', () => {
    const pools = [{ ...POOL, limits: { cpu: 8000 } }]
    const problem = {
      pools,
      instanceTypes: [typeOf(8, 0.8), typeOf(2, 0.05)],
      pods: [podOf('x', 'a', '2'), podOf('y', 'a', '2')],
    }

    assert.deepEqual(movesFor(problemOf({ ...problem, nodes: [nodeOf('a', 8)] })), [
      { remove: ['a'], add: ['m.2', 'm.2'], join: {} },
    ])
    assert.deepEqual(
      movesFor(problemOf({ ...problem, pools: [{ ...POOL, limits: { nodes: 1 } }], nodes: [nodeOf('a', 8)] })),
      [],
    )
  })

  test('name new nodes as no running one is called', () => {
    const { moves } = consolidate(
      problemOf({ nodes: [nodeOf('plan-0001', 8)], pods: [podOf('x', 'plan-0001', '1')] }),
      OPTIONS,
    )

    assert.deepEqual(
      moves.flatMap(({ add }) => add.map(({ name }) => name)),
      ['plan-0002'],
    )
  })

  test('make no places for pods that had none', () => {
    const problem = problemOf({
      pools: [{ ...POOL, limits: { nodes: 3 } }],
      nodes: [nodeOf('a', 4), nodeOf('b', 4), nodeOf('c', 8)],
      pods: [podOf('late', '', '6'), podOf('x', 'a', '1'), podOf('y', 'b', '1'), podOf('z', 'c', '3500m')],
    })

    const { plan, moves } = consolidate(problem, OPTIONS)

    assert.deepEqual(
      plan.unschedulable.map(({ pod }) => pod),
      [0],
    )
    assert.ok(moves.length > 1)
    assert.ok(moves.every(({ add, existing }) => ![...add, ...existing].some(({ pods }) => pods.includes(0))))
  })

  test('know of zones that only pools have', () => {
    const labels = { app: 'web' }
    const spread = {
      maxSkew: 1,
      topologyKey: ZONE,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: labels },
    }
    const web = { metadata: { labels }, spec: { topologySpreadConstraints: [spread] } }
    const problem = problemOf({
      nodes: [nodeOf('a', 4), nodeOf('b', 4)],
      pods: [podOf('x', 'a', '1', web), podOf('y', 'b', '1', web)],
    })

    const { moves } = consolidate(problem, { ...OPTIONS, budgetNodes: 1 })

    // The other node has room, but then the zone of the pool that has no node yet would be two behind.
    assert.deepEqual(
      moves.map(({ add, existing }) => [add.map(({ zone }) => zone), existing]),
      [[['zone-b'], []]],
    )
  })
})
