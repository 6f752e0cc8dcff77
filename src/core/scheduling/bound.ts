import type { Lots, Vessel } from './lots.ts'
import { createNodeWorths } from './node-worths.ts'
import { roomOf, type Room } from './room.ts'
import { at } from './vectors.ts'

/**
 * No nodes that hold these pods cost less, in US dollars an hour: values of pods under which no node could hold more than
 * it costs (Farley 1990). The best of several sets of values counts; any values will do, good ones give a high bound.
 */
export function lowerBound(lots: Lots, vessels: readonly Vessel[], candidates: readonly Float64Array[]): number {
  if (lots.size === 0) return 0
  const room = roomOf(lots, vessels)
  return Math.max(0, ...candidates.map((values) => scaledWorth(lots, values, mostPerDollar(room, vessels, values))))
}

/** The worth of all pods, when values are scaled so that no node holds more than its price. */
function scaledWorth({ counts }: Lots, values: Float64Array, mostWorthPerDollar: number): number {
  let total = 0
  for (const [lot, count] of counts.entries()) total += count * at(values, lot)
  // Rounding must not lift a bound above what can be reached.
  return mostWorthPerDollar <= 0 ? 0 : (total / mostWorthPerDollar) * (1 - 1e-9)
}

/** Vessels and lots that are looked at before what is known is taken as it is. */
const MOST_THINGS = 60_000
/** A vessel that may be worth so little more than the best known one need not be looked at closely. */
const TOLERANCE = 1.0005

/**
 * The most that a dollar's worth of any vessel can hold. Only those that may beat the best known one are looked at closely.
 */
function mostPerDollar(room: Room, vessels: readonly Vessel[], values: Float64Array): number {
  const worths = createNodeWorths(room, values)
  const priceOf = (vessel: number): number => vessels[vessel]?.price || Number.MIN_VALUE
  const perDollar = (vessel: number): number => at(worths.most, vessel) / priceOf(vessel)
  const next = (): number => highest(vessels.length, perDollar)
  let known = 0
  for (let looks = 10 + MOST_THINGS / values.length; looks > 0; looks--) {
    const vessel = next()
    if (worths.isKnown(vessel) || perDollar(vessel) <= known * TOLERANCE) break
    worths.lookAt(vessel, (other) => known * priceOf(other))
    known = Math.max(known, perDollar(vessel))
  }
  return perDollar(next())
}

function highest(count: number, rate: (index: number) => number): number {
  let best = 0
  for (let index = 1; index < count; index++) if (rate(index) > rate(best)) best = index
  return best
}
