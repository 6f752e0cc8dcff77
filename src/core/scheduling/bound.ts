import { dualWorth, resourcePrices, type Knapsack } from './fractional-knapsack.ts'
import type { Lots, Vessel } from './lots.ts'
import { at } from './vectors.ts'

/**
 * No nodes that hold these pods cost less, in US dollars an hour: values of pods under which no node could hold more than
 * it costs (Farley 1990). Two sets of values are tried: those given, and those that the nodes' own resources are worth.
 */
export function lowerBound(lots: Lots, vessels: readonly Vessel[], values: Float64Array): number {
  if (lots.size === 0) return 0
  const sacks = vessels.map((vessel, index) => knapsackFor(lots, vessel, index))
  const prices = sacks.map(({ sack, things }) => resourcePrices({ ...sack, values: pick(values, things) }))
  const linear = worthOfResources(lots, sacks, prices)
  const perDollar = (own: Float64Array): readonly number[] =>
    sacks.map(({ sack, things }, index) => {
      const worth = dualWorth({ ...sack, values: pick(own, things) }, prices[index] ?? new Float64Array())
      return worth / (vessels[index]?.price ?? 1)
    })
  return Math.max(scaled(lots, values, perDollar(values)), scaled(lots, linear, perDollar(linear)))
}

/** What each lot's pods take of the node where that is worth least. */
function worthOfResources({ size }: Lots, sacks: readonly Sack[], prices: readonly Float64Array[]): Float64Array {
  const linear = new Float64Array(size).fill(Infinity)
  for (const [index, { sack, things }] of sacks.entries()) {
    const own = prices[index] ?? new Float64Array()
    for (const [thing, lot] of things.entries()) {
      linear[lot] = Math.min(at(linear, lot), shareWorth(sack, thing, own))
    }
  }
  return linear
}

/** The worth of all pods, when values are scaled so that no node holds more than its price. */
function scaled({ counts }: Lots, values: Float64Array, worthPerDollar: readonly number[]): number {
  const most = Math.max(...worthPerDollar)
  let total = 0
  for (const [lot, count] of counts.entries()) total += count * at(values, lot)
  // Rounding must not lift a bound above what can be reached.
  return most <= 0 ? 0 : (total / most) * (1 - 1e-9)
}

function pick(values: Float64Array, things: readonly number[]): Float64Array {
  return Float64Array.from(things, (lot) => at(values, lot))
}

function shareWorth({ shares, resources }: Omit<Knapsack, 'values'>, thing: number, prices: Float64Array): number {
  let worth = 0
  for (let r = 0; r < resources; r++) worth += at(prices, r) * at(shares, thing * resources + r)
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
    let fits = Math.min(at(lots.counts, lot), lots.perNode[lot] ?? Infinity)
    for (let r = 0; r < lots.resources; r++) {
      const request = at(lots.requests, lot * lots.resources + r)
      if (request === 0) continue
      shares[thing * resources + r] = request / (fresh.free[r] ?? 1)
      fits = Math.min(fits, Math.floor(at(fresh.free, r) / request))
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
    sizes.set(circle, { lots: size.lots + 1, pods: size.pods + at(counts, lot) })
  }
  const shared = [...sizes].filter(([, size]) => size.lots > 1).toSorted(([, a], [, b]) => b.pods - a.pods)
  return shared.slice(0, MOST_SHARED_CAPS).map(([circle]) => circle)
}
