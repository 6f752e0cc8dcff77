import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { MoveOutput, MovesOutput, PackInput } from '../documents.ts'
import { move } from '../solver.ts'
import type { Rule } from '../violation.ts'
import { podName } from './after.ts'
import { followMoves } from './check-moves.ts'
import { clusters } from './clusters.ts'

/** Something right, and one way to spoil it; undefined: there is nothing to spoil. */
interface Spoiling {
  readonly kind: string
  readonly rule: Rule
  readonly spoil: (input: PackInput, output: MovesOutput) => readonly [PackInput, MovesOutput] | undefined
}

/** Spoils the first move for which there is a way. */
function inMove(change: (one: MoveOutput, input: PackInput) => MoveOutput | undefined): Spoiling['spoil'] {
  return (input, output) => {
    const changed = output.moves.map((one) => change(one, input))
    const at = changed.findIndex((one) => one !== undefined)
    const spoilt = changed[at]
    return spoilt && [input, { ...output, moves: output.moves.with(at, spoilt) }]
  }
}

function inInput(change: (input: PackInput, output: MovesOutput) => PackInput | undefined): Spoiling['spoil'] {
  return (input, output) => {
    const changed = change(input, output)
    return changed && [changed, output]
  }
}

const DO_NOT_DISRUPT = { annotations: { 'longshore.dev/do-not-disrupt': 'true' } }

/** The input in which one pod that moves is another. */
function withMovedPod(change: (pod: PackInput['pods'][number]) => PackInput['pods'][number]): Spoiling['spoil'] {
  return inInput((input, { moves }) => {
    const moved = moves.flatMap(({ existing, add }) => [...existing, ...add].flatMap(({ pods }) => pods))[0]
    if (moved === undefined) return undefined
    return { ...input, pods: input.pods.map((pod) => (podName(pod) === moved ? change(pod) : pod)) }
  })
}

/** The input in which a node that goes is another. */
function withRemovedNode(change: (node: Node) => Node): Spoiling['spoil'] {
  return inInput((input, { moves: [first] }) => {
    if (!first) return undefined
    const isFirst = ({ metadata }: Node) => metadata.name === first.remove[0]
    return { ...input, nodes: (input.nodes ?? []).map((node) => (isFirst(node) ? change(node) : node)) }
  })
}

/** The input in which a node that takes pods is another. */
function withTarget(change: (node: Node) => Node): Spoiling['spoil'] {
  return inInput((input, { moves }) => {
    const target = moves.flatMap(({ existing }) => existing)[0]?.node
    if (target === undefined) return undefined
    const nodes = (input.nodes ?? []).map((node) => (node.metadata.name === target ? change(node) : node))
    return { ...input, nodes }
  })
}

type Node = NonNullable<PackInput['nodes']>[number]

const SPOILINGS: readonly Spoiling[] = [
  {
    kind: 'a pod is forgotten',
    rule: 'accounting',
    spoil: inMove(({ existing: [first, ...rest], ...one }) => first && { ...one, existing: rest }),
  },
  {
    kind: 'a pod is moved twice',
    rule: 'accounting',
    spoil: inMove(({ existing: [first, ...rest], ...one }) => first && { ...one, existing: [first, first, ...rest] }),
  },
  {
    kind: 'a node that takes pods has no room for them',
    rule: 'room',
    spoil: withTarget((node) => ({ ...node, status: { ...node.status, allocatable: { cpu: '1m', pods: '1' } } })),
  },
  {
    kind: 'a node goes that does not exist',
    rule: 'protection',
    spoil: inMove((one) => ({ ...one, remove: [...one.remove, 'nobody'] })),
  },
  {
    kind: 'a node goes twice',
    rule: 'protection',
    spoil: (input, output) => {
      const [first] = output.moves
      return first && [input, { ...output, moves: [...output.moves, { ...first, existing: [], add: [] }] }]
    },
  },
  {
    kind: 'a pod that moves is protected',
    rule: 'protection',
    spoil: withMovedPod((pod) => ({ ...pod, metadata: { ...pod.metadata, ...DO_NOT_DISRUPT } })),
  },
  {
    kind: 'a pod that moves has no controller',
    rule: 'protection',
    spoil: withMovedPod((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } })),
  },
  {
    kind: 'a node that goes is protected',
    rule: 'protection',
    spoil: withRemovedNode((node) => ({ ...node, metadata: { ...node.metadata, ...DO_NOT_DISRUPT } })),
  },
  {
    kind: 'a node that goes is cordoned',
    rule: 'protection',
    spoil: withRemovedNode((node) => ({ ...node, spec: { ...node.spec, unschedulable: true } })),
  },
  {
    kind: 'a node that goes is being deleted already',
    rule: 'protection',
    spoil: withRemovedNode((node) => ({ ...node, metadata: { ...node.metadata, deletionTimestamp: 'now' } })),
  },
  {
    kind: 'a node that goes is of no known price',
    rule: 'protection',
    spoil: withRemovedNode((node) => ({
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, 'node.kubernetes.io/instance-type': 'x' } },
    })),
  },
  {
    kind: 'a node that takes pods is not Ready',
    rule: 'protection',
    spoil: withTarget((node) => ({
      ...node,
      status: { ...node.status, conditions: [{ type: 'Ready', status: 'False' }] },
    })),
  },
  {
    kind: 'a reason to stay is not told',
    rule: 'protection',
    spoil: (input, { leftAlone: [first, ...rest], ...output }) => first && [input, { ...output, leftAlone: rest }],
  },
  {
    kind: 'a reason to stay does not name the node',
    rule: 'protection',
    spoil: (input, { leftAlone: [first, ...rest], ...output }) =>
      first && [input, { ...output, leftAlone: [{ ...first, reason: 'it stays' }, ...rest] }],
  },
  {
    kind: 'more nodes go than may',
    rule: 'budget',
    spoil: inInput((input, { moves }) => {
      const budgetNodes = moves.flatMap(({ remove }) => remove).length - 1
      return budgetNodes < 0 ? undefined : { ...input, options: { ...input.options, budgetNodes } }
    }),
  },
  {
    kind: 'more pods of a budget move than may',
    rule: 'budget',
    spoil: inInput((input, { moves }) => {
      const count = moves.reduce((total, { podsMoved }) => total + podsMoved, 0)
      const budgets = ['shop', 'back'].map((namespace) => ({
        metadata: { name: 'none', namespace },
        spec: { selector: {} },
        status: { disruptionsAllowed: 0 },
      }))
      return count === 0 ? undefined : { ...input, podDisruptionBudgets: budgets }
    }),
  },
  {
    kind: 'a saving is exaggerated',
    rule: 'saving',
    spoil: inMove((one) => ({ ...one, savesUsdPerHour: one.savesUsdPerHour + 0.01 })),
  },
  {
    kind: 'moved pods are counted wrongly',
    rule: 'saving',
    spoil: inMove((one) => ({ ...one, podsMoved: one.podsMoved + 1 })),
  },
  {
    kind: 'a disruption is played down',
    rule: 'saving',
    spoil: inMove((one) => ({ ...one, disruption: one.disruption - 1 })),
  },
  {
    kind: 'a move is not worth its disruption',
    rule: 'saving',
    spoil: inInput((input, { moves }) =>
      moves.length === 0 ? undefined : { ...input, options: { ...input.options, usdPerDisruption: 1000 } },
    ),
  },
  {
    kind: 'a new node is dearer than it says',
    rule: 'node',
    spoil: inMove(
      ({ add: [first, ...rest], ...one }) =>
        first && { ...one, add: [{ ...first, priceUsdPerHour: first.priceUsdPerHour / 2 }, ...rest] },
    ),
  },
  {
    kind: 'the total before is another',
    rule: 'totals',
    spoil: (input, output) => [
      input,
      { ...output, before: { ...output.before, usdPerHour: output.before.usdPerHour + 1 } },
    ],
  },
  {
    kind: 'the nodes after are others',
    rule: 'totals',
    spoil: (input, output) => [input, { ...output, after: { ...output.after, nodes: output.after.nodes + 1 } }],
  },
]

const CLUSTERS = 140
const LEAST = 3
const MOST = 6

describe('right moves are blamed when', () => {
  const right = fc.sample(clusters, { seed: 11, numRuns: CLUSTERS }).map((input) => [input, move(input)] as const)

  for (const { kind, rule, spoil } of SPOILINGS) {
    test(kind, () => {
      const spoilt = right.flatMap(([input, output]) => {
        const one = spoil(input, output)
        return one ? [one] : []
      })
      const unnoticed = spoilt
        .slice(0, MOST)
        .filter(([input, output]) => !followMoves(input, output).violations.some((found) => found.rule === rule))

      assert.ok(spoilt.length >= LEAST, `only ${spoilt.length} of ${CLUSTERS} can be spoilt so`)
      assert.deepEqual(unnoticed, [])
    })
  }
})
