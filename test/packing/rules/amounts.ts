import type { Resources } from '../documents.ts'
import { countedFrom, nanosFrom } from './quantity.ts'

/** Amounts of resources: thousandths of CPUs, whole units of anything else. What is not in it is none. */
export type Amounts = ReadonlyMap<string, bigint>

export const NOTHING: Amounts = new Map()

export function amountsFrom(resources: Resources | undefined): Amounts {
  const entries = Object.entries(resources ?? {})
  return new Map(entries.map(([name, quantity]) => [name, countedFrom(name, nanosFrom(quantity))]))
}

export function sumOf(parts: Iterable<Amounts>): Amounts {
  const sum = new Map<string, bigint>()
  for (const part of parts) for (const [name, amount] of part) sum.set(name, (sum.get(name) ?? 0n) + amount)
  return sum
}

/** Resource by resource the larger amount. */
export function largerOf(one: Amounts, other: Amounts): Amounts {
  const larger = new Map(one)
  for (const [name, amount] of other) if (amount > (larger.get(name) ?? 0n)) larger.set(name, amount)
  return larger
}

/**
 * Resources of which more is used than there is, among those that `wanted` asks for: who asks for none of a resource is
 * welcome even where too much of it is in use.
 */
export function shortOf(used: Amounts, room: Amounts, wanted: Amounts): readonly string[] {
  return [...wanted].flatMap(([name, amount]) =>
    amount > 0n && (used.get(name) ?? 0n) > (room.get(name) ?? 0n) ? [name] : [],
  )
}

export function isSameAmount(one: Amounts, other: Amounts): boolean {
  const names = new Set([...one.keys(), ...other.keys()])
  return [...names].every((name) => (one.get(name) ?? 0n) === (other.get(name) ?? 0n))
}
