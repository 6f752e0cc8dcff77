import type { Amounts } from '../../quantity.ts'
import type { Prospect } from './earnings.ts'

/** Room that is spread over many nodes is never used to the last. */
const USABLE = 0.9

/**
 * The nodes that could go in the end, by sums alone: so many of the most promising that what is on them fits into what is
 * free on the rest. Pods should not be moved to nodes that go next.
 */
export function nodesToGo(prospects: readonly Prospect[]): ReadonlySet<string> {
  const free = new Map<string, number>()
  const moved = new Map<string, number>()
  for (const prospect of prospects) add(free, prospect.free, 1)
  const going = new Set<string>()
  for (const { node, requests, free: own } of prospects) {
    add(free, own, -1)
    add(moved, requests, 1)
    if ([...moved].some(([resource, amount]) => amount > USABLE * (free.get(resource) ?? 0))) break
    going.add(node.metadata.name)
  }
  return going
}

function add(to: Map<string, number>, amounts: Amounts, times: number): void {
  for (const [resource, amount] of Object.entries(amounts)) to.set(resource, (to.get(resource) ?? 0) + amount * times)
}
