import type { InstanceType, Offering } from '../problem.ts'
import { type Bench, createBench } from './bench.ts'
import { isMet } from './matching.ts'
import { type Overlay, changedAmount, changedPrice } from './overlay.ts'

/** Types with overlays laid over them, or why they cannot be. */
export type Overlaid =
  | {
      readonly type: 'overlaid'
      readonly types: readonly InstanceType[]
      /** Names of overlays whose requirements nothing meets: a label may be misspelt. */
      readonly unmet: readonly string[]
    }
  | {
      readonly type: 'disputed'
      /** One sentence for each two overlays and what they disagree about; it names both. */
      readonly problems: readonly string[]
    }

/**
 * Lays overlays over types, of the catalogue or anybody's own. Each price, availability and amount is decided by the
 * heaviest overlay that speaks of it, from what it was before any overlay: so the order in a document does not matter, and
 * discounts do not add up. Two of the same weight that disagree are a mistake in the document.
 */
export function overlayTypes(types: readonly InstanceType[], overlays: readonly Overlay[]): Overlaid {
  const bench = createBench()
  const heaviestFirst = overlays.toSorted((a, b) => b.weight - a.weight)
  const overlaid = types.map((type) => overlayType(type, heaviestFirst, bench))
  const problems = bench.disputes()
  if (problems.length > 0) return { type: 'disputed', problems }
  // Looked for among the overlaid types: they have the offerings of spot that overlays brought.
  const unmet = overlays.filter((overlay) => !overlaid.some((type) => meetsAnywhere(overlay, type)))
  return { type: 'overlaid', types: overlaid, unmet: unmet.map(({ name }) => name) }
}

function meetsAnywhere({ requirements }: Overlay, type: InstanceType): boolean {
  return type.offerings.some((offering) => isMet(requirements, type, offering))
}

function overlayType(type: InstanceType, heaviestFirst: readonly Overlay[], bench: Bench): InstanceType {
  const spot = spotOfferings(type, heaviestFirst, bench)
  const replaced = new Set(spot.map(({ zone }) => zone))
  const others = type.offerings.filter(({ zone, capacityType }) => capacityType !== 'spot' || !replaced.has(zone))
  return {
    ...overlayRoom(type, heaviestFirst, bench),
    offerings: [...others, ...spot].map((offering) => overlayOffering(offering, { type, heaviestFirst, bench })),
  }
}

/** Spot in each zone with on demand for which an overlay knows a price. */
function spotOfferings(type: InstanceType, heaviestFirst: readonly Overlay[], bench: Bench) {
  return type.offerings.flatMap((onDemand): readonly Offering[] => {
    if (onDemand.capacityType !== 'on-demand') return []
    const spot = { ...onDemand, capacityType: 'spot' }
    const meeting = heaviestFirst.filter(({ spotPrice, requirements }) => spotPrice && isMet(requirements, type, spot))
    const question = { kind: 'spotPrice', about: `the price of ${placeText(type, spot)}` }
    const priceUsdPerHour = bench.decide(
      question,
      meeting,
      ({ spotPrice }) => spotPrice && changedPrice(onDemand.priceUsdPerHour, spotPrice),
    )
    return priceUsdPerHour === undefined ? [] : [{ ...spot, priceUsdPerHour }]
  })
}

interface Surroundings {
  readonly type: InstanceType
  readonly heaviestFirst: readonly Overlay[]
  readonly bench: Bench
}

function overlayOffering(offering: Offering, { type, heaviestFirst, bench }: Surroundings): Offering {
  const meeting = heaviestFirst.filter(({ requirements }) => isMet(requirements, type, offering))
  if (meeting.length === 0) return offering
  const place = placeText(type, offering)
  const priceUsdPerHour = bench.decide(
    { kind: 'price', about: `the price of ${place}` },
    meeting,
    ({ price }) => price && changedPrice(offering.priceUsdPerHour, price),
  )
  const available = bench.decide(
    { kind: 'available', about: `whether there is ${place}` },
    meeting,
    (overlay) => overlay.available,
  )
  return {
    ...offering,
    priceUsdPerHour: priceUsdPerHour ?? offering.priceUsdPerHour,
    available: available ?? offering.available,
  }
}

function placeText({ name }: InstanceType, { zone, capacityType }: Offering): string {
  return `${name}, ${capacityType}, in ${zone}`
}

/** Capacity belongs to a type wherever it is, so that only requirements on the type count. */
function overlayRoom(type: InstanceType, heaviestFirst: readonly Overlay[], bench: Bench): InstanceType {
  const speaking = heaviestFirst.filter(({ capacity }) => Object.keys(capacity).length > 0)
  const meeting = speaking.filter(({ requirements }) => isMet(requirements, type))
  const resources = new Set(meeting.flatMap(({ capacity }) => Object.keys(capacity)))
  return [...resources].reduce((room, resource) => {
    const question = { kind: `capacity ${resource}`, about: `${resource} of ${type.name}` }
    const amount = bench.decide(
      question,
      meeting,
      ({ capacity: { [resource]: change } }) => change && changedAmount(type.capacity[resource] ?? 0, change),
    )
    return amount === undefined ? room : roomWith(room, resource, amount)
  }, type)
}

/** What is reserved stays reserved: pods gain or lose what the node does. */
function roomWith(type: InstanceType, resource: string, amount: number): InstanceType {
  const gain = amount - (type.capacity[resource] ?? 0)
  const left = Math.max(0, (type.allocatable[resource] ?? 0) + gain)
  return {
    ...type,
    capacity: { ...type.capacity, [resource]: amount },
    allocatable: { ...type.allocatable, [resource]: left },
  }
}
