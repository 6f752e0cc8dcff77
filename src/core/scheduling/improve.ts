import { bestDraft, type Permits } from './construct.ts'
import { accept, draftNode, giveBack, type Draft, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import type { PackOptions } from './problem.ts'
import { at } from './vectors.ts'

export interface ImproveOptions {
  readonly rounds: number
  readonly isTimeUp: PackOptions['isTimeUp']
  readonly permits: Permits
}

/**
 * Takes a few nodes apart and looks for a cheaper set for their pods, again and again; answers how many rounds were made.
 * The choice is random, and always the same.
 */
export function improveFleet(shop: Workshop, nodes: FleetNode[], remains: Remains, options: ImproveOptions): number {
  const chance = createChance(1)
  let cost = nodes.reduce((sum, { vessel, copies }) => sum + copies * priceOf(shop, vessel), 0)
  for (let round = 0; round < options.rounds; round++) {
    if (nodes.length === 0 || options.isTimeUp(cost)) return round
    const chosen = choose(shop, nodes, chance)
    const trial = { ...shop, values: shaken(shop.values, chance) }
    const removed = chosen.map((index) => takeOne(nodes, index))
    const before = removed.reduce((sum, { vessel }) => sum + priceOf(shop, vessel), 0)
    for (const node of removed) {
      giveBack(shop.lots, remains, node, 1)
      options.permits.take(node.vessel, -1)
    }
    const among = sample(shop, before, chance)
    const better = rebuild(trial, remains, { budget: before, permits: options.permits, among })
    if (better === undefined) restore(shop, nodes, removed, { remains, permits: options.permits })
    else {
      nodes.push(...better)
      cost += better.reduce((sum, { vessel }) => sum + priceOf(shop, vessel), -before)
    }
    compact(nodes)
  }
  return options.rounds
}

function priceOf({ vessels }: Workshop, vessel: number): number {
  return vessels[vessel]?.price ?? 0
}

/** Numbers in [0, 1) that look random: mulberry32. */
function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Some of the vessels that cost less than a price. */
function sample({ vessels, choice }: Workshop, price: number, chance: () => number): readonly number[] {
  const affordable = choice.findLastIndex((vessel) => (vessels[vessel]?.price ?? 0) < price) + 1
  if (affordable <= SAMPLE) return choice.slice(0, affordable)
  return [...new Set(Array.from({ length: SAMPLE }, () => choice[Math.floor(chance() * affordable)] ?? 0))]
}

const SAMPLE = 14

/** Values a little off, so that the same nodes taken apart twice are not put together the same way. */
function shaken(values: Float64Array, chance: () => number): Float64Array {
  return values.map((value) => value * (1 + SHAKE * (chance() - 0.5)))
}

const SHAKE = 0.2

/** Up to four different nodes: one that earns little, and any others. */
function choose(shop: Workshop, nodes: readonly FleetNode[], chance: () => number): readonly number[] {
  const pick = (): number => Math.floor(chance() * nodes.length)
  let worst = pick()
  for (let tries = 0; tries < 6; tries++) {
    const other = pick()
    if (earning(shop, nodes[other]) < earning(shop, nodes[worst])) worst = other
  }
  const chosen = new Set([worst])
  const wanted = 2 + Math.floor(chance() * 3)
  for (let tries = 0; tries < 8 && chosen.size < Math.min(wanted, nodes.length); tries++) chosen.add(pick())
  return [...chosen].toSorted((a, b) => b - a)
}

/** What the pods of a node are worth for its price. */
function earning({ lots, values, vessels }: Workshop, node: FleetNode | undefined): number {
  if (node === undefined) return Infinity
  let worth = 0
  for (const [index, item] of node.items.entries())
    worth += (node.counts[index] ?? 0) * at(values, lots.lotOf[item] ?? 0)
  return worth / (vessels[node.vessel]?.price || Number.MIN_VALUE)
}

/** One of the copies of a node; an empty entry is swept by `compact`. */
function takeOne(nodes: FleetNode[], index: number): FleetNode {
  const node = nodes[index]
  if (node === undefined) throw new RangeError(`no node ${index}`)
  nodes[index] = { ...node, copies: node.copies - 1 }
  return { ...node, copies: 1 }
}

function compact(nodes: FleetNode[]): void {
  for (let index = nodes.length - 1; index >= 0; index--) if (nodes[index]?.copies === 0) nodes.splice(index, 1)
}

interface Ground {
  readonly remains: Remains
  readonly permits: Permits
}

function restore(
  { lots }: Workshop,
  nodes: FleetNode[],
  removed: readonly FleetNode[],
  { remains, permits }: Ground,
): void {
  for (const node of removed) {
    giveBack(lots, remains, node, -1)
    permits.take(node.vessel, 1)
    const same = nodes.findIndex(({ items, vessel }) => items === node.items && vessel === node.vessel)
    const known = nodes[same]
    if (known === undefined) nodes.push(node)
    else nodes[same] = { ...known, copies: known.copies + 1 }
  }
}

interface RebuildOptions {
  /** What the nodes cost before: they must come to less. */
  readonly budget: number
  readonly permits: Permits
  /** The vessels that are tried. */
  readonly among: readonly number[]
}

/** A saving below this share is no saving: sums of prices are rounded. */
const LEAST_SAVING = 1e-9

/** Nodes for all that remains below a budget, taken off the remains; undefined: there are none, and nothing has changed. */
function rebuild(
  shop: Workshop,
  remains: Remains,
  { budget, permits, among }: RebuildOptions,
): readonly FleetNode[] | undefined {
  const made: FleetNode[] = []
  let spent = 0
  for (;;) {
    const rest = budget * (1 - LEAST_SAVING) - spent
    const last = cheapestForAll(shop, remains, { rest, permits })
    const next = last ?? bestDraft(shop, remains, permits, among)
    const price = next === undefined ? Infinity : priceOf(shop, next.vessel)
    if (next === undefined || price >= rest) break
    const node = accept(shop.lots, remains, next, 1)
    permits.take(node.vessel, node.copies)
    made.push(node)
    spent += price
    if (last !== undefined) return made
  }
  for (const node of made) {
    giveBack(shop.lots, remains, node, node.copies)
    permits.take(node.vessel, -node.copies)
  }
  return undefined
}

/** The cheapest node below a price that takes all that remains. */
function cheapestForAll(
  shop: Workshop,
  remains: Remains,
  { rest, permits }: { readonly rest: number; readonly permits: Permits },
): Draft | undefined {
  const { pods, sum } = sumOf(shop, remains)
  for (const [vessel, { price, fresh }] of shop.vessels.entries()) {
    if (price >= rest) return undefined
    if (permits.room(vessel) < 1 || sum.some((amount, r) => amount > at(fresh.free, r))) continue
    const draft = draftNode(shop, remains, vessel, { taste: 'large' })
    if (draft.counts.reduce((all, count) => all + count, 0) === pods) return draft
  }
  return undefined
}

/** How many pods remain, and what they take together. */
function sumOf({ lots }: Workshop, { open, left }: Remains): { readonly pods: number; readonly sum: Float64Array } {
  const sum = new Float64Array(lots.resources)
  let pods = 0
  for (const lot of open) {
    const count = at(left, lot)
    pods += count
    for (let r = 0; r < lots.resources; r++) sum[r] = at(sum, r) + count * at(lots.requests, lot * lots.resources + r)
  }
  return { pods, sum }
}
