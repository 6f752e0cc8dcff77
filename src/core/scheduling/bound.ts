import { dualWorth, fillFractionally, type Knapsack } from './fractional-knapsack.ts'
import type { Lots, Vessel } from './lots.ts'

/**
 * No nodes that hold these pods cost less, in US dollars an hour: values of pods under which no node could hold more than
 * it costs (Farley 1990). Two sets of values are tried: those given, and those that the nodes' own resources are worth.
 */
export function lowerBound(lots: Lots, vessels: readonly Vessel[], values: Float64Array): number {
  if (lots.size === 0) return 0
  const sacks = vessels.map((vessel, index) => knapsackFor(lots, vessel, index))
  const fills = sacks.map(({ sack, things }) => fillFractionally({ ...sack, values: pick(values, things) }))
  const direct = scaled(lots, values, fills.map(({ worth }, index) => worth / (vessels[index]?.price ?? 1)))

  const linear = new Float64Array(lots.size).fill(Infinity)
  for (const [index, { sack, things }] of sacks.entries()) {
    const prices = fills[index]?.prices ?? new Float64Array()
    for (const [thing, lot] of things.entries()) {
      linear[lot] = Math.min(linear[lot] ?? Infinity, shareWorth(sack, thing, prices))
    }
  }
  const worths = sacks.map(({ sack, things }, index) => {
    const worth = dualWorth({ ...sack, values: pick(linear, things) }, fills[index]?.prices ?? new Float64Array())
    return worth / (vessels[index]?.price ?? 1)
  })
  return Math.max(direct, scaled(lots, linear, worths))
}

/** The worth of all pods, when values are scaled so that no node holds more than its price. */
function scaled({ counts }: Lots, values: Float64Array, worthPerDollar: readonly number[]): number {
  const most = Math.max(...worthPerDollar)
  let total = 0
  for (const [lot, count] of counts.entries()) total += count * (values[lot] ?? 0)
  // Rounding must not lift a bound above what can be reached.
  return most <= 0 ? 0 : (total / most) * (1 - 1e-9)
}

function pick(values: Float64Array, things: readonly number[]): Float64Array {
  return Float64Array.from(things, (lot) => values[lot] ?? 0)
}

function shareWorth({ shares, resources }: Omit<Knapsack, 'values'>, thing: number, prices: Float64Array): number {
  let worth = 0
  for (let r = 0; r < resources; r++) worth += (prices[r] ?? 0) * (shares[thing * resources + r] ?? 0)
  return worth
}

interface Sack {
  readonly sack: Omit<Knapsack, 'values'>
  /** The lots that may go there. */
  readonly things: readonly number[]
}

/** Caps that several lots share count as one more resource, as long as there are few. */
const MOST_SHARED_CAPS = 12

function knapsackFor(lots: Lots, { fresh }: Vessel, vessel: number): Sack {
  const things = lots.masks.flatMap((mask, lot) => (mask[vessel] === 1 ? [lot] : []))
  const circles = sharedCircles(lots)
  const resources = lots.resources + circles.length
  const shares = new Float64Array(things.length * resources)
  const most = new Float64Array(things.length)
  for (const [thing, lot] of things.entries()) {
    let fits = Math.min(lots.counts[lot] ?? 0, lots.perNode[lot] ?? Infinity)
    for (let r = 0; r < lots.resources; r++) {
      const request = lots.requests[lot * lots.resources + r] ?? 0
      if (request === 0) continue
      shares[thing * resources + r] = request / (fresh.free[r] ?? 1)
      fits = Math.min(fits, Math.floor((fresh.free[r] ?? 0) / request))
    }
    const circle = circles.indexOf(lots.circles[lot] ?? -1)
    if (circle !== -1) shares[thing * resources + lots.resources + circle] = 1 / (lots.perNode[lot] ?? 1)
    most[thing] = fits
  }
  return { sack: { shares, resources, most }, things }
}

/** Circles of more than one lot, the most populous first. */
function sharedCircles({ circles, counts }: Lots): readonly number[] {
  const sizes = new Map<number, { lots: number; pods: number }>()
  for (const [lot, circle] of circles.entries()) {
    if (circle === -1) continue
    const size = sizes.get(circle) ?? { lots: 0, pods: 0 }
    sizes.set(circle, { lots: size.lots + 1, pods: size.pods + (counts[lot] ?? 0) })
  }
  const shared = [...sizes].filter(([, size]) => size.lots > 1).toSorted(([, a], [, b]) => b.pods - a.pods)
  return shared.slice(0, MOST_SHARED_CAPS).map(([circle]) => circle)
}
