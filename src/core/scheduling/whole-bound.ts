import { cheapestCover } from './cover.ts'
import type { Lots, Vessel } from './lots.ts'
import { createNodeWorths } from './node-worths.ts'
import { roomOf, type Room } from './room.ts'
import { at } from './vectors.ts'

/** Covers that are looked at, before the last one counts as it is. */
const MOST_COVERS = 100

/**
 * No nodes that hold these pods cost less, in US dollars an hour, because nodes are whole: they have to be worth as much together as
 * all pods are, whatever the values of pods. `lowerBound` takes parts of nodes as well; that says too little about plans of a
 * few nodes, and this too little about plans of many.
 */
export function wholeNodesBound(lots: Lots, vessels: readonly Vessel[], candidates: readonly Float64Array[]): number {
  const room = roomOf(lots, vessels)
  const prices = Float64Array.from(vessels, ({ price }) => price)
  return Math.max(0, ...candidates.map((values) => coverOf(lots, { room, prices, values })))
}

interface Offer {
  readonly room: Room
  /** By vessel. */
  readonly prices: Float64Array
  /** By lot. */
  readonly values: Float64Array
}

/** Looks closely at the nodes that seem to cover the demand for least, until they are known to. */
function coverOf({ counts }: Lots, { room, prices, values }: Offer): number {
  const worths = createNodeWorths(room, values)
  const demand = counts.reduce((sum, count, lot) => sum + count * at(values, lot), 0)
  if (demand <= 0) return 0
  let cover = cheapestCover(worths.most, prices, demand)
  for (let covers = MOST_COVERS; covers > 0; covers--) {
    const unknown = [...cover.vessels].filter((vessel) => !worths.isKnown(vessel))
    if (unknown.length === 0) break
    for (const vessel of unknown) worths.lookAt(vessel, () => 0)
    cover = cheapestCover(worths.most, prices, demand)
  }
  // Rounding must not lift a bound above what can be reached.
  return cover.price * (1 - 1e-9)
}
