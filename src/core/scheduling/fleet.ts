import { fillNode, type Taste } from './fill.ts'
import { copyOf, putOn, roomFor, type Load } from './load.ts'
import type { Item, Lots, Vessel } from './lots.ts'
import { at } from './vectors.ts'

/** Nodes that are planned, with the very pods of each item on them. */
export interface FleetNode {
  readonly vessel: number
  readonly load: Load
  /** By lot, and by the number of the item within it: how many pods. */
  readonly picks: readonly Pick[]
  readonly copies: number
}

export interface Pick {
  readonly lot: number
  readonly item: number
  readonly count: number
}

/** Pods that still want a node: changed in place. */
export interface Remains {
  /** By lot. */
  readonly left: Float64Array
  /** By lot and item. */
  readonly items: readonly Float64Array[]
}

export function everything({ counts, items }: Lots): Remains {
  return {
    left: Float64Array.from(counts),
    items: items.map((own) => Float64Array.from(own, ({ count }) => count)),
  }
}

/** A node that is being filled. Nothing is taken off the remains before it is accepted. */
export interface Draft {
  readonly vessel: number
  readonly load: Load
  readonly picks: Pick[]
  readonly left: Float64Array
  readonly worth: number
}

export interface Workshop {
  readonly lots: Lots
  readonly vessels: readonly Vessel[]
  /** What a pod of each lot is worth. */
  readonly values: Float64Array
  /** The lots that each row of a pattern stands for. */
  readonly members: readonly (readonly number[])[]
}

interface DraftOptions {
  readonly taste: Taste
  /** What goes on the node first: lots and how many pods of each. */
  readonly first?: readonly (readonly [lot: number, count: number])[]
}

/** Fills a new node from the remains. */
export function draftNode(
  shop: Workshop,
  remains: Remains,
  vessel: number,
  { taste, first = [] }: DraftOptions,
): Draft {
  const { lots, vessels, values } = shop
  const fresh = vessels[vessel]?.fresh
  if (fresh === undefined) throw new RangeError(`no vessel ${vessel}`)
  const load = copyOf(fresh)
  const left = Float64Array.from(remains.left)
  const picks: Pick[] = []
  const put = (lot: number, wanted: number): number => {
    const placed = putItems({ lots, remains, load, picks }, lot, Math.min(wanted, at(left, lot)))
    left[lot] = at(left, lot) - placed
    return placed
  }
  let worth = 0
  for (const [lot, count] of first) worth += put(lot, count) * at(values, lot)
  worth += fillNode({ lots, vessel, free: load.free, values, left, taste, put })
  return { vessel, load, picks, left, worth }
}

interface PutContext {
  readonly lots: Lots
  readonly remains: Remains
  readonly load: Load
  readonly picks: Pick[]
}

/** More items of a lot than this are not asked whether they get along with who is there. */
const MOST_ASKED = 24

/** Puts pods of the items of a lot on a node, as far as they get along with who is there. */
function putItems({ lots, remains, load, picks }: PutContext, lot: number, wanted: number): number {
  const items: readonly Item[] = lots.items[lot] ?? []
  const left = remains.items[lot]
  let placed = 0
  let asked = 0
  for (let item = 0; item < items.length && placed < wanted && asked < MOST_ASKED; item++) {
    const own = items[item]
    const here = picks.reduce((sum, pick) => (pick.lot === lot && pick.item === item ? sum + pick.count : sum), 0)
    const available = Math.min(wanted - placed, (left?.[item] ?? 0) - here)
    if (own === undefined || available <= 0) continue
    asked++
    const room = roomFor(load, own.shape, available)
    if (room === 0) continue
    putOn(load, own.shape, room)
    picks.push({ lot, item, count: room })
    placed += room
  }
  return placed
}

/** Takes the pods of a draft, and of as many copies as there are pods for, off the remains. */
export function accept({ left, items }: Remains, { vessel, load, picks }: Draft, most: number): FleetNode {
  const totals = new Map<string, Pick>()
  for (const pick of picks) {
    const key = `${pick.lot}/${pick.item}`
    totals.set(key, { ...pick, count: pick.count + (totals.get(key)?.count ?? 0) })
  }
  let copies = most
  for (const { lot, item, count } of totals.values()) {
    copies = Math.min(copies, Math.floor((items[lot]?.[item] ?? 0) / count))
  }
  for (const { lot, item, count } of totals.values()) {
    const own = items[lot]
    if (own !== undefined) own[item] = at(own, item) - count * copies
    left[lot] = at(left, lot) - count * copies
  }
  return { vessel, load, picks: [...totals.values()], copies }
}

/** Gives the pods of one node back. */
export function giveBack({ left, items }: Remains, picks: readonly Pick[]): void {
  for (const { lot, item, count } of picks) {
    const own = items[lot]
    if (own !== undefined) own[item] = at(own, item) + count
    left[lot] = at(left, lot) + count
  }
}
