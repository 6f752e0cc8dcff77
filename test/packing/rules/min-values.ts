import { shortOf, sumOf } from './amounts.ts'
import { type Reading, claimComplaints } from './claims.ts'
import { standingComplaints } from './host.ts'
import { valueOf } from './label-query.ts'
import type { Load } from './load.ts'
import { isAvailable, recipesOf } from './offers.ts'
import { type Recipe, labelsOfNew } from './pools.ts'
import { type Problem, plannedHost } from './problem.ts'

/** A node to be, and who is to run on it. */
export interface Crew {
  readonly name: string
  readonly recipe: Recipe
  readonly loads: readonly Load[]
}

/**
 * Requirements whose `minValues` a node does not keep: among the types that could hold its pods, the key has to have so
 * many values (Karpenter, "NodePools", min values). Lenient: whatever zone and capacity type they are offered in; strict:
 * offered as this node is.
 */
export function unmetMinValues({ name, recipe, loads }: Crew, problem: Problem, reading: Reading): readonly string[] {
  const demands = recipe.pool.requirements.filter(({ minValues }) => minValues !== undefined)
  if (demands.length === 0) return []
  const candidates = recipesOf(problem)
    .filter((other) => other.pool === recipe.pool && isAvailable(other))
    .filter(({ offering }) => reading === 'lenient' || isSameOffering(offering, recipe.offering))
    .map((other) => ({ ...other, chosen: recipe.chosen }))
    .filter((other) => couldHold({ name, recipe: other, loads }, problem))
  return demands.flatMap(({ key, minValues = 0 }) => {
    const values = new Set(
      candidates.map((other) => valueOf(labelsOfNew(other, name), key)).filter((value) => value !== undefined),
    )
    return values.size < minValues ? [`${values.size} values of ${key}, wanted are ${minValues}`] : []
  })
}

function isSameOffering(one: Recipe['offering'], other: Recipe['offering']): boolean {
  return one.zone === other.zone && one.capacityType === other.capacityType
}

function couldHold({ name, recipe, loads }: Crew, problem: Problem): boolean {
  const host = plannedHost(recipe, name, problem)
  const everyone = sumOf([...loads, ...host.daemons].map(({ requests }) => requests))
  return (
    shortOf(everyone, host.allocatable, everyone).length === 0 &&
    loads.every((load) => standingComplaints(load, host).length === 0) &&
    loads.every((load) => claimComplaints(problem.claims(load), host, 'lenient').length === 0)
  )
}
