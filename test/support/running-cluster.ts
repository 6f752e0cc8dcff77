import type { ConsolidationProblem } from '../../src/core/scheduling/consolidation/consolidation.ts'
import type { Node, Pod } from '../../src/core/scheduling/kubernetes.ts'
import type { InstanceType, NodePool } from '../../src/core/scheduling/problem.ts'

const GIB = 2 ** 30
export const ZONE = 'topology.kubernetes.io/zone'
const ZONES = ['zone-a', 'zone-b'] as const

/** A type with so many CPUs, 4 GiB for each, at 5 cents for each. */
export function typeOf(cpus: number, priceUsdPerHour = cpus * 0.05): InstanceType {
  const room = { cpu: cpus * 1000, memory: cpus * 4 * GIB, pods: 30 }
  return {
    name: `m.${cpus}`,
    capacity: room,
    allocatable: room,
    labels: {},
    offerings: ZONES.map((zone) => ({ zone, capacityType: 'on-demand', priceUsdPerHour, available: true })),
  }
}

/** A pool without requirements. */
export const POOL: NodePool = { name: 'general', weight: 0, requirements: [], labels: {}, taints: [], limits: {} }

/** A running node of such a type, in zone-a. */
export function nodeOf(name: string, cpus: number, rest: Partial<Node> & { readonly labels?: object } = {}): Node {
  const { labels, metadata, ...others } = rest
  const room = { cpu: String(cpus), memory: `${cpus * 4}Gi`, pods: '30' }
  return {
    metadata: {
      name,
      ...metadata,
      labels: {
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': `m.${cpus}`,
        [ZONE]: 'zone-a',
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

/** A pod of a ReplicaSet on a node; an empty name: it waits. */
export function podOf(
  name: string,
  nodeName: string,
  cpu: string,
  rest: { metadata?: object; spec?: object } = {},
): Pod {
  return {
    metadata: { name, ownerReferences: OWNER, ...rest.metadata },
    spec: { nodeName, containers: [{ resources: { requests: { cpu } } }], ...rest.spec },
  }
}

/** A problem with four types and one pool. */
export function problemOf(rest: Partial<ConsolidationProblem>): ConsolidationProblem {
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
