import { type OpenNode, planOf } from './assemble.ts'
import { furtherNodesFor, mayJoinPlanned } from './check-unschedulable.ts'
import type { PackInput, PackOutput } from './documents.ts'
import type { PlanSoFar } from './plan-state.ts'
import type { Host } from './rules/host.ts'
import type { Load } from './rules/load.ts'
import { type PricedRecipe, standingRecipes } from './rules/offers.ts'
import { type Problem, plannedHost, problemFrom } from './rules/problem.ts'
import { createWorld } from './rules/world.ts'

/**
 * First fit in price order, the plan that a solver may never be dearer than. Pods come in decreasing size (CPU, then
 * memory, then name). Each goes to the first node that certainly takes it: running nodes in the order of the document, then
 * new nodes in the order in which they were opened; else it opens the cheapest node of the heaviest pool that takes it. Pods
 * that found nothing try again until a whole round places nobody.
 */
export function packFirstFit(input: PackInput): PackOutput {
  const problem = problemFrom(input)
  const world = createWorld(problem)
  const open: OpenNode[] = []
  const newTypes = (pool: string) => open.flatMap(({ recipe }) => (recipe.pool.name === pool ? [recipe.type.name] : []))
  const plan: PlanSoFar = { problem, world, newTypes }

  function place(load: Load): boolean {
    const host = roomFor(load, plan, open) ?? openFor(load)
    if (host) world.add({ load, host })
    return host !== undefined
  }

  function openFor(load: Load): Host | undefined {
    const { value: recipe } = furtherNodesFor(load, plan, cheapestFirst(load, problem)).next()
    if (!recipe) return undefined
    const host = plannedHost(recipe, `first-fit-${open.length + 1}`, problem)
    open.push({ recipe, host })
    return host
  }

  let left = [...problem.pending.values()].toSorted(bySize)
  for (let before = left.length + 1; left.length < before;) {
    before = left.length
    left = left.filter((load) => !place(load))
  }
  return planOf({ problem, world, open, left })
}

function roomFor(load: Load, plan: PlanSoFar, open: readonly OpenNode[]): Host | undefined {
  const running = [...plan.problem.running.values()]
  return (
    running.find((host) => plan.world.complaints({ load, host }, 'strict').length === 0) ??
    open.find((node) => mayJoinPlanned(load, node, plan))?.host
  )
}

const sorted = new WeakMap<Problem, Map<string, readonly PricedRecipe[]>>()

/** Pods of one shape have the same choice. */
function cheapestFirst(load: Load, problem: Problem): readonly PricedRecipe[] {
  const known = sorted.get(problem) ?? new Map<string, readonly PricedRecipe[]>()
  sorted.set(problem, known)
  const recipes = known.get(load.shape) ?? standingRecipes(load, problem).toSorted(byWeightThenPrice)
  known.set(load.shape, recipes)
  return recipes
}

function byWeightThenPrice(one: PricedRecipe, other: PricedRecipe): number {
  return other.pool.weight - one.pool.weight || one.offering.priceUsdPerHour - other.offering.priceUsdPerHour
}

function bySize(one: Load, other: Load): number {
  return bySizeIn('cpu', one, other) || bySizeIn('memory', one, other) || (one.name < other.name ? -1 : 1)
}

function bySizeIn(resource: string, one: Load, other: Load): number {
  return Number((other.requests.get(resource) ?? 0n) - (one.requests.get(resource) ?? 0n))
}
