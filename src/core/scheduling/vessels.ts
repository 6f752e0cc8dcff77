import type { Board } from './board.ts'
import type { Vessel } from './lots.ts'

/**
 * The places of a tier that are worth a look: of those that suit the same pods in the same region, none that another beats
 * in price and in every resource. By price.
 */
export function vesselsOf({ model, fresh, limits }: Board, tier: readonly number[], regions: Int32Array): readonly Vessel[] {
  const demand = demandOf(model)
  const masks = [...new Set(model.shapes.map(({ nodeClass }) => nodeClass))].map((one) => model.classes.at(one).mask)
  const groups = new Map<string, Vessel[]>()
  // One node that takes everything is enough: places come by price.
  const hasLarge = new Set<string>()
  for (const place of tier) {
    const load = fresh[place]
    if (load === undefined || limits.room(place) < 1) continue
    const isLarge = load.free.every((amount, r) => amount >= (demand[r] ?? 0))
    const candidate = model.places[place]?.candidate
    const daemons = [...load.ports.map(({ port }) => port), ...load.members.keys()].join()
    const limited = limits.room(place) === Infinity ? '' : candidate?.pool
    const key = `${regions[place]}/${limited}/${daemons}/${masks.map((mask) => mask[place]).join('')}`
    const own = groups.get(key)
    const vessel = { place, price: candidate?.priceUsdPerHour ?? 0, fresh: load }
    if (own === undefined) groups.set(key, [vessel])
    else if (!own.some((other) => isBeaten(vessel, other)) && !(isLarge && hasLarge.has(key))) own.push(vessel)
    if (isLarge) hasLarge.add(key)
  }
  return [...groups.values()].flatMap(thinned).toSorted((a, b) => a.price - b.price || a.place - b.place)
}

/** What all pods take together. */
function demandOf({ shapes, resources }: Board['model']): Float64Array {
  return Float64Array.from(resources, (_, r) =>
    shapes.reduce((sum, { requests, pods }) => sum + (requests[r] ?? 0) * pods.length, 0),
  )
}

/** Places come by price: whoever came earlier costs no more. */
function isBeaten({ fresh }: Vessel, { fresh: other }: Vessel): boolean {
  return fresh.free.every((amount, r) => amount <= (other.free[r] ?? 0))
}

/** Of nodes that differ by less than this factor in price one is enough to choose by; in the end each node gets the cheapest type that holds its pods. */
const LEAST_STEP = 1.12

function thinned(vessels: readonly Vessel[]): readonly Vessel[] {
  if (vessels.length <= FEW) return vessels
  const efficient = new Set(efficientOf(vessels))
  let last = 0
  return vessels.filter((vessel, index) => {
    const isStep = vessel.price >= last * LEAST_STEP || index === vessels.length - 1
    if (isStep) last = vessel.price
    return isStep || efficient.has(vessel)
  })
}

const FEW = 24

/** The nodes that have most of one resource, or of two alike, for their price. */
function efficientOf(vessels: readonly Vessel[]): readonly Vessel[] {
  const size = vessels[0]?.fresh.free.length ?? 0
  const most = Array.from({ length: size }, (_, r) => Math.max(...vessels.map(({ fresh }) => fresh.free[r] ?? 0)))
  const weighings = Array.from({ length: size }, (_, a) =>
    Array.from({ length: a + 1 }, (__, b) => (free: Float64Array) => (free[a] ?? 0) / (most[a] || 1) + (free[b] ?? 0) / (most[b] || 1)),
  ).flat()
  return weighings.flatMap((weigh) => {
    const ranked = vessels.toSorted((a, b) => weigh(b.fresh.free) / b.price - weigh(a.fresh.free) / a.price)
    return ranked.slice(0, 3)
  })
}
