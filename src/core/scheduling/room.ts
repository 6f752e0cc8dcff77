import type { Knapsack } from './fractional-knapsack.ts'
import type { LotSizes, Vessel } from './lots.ts'
import { at } from './vectors.ts'

/** What pods take and what vessels have, in units of the most that any vessel has. */
export interface Room {
  readonly resources: number
  readonly takes: Float64Array
  /** By vessel. */
  readonly capacities: readonly Float64Array[]
  /** By vessel: how many pods of each lot there may be on it. */
  readonly most: readonly Float64Array[]
}

/** What may go on one vessel. */
export function knapsackFor(
  { resources, takes, capacities, most }: Room,
  vessel: number,
  values: Float64Array,
): Knapsack {
  const none = new Float64Array(0)
  return { values, takes, resources, capacity: capacities[vessel] ?? none, most: most[vessel] ?? none }
}

/** Caps that several lots share count as one more resource, as long as there are few. */
const MOST_SHARED_CAPS = 12

export function roomOf(lots: LotSizes, vessels: readonly Vessel[]): Room {
  const circles = sharedCircles(lots)
  const resources = lots.resources + circles.length
  const unit = Float64Array.from({ length: lots.resources }, (_, r) =>
    vessels.reduce((most, { fresh }) => Math.max(most, at(fresh.free, r)), Number.MIN_VALUE),
  )
  const takes = new Float64Array(lots.size * resources)
  for (let lot = 0; lot < lots.size; lot++) {
    for (let r = 0; r < lots.resources; r++) {
      takes[lot * resources + r] = at(lots.requests, lot * lots.resources + r) / at(unit, r)
    }
    const circle = circles.indexOf(lots.circles[lot] ?? -1)
    if (circle !== -1) takes[lot * resources + lots.resources + circle] = 1 / (lots.perNode[lot] ?? 1)
  }
  const capacities = vessels.map(({ fresh }) =>
    Float64Array.from({ length: resources }, (_, r) => (r < lots.resources ? at(fresh.free, r) / at(unit, r) : 1)),
  )
  return { resources, takes, capacities, most: vessels.map((vessel, index) => mostOn(lots, vessel, index)) }
}

function mostOn(lots: LotSizes, { fresh }: Vessel, vessel: number): Float64Array {
  const most = new Float64Array(lots.size)
  for (let lot = 0; lot < lots.size; lot++) {
    if (lots.fits[lot * lots.vessels + vessel] !== 1) continue
    let fitting = Math.min(at(lots.counts, lot), at(lots.perNode, lot))
    for (let r = 0; r < lots.resources; r++) {
      const request = at(lots.requests, lot * lots.resources + r)
      if (request > 0) fitting = Math.min(fitting, Math.floor(at(fresh.free, r) / request))
    }
    most[lot] = fitting
  }
  return most
}

/** Circles of more than one lot, the most populous first. */
function sharedCircles({ circles, counts }: LotSizes): readonly number[] {
  const sizes = new Map<number, { lots: number; pods: number }>()
  for (const [lot, circle] of circles.entries()) {
    if (circle === -1) continue
    const size = sizes.get(circle) ?? { lots: 0, pods: 0 }
    sizes.set(circle, { lots: size.lots + 1, pods: size.pods + at(counts, lot) })
  }
  const shared = [...sizes].filter(([, size]) => size.lots > 1).toSorted(([, a], [, b]) => b.pods - a.pods)
  return shared.slice(0, MOST_SHARED_CAPS).map(([circle]) => circle)
}
