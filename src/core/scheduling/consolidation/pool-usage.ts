import { amountsFrom, type Amounts } from '../../quantity.ts'
import type { ProvisioningProblem } from '../problem.ts'
import { INSTANCE_TYPE, NODE_POOL } from '../well-known.ts'
import type { Change } from './later-state.ts'

/** What the nodes of each pool have together, held against the pool's limits. */
export interface PoolUsage {
  /** Whether pools stay within the limits of what a change adds to them. */
  readonly allows: (change: Change) => boolean
  readonly apply: (change: Change) => void
}

type Totals = Map<string, Record<string, number>>

export function openPoolUsage({ pools, nodes, instanceTypes }: ProvisioningProblem): PoolUsage {
  const limited = new Map(pools.map(({ name, limits }) => [name, limits]))
  const types = new Map(instanceTypes.map((type) => [type.name, { ...type.allocatable, ...type.capacity }]))
  const running = new Map(
    nodes.map(({ metadata: { name, labels = {} }, status = {} }) => {
      const own = status.capacity ?? status.allocatable
      const capacity = types.get(labels[INSTANCE_TYPE] ?? '') ?? (own === undefined ? {} : amountsFrom(own))
      return [name, { pool: labels[NODE_POOL] ?? '', capacity }]
    }),
  )
  const totals: Totals = new Map()
  for (const { pool, capacity } of running.values()) charge(totals, pool, capacity, 1)

  const chargeChange = (into: Totals, { remove, add }: Change): void => {
    for (const name of remove) {
      const node = running.get(name)
      if (node !== undefined) charge(into, node.pool, node.capacity, -1)
    }
    for (const { nodePool, instanceType } of add) charge(into, nodePool, types.get(instanceType) ?? {}, 1)
  }
  return {
    allows: (change) => {
      const after: Totals = new Map([...totals].map(([pool, amounts]) => [pool, { ...amounts }]))
      chargeChange(after, change)
      return change.add.every(({ nodePool, instanceType }) => {
        const adds: Amounts = { ...types.get(instanceType), nodes: 1 }
        return Object.entries(limited.get(nodePool) ?? {}).every(
          ([resource, limit]) => (adds[resource] ?? 0) === 0 || (after.get(nodePool)?.[resource] ?? 0) <= limit,
        )
      })
    },
    apply: (change) => {
      chargeChange(totals, change)
    },
  }
}

function charge(totals: Totals, pool: string, capacity: Amounts, nodes: number): void {
  const amounts = totals.get(pool) ?? {}
  for (const [resource, amount] of Object.entries({ ...capacity, nodes: 1 })) {
    amounts[resource] = (amounts[resource] ?? 0) + amount * nodes
  }
  totals.set(pool, amounts)
}
