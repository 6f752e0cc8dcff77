import { priceAt, type Board } from './board.ts'
import type { Load } from './load.ts'
import { at } from './vectors.ts'
import type { Vessel } from './lots.ts'

export interface VesselOptions {
  /** By place. */
  readonly regions: Int32Array
  /** Whether it is for a bound: then limits and `minValues` count for nothing, and nodes stay that differ little from others. */
  readonly isForBound: boolean
}

/**
 * The places of a tier that are worth a look: of those that suit the same pods in the same region, none that another beats
 * in price and in every resource. By price.
 */
export function vesselsOf(board: Board, tier: readonly number[], options: VesselOptions): readonly Vessel[] {
  const { model, fresh, whole, limits } = board
  const { isForBound } = options
  const loads = isForBound ? whole : fresh
  const keyOf = keysFor(board, options)
  const groups = new Map<string, Vessel[]>()
  for (const place of tier) {
    const load = loads[place]
    if (load === undefined || (!isForBound && limits.room(place) < 1)) continue
    const key = keyOf(place, load)
    const own = groups.get(key) ?? []
    const vessel = { place, price: priceAt(model, place), fresh: load }
    if (!own.some((other) => isBeaten(vessel, other))) groups.set(key, [...own, vessel])
  }
  const demand = demandOf(model)
  const few = Math.max(24, Math.min(120, 4000 / model.shapes.length))
  return [...groups.values()]
    .map((own) => withoutOversize(own, demand))
    .flatMap((own) => (isForBound ? own : thinned(own, few)))
    .toSorted((a, b) => a.price - b.price || a.place - b.place)
}

/** Names what tells places apart that have the same key: nothing but their size and price. */
function keysFor(
  { model, limits }: Board,
  { regions, isForBound }: VesselOptions,
): (place: number, load: Load) => string {
  const masks = [...new Set(model.shapes.map(({ nodeClass }) => nodeClass))].map((one) => model.classes.at(one).mask)
  return (place, { ports, members }) => {
    const daemons = [...ports.map(({ port }) => port), ...members.keys()].join()
    const isLimited = !isForBound && limits.room(place) !== Infinity
    const pool = isLimited ? model.places[place]?.candidate?.pool : ''
    return `${regions[place]}/${pool}/${daemons}/${masks.map((mask) => mask[place]).join('')}`
  }
}

/** Of the nodes that would take everything the cheapest is enough. */
function withoutOversize(vessels: readonly Vessel[], demand: Float64Array): readonly Vessel[] {
  const isOversize = ({ fresh }: Vessel): boolean => demand.every((amount, r) => amount <= at(fresh.free, r))
  const first = vessels.find(isOversize)
  return vessels.filter((vessel) => vessel === first || !isOversize(vessel))
}

/** What all pods take together. */
function demandOf({ shapes, resources }: Board['model']): Float64Array {
  return Float64Array.from(resources, (_, r) =>
    shapes.reduce((sum, { requests, pods }) => sum + at(requests, r) * pods.length, 0),
  )
}

/** Places come by price: whoever came earlier costs no more. */
function isBeaten({ fresh }: Vessel, { fresh: other }: Vessel): boolean {
  return fresh.free.every((amount, r) => amount <= at(other.free, r))
}

/** Of nodes that differ by less than this factor in price one is enough to choose by; in the end each node gets the cheapest type that holds its pods. */
const LEAST_STEP = 1.12

function thinned(vessels: readonly Vessel[], few: number): readonly Vessel[] {
  if (vessels.length <= few) return vessels
  const efficient = new Set(efficientOf(vessels))
  let last = 0
  return vessels.filter((vessel, index) => {
    const isStep = vessel.price >= last * LEAST_STEP || index === vessels.length - 1
    if (isStep) last = vessel.price
    return isStep || efficient.has(vessel)
  })
}

/** The nodes that have most of one resource, or of two alike, for their price. */
function efficientOf(vessels: readonly Vessel[]): readonly Vessel[] {
  const size = vessels[0]?.fresh.free.length ?? 0
  const most = Array.from({ length: size }, (_, r) => Math.max(...vessels.map(({ fresh }) => fresh.free[r] ?? 0)))
  const weighings = Array.from({ length: size }, (_, a) =>
    Array.from(
      { length: a + 1 },
      (__, b) => (free: Float64Array) => (free[a] ?? 0) / (most[a] || 1) + (free[b] ?? 0) / (most[b] || 1),
    ),
  ).flat()
  return weighings.flatMap((weigh) => {
    const ranked = vessels.toSorted((a, b) => weigh(b.fresh.free) / b.price - weigh(a.fresh.free) / a.price)
    return ranked.slice(0, 3)
  })
}
