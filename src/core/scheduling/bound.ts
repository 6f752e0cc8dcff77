import { dualWorth, resourcePrices } from './fractional-knapsack.ts'
import type { Lots, Vessel } from './lots.ts'
import { knapsackFor, roomOf, type Room } from './room.ts'
import { at } from './vectors.ts'
import { bestFill } from './whole-knapsack.ts'

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

/** Looks at vessels and at fills of them, before what is known is taken as it is. */
const MOST_THINGS = 60_000
const MOST_FILLS = 150_000
const MOST_FILLS_OF_ONE = 3000
/** A vessel that may be worth so little more than the best known one need not be looked at closely. */
const TOLERANCE = 1.0005

/**
 * The most that a dollar's worth of any vessel can hold. Prices of resources that suit one vessel give an estimate for all
 * others that is never too low: only those that may beat the best known one are looked at with prices of their own, and then
 * with whole pods.
 */
function mostPerDollar(room: Room, vessels: readonly Vessel[], values: Float64Array): number {
  const estimates = new Float64Array(vessels.length).fill(Infinity)
  const isExact = new Uint8Array(vessels.length)
  let known = 0
  let fills = MOST_FILLS
  for (let looks = 10 + MOST_THINGS / values.length; looks > 0; looks--) {
    const next = highest(estimates)
    if (isExact[next] === 1 || at(estimates, next) <= known * TOLERANCE) break
    isExact[next] = 1
    const own = knapsackFor(room, next, values)
    const prices = resourcePrices(own)
    const perDollar = (vessel: number, worth: number): number => worth / (vessels[vessel]?.price || Number.MIN_VALUE)
    for (let vessel = 0; vessel < vessels.length; vessel++) {
      if (at(estimates, vessel) <= known) continue
      const worth = perDollar(vessel, dualWorth(knapsackFor(room, vessel, values), prices))
      estimates[vessel] = Math.min(at(estimates, vessel), worth)
    }
    const effort = { looks: Math.min(fills, MOST_FILLS_OF_ONE) }
    fills -= effort.looks
    const whole = bestFill(own, prices, known / perDollar(next, 1), effort)
    fills += effort.looks
    estimates[next] = Math.min(at(estimates, next), perDollar(next, whole.worth))
    known = Math.max(known, at(estimates, next))
  }
  return at(estimates, highest(estimates))
}

function highest(numbers: Float64Array): number {
  let best = 0
  for (let index = 1; index < numbers.length; index++) if (at(numbers, index) > at(numbers, best)) best = index
  return best
}
