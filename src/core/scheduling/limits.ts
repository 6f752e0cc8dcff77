import type { Amounts } from '../quantity.ts'
import type { Model } from './model.ts'
import type { ProvisioningProblem } from './problem.ts'
import { INSTANCE_TYPE, NODE_POOL } from './well-known.ts'

/** How many nodes pools may still have. */
export interface LimitBook {
  /** How many more nodes like the one at this place its pool's limits allow. */
  room(place: number): number
  /** Counts nodes that are planned; a negative number gives them back. */
  take(place: number, nodes: number): void
  /** The limit that keeps a node like this one out; undefined: none does. */
  obstacle(place: number): string | undefined
  copy(): LimitBook
}

/** Limits count capacity, and nodes that run already count against them. */
export function openLimitBook(problem: ProvisioningProblem, { places }: Model): LimitBook {
  const left = problem.pools.map(({ limits }) => new Map(Object.entries(limits)))
  const numbers = new Map(problem.pools.map(({ name }, index) => [name, index]))
  const types = new Map(problem.instanceTypes.map((type) => [type.name, type.capacity]))
  for (const { candidate, label, allocatable } of places) {
    const pool = numbers.get(label(NODE_POOL) ?? '')
    if (candidate !== undefined || pool === undefined) continue
    charge(left[pool], types.get(label(INSTANCE_TYPE) ?? '') ?? allocatable, 1)
  }
  const capacityAt = places.map(({ candidate }): Amounts => {
    const type = candidate && problem.instanceTypes[candidate.type]
    return type === undefined ? {} : { ...type.allocatable, ...type.capacity }
  })
  const poolAt = places.map(({ candidate }) => candidate?.pool ?? -1)
  return bookOver({ capacityAt, poolAt }, left)
}

function charge(left: Map<string, number> | undefined, capacity: Amounts, nodes: number): void {
  for (const [resource, amount] of left ?? []) left?.set(resource, amount - amountOf(capacity, resource) * nodes)
}

function amountOf(capacity: Amounts, resource: string): number {
  return resource === 'nodes' ? 1 : (capacity[resource] ?? 0)
}

interface PlaceFacts {
  readonly capacityAt: readonly Amounts[]
  readonly poolAt: readonly number[]
}

function bookOver(facts: PlaceFacts, left: readonly Map<string, number>[]): LimitBook {
  const { capacityAt, poolAt } = facts
  const nodesWithin = (place: number, resource: string, amount: number): number => {
    const each = amountOf(capacityAt[place] ?? {}, resource)
    return each === 0 ? Infinity : Math.max(0, Math.floor(amount / each))
  }
  return {
    room: (place) => {
      let room = Infinity
      for (const [resource, amount] of left[poolAt[place] ?? -1] ?? []) {
        room = Math.min(room, nodesWithin(place, resource, amount))
      }
      return room
    },
    take: (place, nodes) => charge(left[poolAt[place] ?? -1], capacityAt[place] ?? {}, nodes),
    obstacle: (place) => {
      const limits = [...(left[poolAt[place] ?? -1] ?? [])]
      return limits.find(([resource, amount]) => nodesWithin(place, resource, amount) < 1)?.[0]
    },
    copy: () =>
      bookOver(
        facts,
        left.map((limits) => new Map(limits)),
      ),
  }
}
