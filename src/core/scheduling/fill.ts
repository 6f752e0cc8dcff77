import type { Lots } from './lots.ts'

/** By what the next pod for a node is chosen. */
export type Taste = 'even' | 'bottleneck' | 'large'

export const TASTES: readonly Taste[] = ['even', 'bottleneck', 'large']

export interface FillInput {
  readonly lots: Lots
  /** The number of the vessel among those that the lots' masks know. */
  readonly vessel: number
  /** What is free on the node: changed in place. */
  readonly free: Float64Array
  /** What a pod of each lot is worth. */
  readonly values: Float64Array
  /** How many pods of each lot are left; `put` keeps it true. */
  readonly left: Float64Array
  readonly taste: Taste
  /** Puts up to so many pods of a lot on the node, and takes their room off `free`; answers how many. 0: no more of this lot may come. */
  readonly put: (lot: number, count: number) => number
}

/**
 * Fills one node with what is worth most for the room it takes, judged anew as room gets scarce. Answers what the fill is
 * worth. Source of the rules of choice: dot-product and norm heuristics for vector packing (Panigrahy et al. 2011).
 */
export function fillNode(input: FillInput): number {
  const { lots, free, values } = input
  const { resources, requests } = lots
  const open = openLots(input)
  let worth = 0
  while (open.length > 0) {
    let best = -1
    let bestScore = 0
    for (let at = 0; at < open.length; ) {
      const lot = open[at] ?? 0
      const score = scoreOf(input, lot)
      if (score === 0) {
        open[at] = open[open.length - 1] ?? 0
        open.length -= 1
        continue
      }
      if (score > bestScore || (score === bestScore && lot < (open[best] ?? 0))) {
        bestScore = score
        best = at
      }
      at++
    }
    if (best === -1) break
    const lot = open[best] ?? 0
    let room = Infinity
    for (let r = 0; r < resources; r++) {
      const request = requests[lot * resources + r] ?? 0
      if (request > 0) room = Math.min(room, Math.floor((free[r] ?? 0) / request))
    }
    // Half of what fits, so that the choice can change with what is left.
    const wanted = Math.min(input.left[lot] ?? 0, open.length === 1 ? room : Math.max(1, Math.floor(room / 2)))
    const placed = input.put(lot, wanted)
    worth += placed * (values[lot] ?? 0)
    if (placed === 0 || input.left[lot] === 0) {
      open[best] = open[open.length - 1] ?? 0
      open.length -= 1
    }
  }
  return worth
}

function openLots({ lots, vessel, values, left }: FillInput): number[] {
  const open: number[] = []
  for (let lot = 0; lot < lots.size; lot++) {
    if ((left[lot] ?? 0) > 0 && (values[lot] ?? 0) > 0 && lots.masks[lot]?.[vessel] === 1) open.push(lot)
  }
  return open
}

/** 0: there is no room. */
function scoreOf({ lots, free, values, taste }: FillInput, lot: number): number {
  const { resources, requests } = lots
  let sum = 0
  let largest = 0
  for (let r = 0; r < resources; r++) {
    const request = requests[lot * resources + r] ?? 0
    if (request === 0) continue
    const room = free[r] ?? 0
    if (request > room) return 0
    const share = request / room
    sum += share
    if (share > largest) largest = share
  }
  const value = values[lot] ?? 0
  if (taste === 'large') return value
  return value / (taste === 'even' ? sum : largest)
}
