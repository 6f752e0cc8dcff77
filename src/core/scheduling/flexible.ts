import type { Load } from './load.ts'
import type { Model } from './model.ts'
import type { PoolRequirement, ProvisioningProblem } from './problem.ts'
import { at } from './vectors.ts'

/**
 * Where a pool wants several values of a key to choose from, a node may hold only what as many other nodes of the pool would
 * hold too: what is free on it shrinks to what they have in common. Source: Karpenter, NodePools, `minValues`.
 */
export function withMinValues(
  model: Model,
  fresh: readonly (Load | undefined)[],
  { pools }: ProvisioningProblem,
): readonly (Load | undefined)[] {
  const wanting = pools.map(({ requirements }) => requirements.filter(({ minValues = 1 }) => minValues > 1))
  if (wanting.every((requirements) => requirements.length === 0)) return fresh
  const alike = groupsOf(model)
  return fresh.map((load, place) => {
    const requirements = wanting[model.places[place]?.candidate?.pool ?? -1] ?? []
    const others = alike.get(groupKey(model, place)) ?? []
    return requirements.reduce<Load | undefined>(
      (left, requirement) => left && shrunk(left, { model, fresh, others, place }, requirement),
      load,
    )
  })
}

/** Places that may stand in for one another: of one pool and offering, that suit the same pods. */
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

function groupKey({ places, shapes, classes }: Model, place: number): string {
  const { pool, zone, capacityType, settled } = places[place]?.candidate ?? {}
  const suited = [...new Set(shapes.map(({ nodeClass }) => nodeClass))].map((one) => classes.at(one).mask[place])
  return [pool, zone, capacityType, JSON.stringify(settled), suited.join('')].join('/')
}

interface Surroundings {
  readonly model: Model
  readonly fresh: readonly (Load | undefined)[]
  readonly others: readonly number[]
  readonly place: number
}

/** Undefined: there are not enough values to choose from, however little is on the node. */
function shrunk(
  load: Load,
  { model, fresh, others, place }: Surroundings,
  { key, minValues = 1 }: PoolRequirement,
): Load | undefined {
  const valueAt = (where: number): string => model.places[where]?.label(key) ?? ''
  const chosen = new Set([valueAt(place)])
  const free = Float64Array.from(load.free)
  const byCover = others
    .flatMap((where) => {
      const other = fresh[where]
      return other === undefined ? [] : [{ where, other, cover: coverOf(load.free, other.free) }]
    })
    .toSorted((a, b) => b.cover - a.cover || a.where - b.where)
  for (const { where, other } of byCover) {
    if (chosen.size >= minValues) break
    if (chosen.has(valueAt(where))) continue
    chosen.add(valueAt(where))
    for (const [r, amount] of other.free.entries()) free[r] = Math.min(at(free, r), amount)
  }
  return chosen.size < minValues ? undefined : { ...load, free }
}

/** How much of what one node has another one has at least. */
function coverOf(own: Float64Array, other: Float64Array): number {
  let cover = 1
  for (const [r, amount] of own.entries()) if (amount > 0) cover = Math.min(cover, at(other, r) / amount)
  return cover
}
