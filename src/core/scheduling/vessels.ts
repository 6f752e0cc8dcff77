import { priceAt, type Board } from './board.ts'
import type { Mask } from './label-table.ts'
import type { Load } from './load.ts'
import { at } from './vectors.ts'
import type { Vessel } from './lots.ts'

export interface FrontierOptions {
  /** By place. */
  readonly regions: Int32Array
  /** By class of pods: the places that they may be at, or like to be at. */
  readonly masks: readonly Mask[]
  /** Whether it is for a bound: then limits and `minValues` count for nothing. */
  readonly isForBound: boolean
}

/**
 * The places that are worth a look, by price: of those that suit the same pods in the same region none that another beats in
 * price and in every resource.
 */
export function frontierOf(
  board: Board,
  places: readonly number[],
  options: FrontierOptions,
): readonly (readonly Vessel[])[] {
  const { model, fresh, whole, limits } = board
  const { isForBound } = options
  const loads = isForBound ? whole : fresh
  const keyOf = keysFor(board, options)
  const groups = new Map<string, { readonly number: number; readonly vessels: Vessel[] }>()
  for (const place of places) {
    const load = loads[place]
    if (load === undefined || (!isForBound && limits.room(place) < 1)) continue
    const key = keyOf(place, load)
    const group = groups.get(key) ?? { number: groups.size, vessels: [] }
    groups.set(key, group)
    if (group.vessels.some((other) => isBeaten(load.free, other))) continue
    group.vessels.push({ place, price: priceAt(model, place), fresh: load, group: group.number })
  }
  return [...groups.values()].map(({ vessels }) => vessels)
}

/** Those of the frontier that this many pods may want, by price. */
export function vesselsOf({ model }: Board, frontier: readonly (readonly Vessel[])[]): readonly Vessel[] {
  const demand = demandOf(model)
  return byPrice(frontier.flatMap((own) => withoutOversize(own, demand)))
}

/** More nodes of one kind than this are not all told apart while a plan is made: in the end each gets the cheapest type that holds its pods. */
const MANY = 120

/** The same where there are very many sizes: one of those that differ little. */
export function someOf(vessels: readonly Vessel[]): readonly Vessel[] {
  const sizes = new Map<number, number>()
  for (const { group } of vessels) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const seen = new Set<string>()
  return vessels.filter(({ group, price, fresh }) => {
    if ((sizes.get(group) ?? 0) <= MANY) return true
    const [cpu = 1, memory = 1] = fresh.free
    const key = `${group}/${steps(price, FINE)}/${steps(memory / cpu, COARSE)}`
    return seen.size < seen.add(key).size
  })
}

const FINE = Math.log(1.04)
const COARSE = Math.log(1.2)

function steps(number: number, step: number): number {
  return Math.round(Math.log(Math.max(number, Number.MIN_VALUE)) / step)
}

function byPrice(vessels: readonly Vessel[]): readonly Vessel[] {
  return vessels.toSorted((a, b) => a.price - b.price || a.place - b.place)
}

/** Names what tells places apart that have the same key: nothing but their size and price. */
function keysFor(
  { model, limits }: Board,
  { regions, masks: all, isForBound }: FrontierOptions,
): (place: number, load: Load) => string {
  const masks = [...new Set(model.shapes.map(({ nodeClass }) => nodeClass))].flatMap((one) => [
    model.classes.at(one).mask,
    ...(all[one] === model.classes.at(one).mask ? [] : [all[one] ?? []]),
  ])
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
function isBeaten(free: Float64Array, { fresh: other }: Vessel): boolean {
  for (let r = 0; r < free.length; r++) if (at(free, r) > at(other.free, r)) return false
  return true
}
