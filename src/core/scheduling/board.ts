import { copyOfCounts, countPods, objectionTo, type DomainCounts } from './domain-counts.ts'
import type { LimitBook } from './limits.ts'
import { copyOf, putOn, roomFor, type Load } from './load.ts'
import type { Model } from './model.ts'
import type { Shape } from './shape.ts'

/** Nodes with the same pods on them. */
export interface Bin {
  readonly place: number
  readonly load: Load
  /** How many there are; one, when the node exists already. */
  copies: number
}

/** Nodes as they fill. */
export interface Board {
  readonly model: Model
  /** Those that exist come first. */
  readonly bins: Bin[]
  readonly counts: DomainCounts
  readonly limits: LimitBook
  /** An untouched node at each place, as far as plans may use it; undefined: it could hold nothing. */
  readonly fresh: readonly (Load | undefined)[]
  /** The same with all that is free on it. */
  readonly whole: readonly (Load | undefined)[]
  /** What the nodes cost that were opened one by one, in US dollars an hour. */
  readonly spent: { cost: number }
}

/** The same once more, to be filled in another way. */
export function copyOfBoard(board: Board): Board {
  const bins = board.bins.map((bin) => ({ ...bin, load: copyOf(bin.load) }))
  return { ...board, bins, counts: copyOfCounts(board.counts), limits: board.limits.copy(), spent: { ...board.spent } }
}

/** Whether a shape may be at a place at all, room apart. */
export function suits({ model, counts }: Board, { nodeClass, domain }: Shape, place: number): boolean {
  return (
    model.classes.at(nodeClass).mask[place] === 1 &&
    (domain === undefined || objectionTo(counts, domain, place) === undefined)
  )
}

/** How many pods of a shape one node of a bin takes now. What is counted per zone comes one by one. */
function roomOn(board: Board, bin: Bin, shape: Shape, wanted: number): number {
  if (!suits(board, shape, bin.place)) return 0
  return roomFor(bin.load, shape, shape.domain === undefined ? wanted : 1)
}

/** Puts up to `wanted` pods of a shape on the nodes of a bin; answers how many there was room for. */
export function fillBin(board: Board, bin: Bin, shape: Shape, wanted: number): number {
  const each = roomOn(board, bin, shape, wanted)
  if (each === 0) return 0
  // Nodes that stop being alike part. What is counted per zone is counted before the next one comes.
  const full = shape.domain === undefined ? Math.min(bin.copies, Math.floor(wanted / each)) : 1
  const target = full === bin.copies ? bin : splitOff(board, bin, full)
  putOn(target.load, shape, each)
  if (shape.domain !== undefined) countPods(board.counts, shape.domain.counted, bin.place, each * full)
  return each * full
}

/** Takes some of the nodes of a bin into a bin of their own, right behind it. */
export function splitOff(board: Board, bin: Bin, copies: number): Bin {
  const own = { place: bin.place, load: copyOf(bin.load), copies }
  bin.copies -= copies
  board.bins.splice(board.bins.indexOf(bin) + 1, 0, own)
  return own
}

/** Makes nodes at a place; undefined: none can be there, or its pool may have no more. */
export function openBin(board: Board, place: number, copies: number): Bin | undefined {
  const fresh = board.fresh[place]
  if (fresh === undefined || board.limits.room(place) < copies) return undefined
  const bin = { place, load: copyOf(fresh), copies }
  board.limits.take(place, copies)
  board.spent.cost += copies * priceAt(board.model, place)
  board.bins.push(bin)
  return bin
}

/** The price of a node at a place in US dollars an hour; 0: it is there already. */
export function priceAt({ places }: Model, place: number): number {
  return places[place]?.candidate?.priceUsdPerHour ?? 0
}
