import type { Lots } from './lots.ts'
import { at } from './vectors.ts'

/** By what the next pods for a node are chosen. */
export type Taste = 'even' | 'bottleneck' | 'large'

export const TASTES: readonly Taste[] = ['even', 'bottleneck', 'large']

/** Lists that fills share, so that thousands of them allocate nothing. */
export interface FillScratch {
  /** Lots that may still go on the node; -1: no more of that one. */
  readonly open: Int32Array
  /** How good each of them is now, in the same order; 0: it had its turn. */
  readonly scores: Float64Array
  /** What was free when the present batch began. */
  readonly start: Float64Array
}

export function createFillScratch({ size, resources }: Pick<Lots, 'size' | 'resources'>): FillScratch {
  return { open: new Int32Array(size), scores: new Float64Array(size), start: new Float64Array(resources) }
}

export interface FillInput {
  readonly lots: Pick<Lots, 'resources' | 'requests'>
  /** Its `open` holds the lots to choose from. */
  readonly scratch: FillScratch
  /** How many those are. */
  readonly count: number
  /** What is free on the node; `put` keeps it true. */
  readonly free: Float64Array
  /** What a pod of each lot is worth. */
  readonly values: Float64Array
  /** How many pods of each lot are left; `put` keeps it true. */
  readonly left: Float64Array
  readonly taste: Taste
  /** Puts up to so many pods of a lot on the node; answers how many. 0: no more of this lot may come. */
  readonly put: (lot: number, count: number) => number
}

/** Between two looks at what is scarce, so much of what is free may go. */
const BATCH = 0.25

/**
 * Fills one node with what is worth most for the room it takes, judged anew as room gets scarce. Answers what the fill is
 * worth. Source of the rules of choice: dot-product and norm heuristics for vector packing (Panigrahy et al. 2011).
 */
export function fillNode(input: FillInput): number {
  let worth = 0
  for (let count = rate(input, input.count); count > 0; count = rate(input, count)) worth += putBatch(input, count)
  return worth
}

/** Scores what is open; what has no room, or nobody left, is dropped. Answers how many lots are left. */
function rate(input: FillInput, count: number): number {
  const { open, scores } = input.scratch
  let kept = 0
  for (let index = 0; index < count; index++) {
    const lot = open[index] ?? -1
    const score = lot === -1 ? 0 : scoreOf(input, lot)
    if (score <= 0) continue
    open[kept] = lot
    scores[kept] = score
    kept++
  }
  return kept
}

/** 0: there is no room, or nobody left. */
function scoreOf({ lots, free, values, left, taste }: FillInput, lot: number): number {
  const { resources, requests } = lots
  if (at(left, lot) <= 0) return 0
  let sum = 0
  let largest = 0
  for (let r = 0, cell = lot * resources; r < resources; r++, cell++) {
    const request = at(requests, cell)
    if (request === 0) continue
    const room = at(free, r)
    if (request > room) return 0
    const share = request / room
    sum += share
    if (share > largest) largest = share
  }
  const value = at(values, lot)
  if (taste === 'large') return value
  return value / (taste === 'even' ? sum : largest)
}

/** Puts the best lots on, until so much room has gone that another order may be better; answers what they are worth. */
function putBatch(input: FillInput, count: number): number {
  const { lots, scratch, free, values, left, put } = input
  const { open, scores, start } = scratch
  start.set(free)
  let gained = 0
  for (let gone = 0; gone < BATCH;) {
    const index = bestOf(scores, count)
    if (index === -1) break
    scores[index] = 0
    const lot = open[index] ?? 0
    const room = roomIn(lots, lot, free)
    if (room === 0) continue
    // A lot alone has nobody to be weighed against.
    const share = count === 1 ? 0 : shareOf(lots, lot, start)
    const batch = share === 0 ? room : Math.max(1, Math.floor((BATCH - gone) / share))
    const placed = put(lot, Math.min(room, batch, left[lot] ?? 0))
    if (placed === 0) open[index] = -1
    gained += placed * (values[lot] ?? 0)
    gone += placed * share
  }
  return gained
}

/** Where the highest score is, the first of equals; -1: none is above zero. */
function bestOf(scores: Float64Array, count: number): number {
  let best = -1
  let most = 0
  for (let index = 0; index < count; index++) {
    const score = scores[index] ?? 0
    if (score <= most) continue
    most = score
    best = index
  }
  return best
}

type Sizes = Pick<Lots, 'requests' | 'resources'>

/** How many pods of a lot an amount of room takes. */
export function roomIn({ requests, resources }: Sizes, lot: number, free: Float64Array): number {
  let room = Infinity
  for (let r = 0, cell = lot * resources; r < resources; r++, cell++) {
    const request = requests[cell] ?? 0
    if (request > 0) room = Math.min(room, Math.floor((free[r] ?? 0) / request))
  }
  return room
}

function shareOf({ requests, resources }: Sizes, lot: number, free: Float64Array): number {
  let share = 0
  for (let r = 0, cell = lot * resources; r < resources; r++, cell++) {
    const request = requests[cell] ?? 0
    if (request > 0) share = Math.max(share, request / (free[r] ?? 1))
  }
  return share
}
