import type { Lots } from './lots.ts'
import { at } from './vectors.ts'

/** By what the next pods for a node are chosen. */
export type Taste = 'even' | 'bottleneck' | 'large'

export const TASTES: readonly Taste[] = ['even', 'bottleneck', 'large']

export interface FillInput {
  readonly lots: Lots
  /** The number of the vessel among those that the lots' masks know. */
  readonly vessel: number
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
  let open = openLots(input)
  const scores = new Float64Array(input.lots.size)
  let worth = 0
  while (open.length > 0) {
    open = open.filter((lot) => {
      const score = scoreOf(input, lot)
      scores[lot] = score
      return score > 0
    })
    open.sort((a, b) => at(scores, b) - at(scores, a) || a - b)
    const { gained, refused } = putBatch(input, open)
    worth += gained
    if (refused.size > 0) open = open.filter((lot) => !refused.has(lot))
    else if (gained === 0) break
  }
  return worth
}

function openLots({ lots, vessel, values, left }: FillInput): number[] {
  const open: number[] = []
  for (let lot = 0; lot < lots.size; lot++) {
    if (at(left, lot) > 0 && at(values, lot) > 0 && lots.masks[lot]?.[vessel] === 1) open.push(lot)
  }
  return open
}

/** Puts the best lots on, until so much room has gone that another order may be better. */
function putBatch(input: FillInput, open: readonly number[]) {
  const start = Float64Array.from(input.free)
  const refused = new Set<number>()
  let gained = 0
  let gone = 0
  for (const lot of open) {
    if (gone >= BATCH) break
    const room = roomIn(input.lots, lot, input.free)
    if (room === 0) continue
    // A lot alone has nobody to be weighed against.
    const share = open.length === 1 ? 0 : shareOf(input.lots, lot, start)
    const batch = share === 0 ? room : Math.max(1, Math.floor((BATCH - gone) / share))
    const placed = input.put(lot, Math.min(room, batch, at(input.left, lot)))
    gained += placed * at(input.values, lot)
    gone += placed * share
    if (placed === 0) refused.add(lot)
  }
  return { gained, refused }
}

/** How many pods of a lot an amount of room takes. */
export function roomIn({ requests, resources }: Lots, lot: number, free: Float64Array): number {
  let room = Infinity
  for (let r = 0; r < resources; r++) {
    const request = at(requests, lot * resources + r)
    if (request > 0) room = Math.min(room, Math.floor(at(free, r) / request))
  }
  return room
}

function shareOf({ requests, resources }: Lots, lot: number, free: Float64Array): number {
  let share = 0
  for (let r = 0; r < resources; r++) {
    const request = at(requests, lot * resources + r)
    if (request > 0) share = Math.max(share, request / (free[r] ?? 1))
  }
  return share
}

/** 0: there is no room, or nobody left. */
function scoreOf({ lots, free, values, left, taste }: FillInput, lot: number): number {
  const { resources, requests } = lots
  if (at(left, lot) <= 0) return 0
  let sum = 0
  let largest = 0
  for (let r = 0; r < resources; r++) {
    const request = at(requests, lot * resources + r)
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
