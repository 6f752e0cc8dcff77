import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Node, Pod } from '../kubernetes.ts'
import type { InstanceType, NodePool } from '../problem.ts'
import { consolidate } from './consolidate.ts'
import type { ConsolidationOptions, ConsolidationProblem } from './consolidation.ts'

const GIB = 2 ** 30
const ZONES = ['zone-a', 'zone-b'] as const

/** A type with so many CPUs, 4 GiB for each, at 5 cents for each. */
function typeOf(cpus: number, priceUsdPerHour = cpus * 0.05): InstanceType {
  const room = { cpu: cpus * 1000, memory: cpus * 4 * GIB, pods: 30 }
  return {
    name: `m.${cpus}`,
    capacity: room,
    allocatable: room,
    labels: {},
    offerings: ZONES.map((zone) => ({ zone, capacityType: 'on-demand', priceUsdPerHour, available: true })),
  }
}

const POOL: NodePool = { name: 'general', weight: 0, requirements: [], labels: {}, taints: [], limits: {} }

function nodeOf(name: string, cpus: number, rest: Partial<Node> & { readonly labels?: object } = {}): Node {
  const { labels, metadata, ...others } = rest
  const room = { cpu: String(cpus), memory: `${cpus * 4}Gi`, pods: '30' }
  return {
    metadata: {
      name,
      ...metadata,
      labels: {
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': `m.${cpus}`,
        'topology.kubernetes.io/zone': 'zone-a',
        'longshore.dev/capacity-type': 'on-demand',
        'longshore.dev/nodepool': 'general',
        ...labels,
      },
    },
    status: { capacity: room, allocatable: room },
    ...others,
  }
}

const OWNER = [{ kind: 'ReplicaSet', name: 'web-5d8f', controller: true }]

function podOf(name: string, nodeName: string, cpu: string, rest: { metadata?: object; spec?: object } = {}): Pod {
  return {
    metadata: { name, ownerReferences: OWNER, ...rest.metadata },
    spec: { nodeName, containers: [{ resources: { requests: { cpu } } }], ...rest.spec },
  }
}

function problemOf(rest: Partial<ConsolidationProblem>): ConsolidationProblem {
  return {
    pools: [POOL],
    instanceTypes: [1, 2, 4, 8].map((cpus) => typeOf(cpus)),
    pods: [],
    nodes: [],
    daemonSets: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    namespaces: [],
    podDisruptionBudgets: [],
    ...rest,
  }
}

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
