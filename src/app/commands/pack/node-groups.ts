import type { Amounts } from '../../../core/quantity.ts'
import type { PlannedNode } from '../../../core/scheduling/problem.ts'

/** Planned nodes that are alike. */
export interface NodeGroup {
  readonly sample: PlannedNode
  readonly count: number
  readonly pods: number
  /** Shares of what pods may use of each resource, 0 to 1, over all nodes of the group. */
  readonly fill: Amounts
}

/** Groups of the same pool, type, zone, capacity type and price: those that cost most together come first. */
export function nodeGroups(nodes: readonly PlannedNode[]): readonly NodeGroup[] {
  const groups = Map.groupBy(nodes, ({ nodePool, instanceType, zone, capacityType, priceUsdPerHour }) =>
    [nodePool, instanceType, zone, capacityType, priceUsdPerHour].join('|'),
  )
  return [...groups.values()]
    .flatMap((members) => groupOf(members))
    .toSorted((a, b) => b.sample.priceUsdPerHour * b.count - a.sample.priceUsdPerHour * a.count)
}

function groupOf(members: readonly PlannedNode[]): readonly NodeGroup[] {
  const [sample] = members
  if (sample === undefined) return []
  const pods = members.reduce((sum, node) => sum + node.pods.length, 0)
  return [{ sample, count: members.length, pods, fill: fillOf(members) }]
}

function fillOf(members: readonly PlannedNode[]): Amounts {
  const resources = new Set(members.flatMap(({ allocatable }) => Object.keys(allocatable)))
  const total = (amounts: (node: PlannedNode) => Amounts, resource: string): number =>
    members.reduce((sum, node) => sum + (amounts(node)[resource] ?? 0), 0)
  return Object.fromEntries(
    [...resources].map((resource) => {
      const room = total(({ allocatable }) => allocatable, resource)
      return [resource, room === 0 ? 0 : total(({ requests }) => requests, resource) / room]
    }),
  )
}
