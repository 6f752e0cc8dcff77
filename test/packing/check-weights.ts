import { furtherNodesFor } from './check-unschedulable.ts'
import type { PlanState, PlannedNode } from './plan-state.ts'
import type { Load } from './rules/load.ts'
import { standingRecipes } from './rules/offers.ts'
import { hardSpread, requiredAffinity } from './rules/topology-terms.ts'
import { type Violation, violation } from './violation.ts'

/**
 * Karpenter, "NodePools", spec.weight: of several pools that suit a pod, the heaviest is used. That is about opening a node;
 * once it is open, pods that another pool would suit as well may fill it up. So a node of a lighter pool is wrong if every
 * pod on it could have had a node of a heavier pool to itself, within that pool's limits at the end of the plan: whichever
 * of them opened the node should not have. Limits only fill up and anti-affinity only grows, so that what is possible at the
 * end was possible then; required affinity and spread can go either way, so that nodes with such pods are not judged.
 */
export function checkWeights(state: PlanState): readonly Violation[] {
  return [...state.planned.values()].flatMap((node) => {
    const loads = state.world.loadsOn(node.host)
    const isOutweighed = loads.length > 0 && loads.every((load) => hasHeavierPool(load, node, state))
    return isOutweighed ? [violation('weight', node.host.name, 'a heavier pool suits each of its pods')] : []
  })
}

function hasHeavierPool(load: Load, { host, recipe }: PlannedNode, state: PlanState): boolean {
  if (hardSpread(load).length + requiredAffinity(load).length > 0) return false
  const placement = state.placements.find((one) => one.load === load && one.host === host)
  if (!placement) return false
  state.world.remove(placement)
  const heavier = standingRecipes(load, state.problem).filter(({ pool }) => pool.weight > recipe.pool.weight)
  const hasOne = !furtherNodesFor(load, state, heavier).next().done
  state.world.add(placement)
  return hasOne
}
