import type { Generated } from './column-generation.ts'
import { TASTES } from './fill.ts'
import { accept, draftNode, type Draft, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import { at } from './vectors.ts'

/** What else decides whether a node may be made. */
export interface Permits {
  /** How many more nodes of a vessel its pool's limits allow. */
  room(vessel: number): number
  take(vessel: number, nodes: number): void
}

/**
 * Makes nodes for what remains: whole multiples of the patterns in use, then their fractions, the largest first, and the
 * rest by what is worth most for its price. What no permitted vessel takes stays in the remains.
 */
export function constructFleet(shop: Workshop, remains: Remains, generated: Generated, permits: Permits): FleetNode[] {
  const nodes: FleetNode[] = []
  const keep = (draft: Draft, most: number): void => {
    const permitted = Math.min(most, permits.room(draft.vessel))
    if (permitted < 1 || draft.picks.length === 0) return
    const node = accept(remains, draft, permitted)
    if (node.copies === 0) return
    permits.take(node.vessel, node.copies)
    nodes.push(node)
  }
  const ordered = generated.solution.toSorted((a, b) => b.times - a.times)
  for (const { pattern, times } of ordered) {
    const whole = Math.floor(times + 1e-6)
    for (let made = 0; made < whole;) {
      const before = nodes.length
      keep(fromPattern(shop, remains, pattern), whole - made)
      const [added] = nodes.slice(before)
      if (added === undefined) break
      made += added.copies
    }
  }
  const fractions = ordered.toSorted((a, b) => (b.times % 1) - (a.times % 1))
  for (const { pattern } of fractions) {
    const draft = fromPattern(shop, remains, pattern)
    if (draft.worth >= WORTH_A_NODE * priceOf(shop, pattern.vessel)) keep(draft, 1)
  }
  for (;;) {
    const draft = bestDraft(shop, remains, permits)
    if (draft === undefined) return nodes
    keep(draft, Infinity)
  }
}

/** A node that holds less than this share of its price is worth another thought. */
const WORTH_A_NODE = 0.97

function priceOf({ vessels }: Workshop, vessel: number): number {
  return vessels[vessel]?.price ?? 0
}

function fromPattern(shop: Workshop, remains: Remains, pattern: Generated['solution'][number]['pattern']): Draft {
  const first = [...pattern.rows].flatMap((row, index) => spreadOver(shop, remains, row, at(pattern.amounts, index)))
  return draftNode(shop, remains, pattern.vessel, { taste: 'bottleneck', first })
}

/** So many pods of the lots that a row of the pattern stands for. */
function spreadOver({ members }: Workshop, { left }: Remains, row: number, amount: number) {
  const some: (readonly [number, number])[] = []
  let wanted = amount
  for (const lot of members[row] ?? []) {
    const own = Math.min(wanted, left[lot] ?? 0)
    if (own > 0) some.push([lot, own])
    wanted -= own
    if (wanted <= 0) break
  }
  return some
}

/** The node that is worth most for its price; undefined: nothing that remains fits any permitted vessel. */
export function bestDraft(
  shop: Workshop,
  remains: Remains,
  permits: Permits,
  among: Iterable<number> = shop.vessels.keys(),
) {
  if (!remains.left.some((count) => count > 0)) return undefined
  const rated = [...among].flatMap((vessel) => {
    if (permits.room(vessel) < 1) return []
    const draft = draftNode(shop, remains, vessel, { taste: 'bottleneck' })
    return draft.worth > 0 ? [{ draft, ratio: ratioOf(shop, draft) }] : []
  })
  const best = rated.toSorted((a, b) => b.ratio - a.ratio).slice(0, PROMISING)
  const others = best.flatMap(({ draft: { vessel } }) =>
    OTHER_TASTES.map((taste) => {
      const draft = draftNode(shop, remains, vessel, { taste })
      return { draft, ratio: ratioOf(shop, draft) }
    }),
  )
  return [...best, ...others].toSorted((a, b) => b.ratio - a.ratio)[0]?.draft
}

/** Nodes that are filled in every way, not in one only. */
const PROMISING = 4
const OTHER_TASTES = TASTES.filter((taste) => taste !== 'bottleneck')

function ratioOf(shop: Workshop, { worth, vessel }: Draft): number {
  return worth / (priceOf(shop, vessel) || Number.MIN_VALUE)
}
