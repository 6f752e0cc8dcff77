import type { PlanSoFar, PlanState, PlannedHost } from './plan-state.ts'
import type { Host } from './rules/host.ts'
import { isWithinLimits } from './rules/limits.ts'
import type { Load } from './rules/load.ts'
import { unmetMinValues } from './rules/min-values.ts'
import { type PricedRecipe, asksOfOpenKey, standingRecipes } from './rules/offers.ts'
import { plannedHost } from './rules/problem.ts'
import { type Violation, violation } from './violation.ts'

/** The name of the node that a plan could have had in addition. */
const FURTHER = 'further-node'

/**
 * Verdicts that do not hold: with everybody else where the plan has them, the pod could arrive last, on a running node, on a
 * planned one, or alone on a further one within its pool's limits. The scheduler does not look again at those who are there.
 */
export function checkUnschedulable(state: PlanState): readonly Violation[] {
  const waiting = state.output.unschedulable.flatMap(({ pod }) => state.problem.pending.get(pod) ?? [])
  return waiting.flatMap((load) => {
    const place = placeFor(load, state)
    return place === undefined ? [] : [violation('placeable', load.name, place)]
  })
}

function placeFor(load: Load, state: PlanState): string | undefined {
  const running = [...state.problem.running.values()].find((host) => mayJoin(load, host, state))
  if (running) return `on ${running.name}`
  const planned = [...state.planned.values()].find((node) => mayJoinPlanned(load, node, state))
  if (planned) return `on ${planned.host.name}`
  const { value: recipe } = furtherNodesFor(load, state).next()
  return (
    recipe &&
    `on a further ${recipe.type.name} of ${recipe.pool.name}, ${recipe.offering.capacityType} in ${recipe.offering.zone}`
  )
}

function mayJoin(load: Load, host: Host, { world }: PlanSoFar): boolean {
  return world.complaints({ load, host }, 'strict').length === 0
}

/** Whether a pod could certainly arrive on a planned node as the last one. */
export function mayJoinPlanned(load: Load, { recipe, host }: PlannedHost, plan: PlanSoFar): boolean {
  const loads = [...plan.world.loadsOn(host), load]
  return (
    !asksOfOpenKey(load, recipe) &&
    mayJoin(load, host, plan) &&
    unmetMinValues({ name: host.name, recipe, loads }, plan.problem, 'strict').length === 0
  )
}

/** The ways to a further node on which a pod could certainly run alone, with the plan as it is, one by one. */
export function* furtherNodesFor(
  load: Load,
  plan: PlanSoFar,
  recipes: Iterable<PricedRecipe> = standingRecipes(load, plan.problem),
): Generator<PricedRecipe> {
  const { problem, newTypes } = plan
  for (const recipe of recipes) {
    const types = [...newTypes(recipe.pool.name), recipe.type.name]
    if (!isWithinLimits(recipe.pool, types, problem)) continue
    if (unmetMinValues({ name: FURTHER, recipe, loads: [load] }, problem, 'strict').length > 0) continue
    if (mayJoin(load, plannedHost(recipe, FURTHER, problem), plan)) yield recipe
  }
}
