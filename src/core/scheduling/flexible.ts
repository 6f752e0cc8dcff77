import type { Load } from './load.ts'
import type { Model } from './model.ts'
import type { PoolRequirement, ProvisioningProblem } from './problem.ts'
import { at } from './vectors.ts'

/** What nodes may hold so that their pools keep a choice. */
export interface Flexible {
  /** By place; undefined: there is not enough to choose from, however little is on the node. */
  readonly fresh: readonly (Load | undefined)[]
  /** Classes of pods that may not be at a place, since they would leave too little to choose from. */
  readonly barred: readonly { readonly place: number; readonly nodeClass: number }[]
}

/**
 * Where a pool wants several values of a key to choose from, a node may hold only what as many other nodes of the pool would
 * hold too: what is free on it shrinks to what they have in common, and who suits one of them only stays off. Source: Karpenter,
 * NodePools, `minValues`.
 */
export function withMinValues(
  model: Model,
  whole: readonly (Load | undefined)[],
  { pools }: ProvisioningProblem,
): Flexible {
  const wanting = pools.map(({ requirements }) => requirements.filter(({ minValues = 1 }) => minValues > 1))
  if (wanting.every((requirements) => requirements.length === 0)) return { fresh: whole, barred: [] }
  const alike = groupsOf(model)
  const classes = [...new Set(model.shapes.map(({ nodeClass }) => nodeClass))]
  const held = whole.map((load, place) => shapesOn(model, load, place))
  const barred: { readonly place: number; readonly nodeClass: number }[] = []
  const fresh = whole.map((load, place) => {
    const requirements = wanting[model.places[place]?.candidate?.pool ?? -1] ?? []
    if (load === undefined || requirements.length === 0) return load
    const others = alike.get(groupKey(model, place)) ?? []
    const own = classes.filter((nodeClass) => suits(model, nodeClass, place))
    const all = standInsForAll({ model, whole, held, others, own }, place, requirements)
    if (all === undefined) return undefined
    const alone = own.filter((nodeClass) => all.some((other) => !suits(model, nodeClass, other)))
    for (const nodeClass of alone) barred.push({ place, nodeClass })
    return { ...load, free: commonOf(load, all, whole) }
  })
  return { fresh, barred }
}

function standInsForAll(
  surroundings: Surroundings,
  place: number,
  requirements: readonly PoolRequirement[],
): readonly number[] | undefined {
  const chosen = requirements.map((requirement) => standIns(surroundings, place, requirement))
  return chosen.includes(undefined) ? undefined : chosen.flatMap((some) => some ?? [])
}

function shapesOn(model: Model, load: Load | undefined, place: number): number {
  if (load === undefined) return 0
  return model.shapes.filter(
    ({ nodeClass, requests }) =>
      suits(model, nodeClass, place) && requests.every((request, r) => request <= at(load.free, r)),
  ).length
}

function suits({ classes }: Model, nodeClass: number, place: number): boolean {
  return classes.at(nodeClass).mask[place] === 1
}

/** Places that may stand in for one another: of one pool and offering. */
function groupsOf(model: Model): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (let place = model.existing; place < model.places.length; place++) {
    const key = groupKey(model, place)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [place])
    else known.push(place)
  }
  return groups
}

function groupKey({ places }: Model, place: number): string {
  const { pool, zone, capacityType, settled } = places[place]?.candidate ?? {}
  return [pool, zone, capacityType, JSON.stringify(settled)].join('/')
}

interface Surroundings {
  readonly model: Model
  readonly whole: readonly (Load | undefined)[]
  /** By place: how many shapes of pods it could hold one of. */
  readonly held: readonly number[]
  readonly others: readonly number[]
  /** Classes of pods that the place suits. */
  readonly own: readonly number[]
}

/**
 * Other places with as many values as are wanted: those that suit the same pods first, then those large enough for most of
 * them, then those that hold most of what the place holds.
 */
function standIns(
  { model, whole, held, others, own }: Surroundings,
  place: number,
  { key, minValues = 1 }: PoolRequirement,
): readonly number[] | undefined {
  const free = whole[place]?.free ?? new Float64Array()
  const usable = others.filter((where) => whole[where] !== undefined)
  const rated = usable.map((where) => ({
    where,
    suited: own.filter((nodeClass) => suits(model, nodeClass, where)).length,
    held: held[where] ?? 0,
    cover: coverOf(free, whole[where]?.free ?? new Float64Array()),
  }))
  const valueAt = (where: number): string => model.places[where]?.label(key) ?? ''
  const values = new Set([valueAt(place)])
  const chosen: number[] = []
  const best = rated.toSorted(
    (a, b) => b.suited - a.suited || b.held - a.held || b.cover - a.cover || a.where - b.where,
  )
  for (const { where } of best) {
    if (values.size >= minValues) break
    if (values.has(valueAt(where))) continue
    values.add(valueAt(where))
    chosen.push(where)
  }
  return values.size < minValues ? undefined : chosen
}

function commonOf({ free }: Load, others: readonly number[], whole: readonly (Load | undefined)[]): Float64Array {
  return free.map((amount, r) => Math.min(amount, ...others.map((other) => at(whole[other]?.free ?? free, r))))
}

/** How much of what one node has another one has at least. */
function coverOf(own: Float64Array, other: Float64Array): number {
  let cover = 1
  for (const [r, amount] of own.entries()) if (amount > 0) cover = Math.min(cover, at(other, r) / amount)
  return cover
}
