import { type Amounts, NOTHING, amountsFrom, sumOf } from './amounts.ts'
import { valueOf } from './label-query.ts'
import type { Pool } from './pools.ts'
import { type Problem, countedCapacity } from './problem.ts'
import { NODE_POOL } from './well-known.ts'

/** What running nodes of a pool count against its limits: their capacity (formats.md, settled readings). */
function runningCapacity(pool: Pool, { input }: Problem): Amounts {
  const nodes = (input.nodes ?? []).filter(({ metadata }) => valueOf(metadata.labels ?? {}, NODE_POOL) === pool.name)
  return sumOf(nodes.map(({ status }) => amountsFrom(status?.capacity ?? status?.allocatable)))
}

/**
 * What new nodes of these types exceed of a pool's limits. A pool whose limit is exceeded already by what runs may still
 * get nodes that have none of that resource: nobody is blamed for either.
 */
export function exceededLimits(pool: Pool, typeNames: readonly string[], problem: Problem): readonly string[] {
  const { added, used } = capacityOf(pool, typeNames, problem)
  return [...pool.limits].flatMap(([resource, limit]) =>
    (added.get(resource) ?? 0n) > 0n && (used.get(resource) ?? 0n) > limit ? [resource] : [],
  )
}

/** Whether a pool with these new nodes is within every limit, whatever its nodes have. */
export function isWithinLimits(pool: Pool, typeNames: readonly string[], problem: Problem): boolean {
  const { used } = capacityOf(pool, typeNames, problem)
  return [...pool.limits].every(([resource, limit]) => (used.get(resource) ?? 0n) <= limit)
}

function capacityOf(pool: Pool, typeNames: readonly string[], problem: Problem) {
  const added = sumOf(typeNames.map((name) => capacityOfType(name, problem)))
  return { added, used: sumOf([added, runningCapacity(pool, problem)]) }
}

function capacityOfType(name: string, { types }: Problem): Amounts {
  const type = types.get(name)
  return type === undefined ? NOTHING : countedCapacity(type)
}
