import type { Generated } from './column-generation.ts'
import { TASTES } from './fill.ts'
import { accept, draftNode, podsIn, podsOn, type Draft, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import { at } from './vectors.ts'

/** What else decides whether a node may be made. */
export interface Permits {
  /** How many more nodes of a vessel its pool's limits allow. */
  room(vessel: number): number
  take(vessel: number, nodes: number): void
}

interface ConstructOptions {
  /** The patterns to begin with. */
  readonly solution: Generated['solution']
  /** With so few pods left it ends; 0 by default: with none. */
  readonly until?: number
}

/**
 * Makes nodes for what remains: whole multiples of the patterns in use, then their fractions, the largest first, and the
 * rest by what is worth most for its price. What no permitted vessel takes stays in the remains.
 */
export function constructFleet(
  shop: Workshop,
  remains: Remains,
  permits: Permits,
  { solution, until = 0 }: ConstructOptions,
): FleetNode[] {
  const fleet = openFleet(shop, remains, permits)
  const ordered = solution.toSorted((a, b) => b.times - a.times)
  for (const { pattern, times } of ordered) {
    const whole = Math.floor(times + 1e-6)
    for (let made = 0, added = 1; made < whole && added > 0 && fleet.pods() > until; made += added) {
      added = keepPattern(shop, remains, pattern, (draft) => fleet.keep(draft, whole - made))
    }
  }
  const fractions = ordered.toSorted((a, b) => (b.times % 1) - (a.times % 1))
  for (const { pattern } of fractions) {
    if (fleet.pods() > until) keepPattern(shop, remains, pattern, (draft) => fleet.keep(draft, 1))
  }
  const ranked = rankVessels(shop, permits)
  while (fleet.pods() > until) {
    const draft = ranked(remains)
    if (draft === undefined) break
    fleet.keep(draft, Infinity)
  }
  return fleet.nodes
}

/** Nodes that are kept, with the pods that remain. */
function openFleet({ lots }: Workshop, remains: Remains, permits: Permits) {
  const nodes: FleetNode[] = []
  let pods = podsIn(remains)
  const keep = (draft: Draft, most: number): number => {
    const permitted = Math.min(most, permits.room(draft.vessel))
    if (permitted < 1 || draft.items.length === 0) return 0
    const node = accept(lots, remains, draft, permitted)
    if (node.copies === 0) return 0
    permits.take(node.vessel, node.copies)
    nodes.push(node)
    pods -= podsOn(node)
    return node.copies
  }
  return { nodes, keep, pods: () => pods }
}

type PatternInUse = Generated['solution'][number]['pattern']

/** A node of this pattern, if what remains makes it worth its price; answers how many were kept. */
function keepPattern(shop: Workshop, remains: Remains, pattern: PatternInUse, keep: (draft: Draft) => number): number {
  const draft = fromPattern(shop, remains, pattern)
  return isWorthIt(shop, draft) ? keep(draft) : 0
}

/** A node that holds less than this share of its price is worth another thought. */
const WORTH_A_NODE = 0.97

function isWorthIt({ vessels }: Workshop, { vessel, worth }: Draft): boolean {
  return worth >= WORTH_A_NODE * (vessels[vessel]?.price ?? 0)
}

function fromPattern(shop: Workshop, remains: Remains, pattern: PatternInUse): Draft {
  const first: (readonly [number, number])[] = []
  for (let index = 0; index < pattern.rows.length; index++) {
    spreadOver(shop.members[pattern.rows[index] ?? 0] ?? [], remains, at(pattern.amounts, index), first)
  }
  return draftNode(shop, remains, pattern.vessel, { taste: 'bottleneck', first })
}

/** So many pods of the lots that a row of the pattern stands for. */
function spreadOver(
  members: readonly number[],
  { left }: Remains,
  amount: number,
  first: (readonly [number, number])[],
) {
  let wanted = amount
  for (const lot of members) {
    const own = Math.min(wanted, at(left, lot))
    if (own > 0) first.push([lot, own])
    wanted -= own
    if (wanted <= 0) return
  }
}

/**
 * Answers, again and again, with the node that is worth most for its price. With fewer pods left no vessel gets better: one
 * that was worse than another is now is not looked at again. Undefined: nothing that remains fits any permitted vessel.
 */
function rankVessels(shop: Workshop, permits: Permits): (remains: Remains) => Draft | undefined {
  const ratios = new Float64Array(shop.vessels.length)
  for (const vessel of shop.choice) ratios[vessel] = HOPE * at(shop.ratios, vessel)
  return (remains) => {
    const fresh = new Set<number>()
    for (;;) {
      const vessel = bestOf(ratios)
      if (vessel === -1) return undefined
      if (fresh.has(vessel)) return tasted(shop, remains, [vessel])
      fresh.add(vessel)
      ratios[vessel] = permits.room(vessel) < 1 ? 0 : ratioOf(shop, draftNode(shop, remains, vessel, PLAIN))
    }
  }
}

/** Real pods may go better together than the groups of them that prices were found with. */
const HOPE = 1.05

/** Where the highest number is; -1: none is above zero. */
function bestOf(ratios: Float64Array): number {
  let best = -1
  let most = 0
  for (let index = 0; index < ratios.length; index++) {
    const ratio = ratios[index] ?? 0
    if (ratio <= most) continue
    most = ratio
    best = index
  }
  return best
}

/** The node of these vessels that is worth most for its price; undefined: nothing that remains fits any permitted one. */
export function bestDraft(
  shop: Workshop,
  remains: Remains,
  permits: Permits,
  among: Iterable<number>,
): Draft | undefined {
  const rated: { readonly vessel: number; readonly ratio: number }[] = []
  for (const vessel of among) {
    if (permits.room(vessel) < 1) continue
    const ratio = ratioOf(shop, draftNode(shop, remains, vessel, PLAIN))
    if (ratio > 0) rated.push({ vessel, ratio })
  }
  const best = rated.toSorted((a, b) => b.ratio - a.ratio).slice(0, PROMISING)
  return tasted(
    shop,
    remains,
    best.map(({ vessel }) => vessel),
  )
}

/** Of all ways to fill these vessels the one that is worth most for its price. */
function tasted(shop: Workshop, remains: Remains, vessels: readonly number[]): Draft | undefined {
  let best: Draft | undefined
  for (const vessel of vessels) {
    for (const taste of TASTES) {
      const draft = draftNode(shop, remains, vessel, { taste })
      if (best === undefined || ratioOf(shop, draft) > ratioOf(shop, best)) best = draft
    }
  }
  return best
}

/** Nodes that are filled in every way, not in one only. */
const PROMISING = 3
const PLAIN = { taste: 'bottleneck' } as const

function ratioOf({ vessels }: Workshop, { worth, vessel }: Draft): number {
  return worth / (vessels[vessel]?.price || Number.MIN_VALUE)
}
