import { quantityText, type Amounts } from '../../quantity.ts'
import type { Labels } from '../../label-selector.ts'
import type { Node, Pod, ResourceList } from '../kubernetes.ts'
import { poolLabelsOf } from '../pool-labels.ts'
import type { InstanceType, NodePool, PlannedNode, ProvisioningProblem } from '../problem.ts'
import { CAPACITY_TYPE, HOSTNAME, INSTANCE_TYPE, NODE_POOL, ZONE } from '../well-known.ts'

/** What a plan or a move does to the nodes and pods of a problem. */
export interface Change {
  readonly remove: ReadonlySet<string>
  readonly add: readonly PlannedNode[]
  readonly existing: readonly { readonly node: string; readonly pods: Int32Array }[]
}

/** The problem once a change is made. Pods keep their numbers; those tied to a node that went are on no node any more. */
export function afterChange<Problem extends ProvisioningProblem>(problem: Problem, change: Change): Problem {
  const { remove, add, existing } = change
  const nodes = [...problem.nodes.filter(({ metadata }) => !remove.has(metadata.name)), ...nodesFrom(add, problem)]
  const pods = [...problem.pods]
  const seat = (node: string, numbers: Iterable<number>): void => {
    for (const index of numbers) {
      const pod = pods[index]
      if (pod !== undefined) pods[index] = onNode(pod, node)
    }
  }
  for (const { node, pods: numbers } of existing) seat(node, numbers)
  for (const { name, pods: numbers } of add) seat(name, numbers)
  return { ...problem, nodes, pods }
}

/** A pod bound to a node; to none, when its name is empty. */
export function onNode(pod: Pod, nodeName: string): Pod {
  return { ...pod, spec: { ...pod.spec, nodeName } }
}

/** Planned nodes as the API server would show them once they run. */
function nodesFrom(add: readonly PlannedNode[], { pools, instanceTypes }: ProvisioningProblem): readonly Node[] {
  if (add.length === 0) return []
  const types = new Map(instanceTypes.map((type) => [type.name, type]))
  const typeKeys = new Set(instanceTypes.flatMap(({ labels }) => Object.keys(labels)))
  const moulds = new Map(
    pools.map((pool) => [pool.name, { pool, fixed: poolLabelsOf(pool, (key) => typeKeys.has(key)).fixed }]),
  )
  return add.map((planned) => nodeFrom(planned, moulds.get(planned.nodePool), types.get(planned.instanceType)))
}

interface Mould {
  readonly pool: NodePool
  readonly fixed: Labels
}

function nodeFrom(planned: PlannedNode, mould: Mould | undefined, type: InstanceType | undefined): Node {
  const labels: Labels = {
    ...type?.labels,
    ...mould?.fixed,
    ...planned.labels,
    [INSTANCE_TYPE]: planned.instanceType,
    [ZONE]: planned.zone,
    [CAPACITY_TYPE]: planned.capacityType,
    [NODE_POOL]: planned.nodePool,
    [HOSTNAME]: planned.name,
  }
  return {
    metadata: { name: planned.name, labels },
    spec: { taints: mould?.pool.taints ?? [] },
    status: {
      capacity: resourcesFrom({ ...planned.allocatable, ...type?.capacity }),
      allocatable: resourcesFrom(planned.allocatable),
    },
  }
}

function resourcesFrom(amounts: Amounts): ResourceList {
  return Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, quantityText(resource, amount)]),
  )
}
