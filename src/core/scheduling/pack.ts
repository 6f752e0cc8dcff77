import type { Bin, Board } from './board.ts'
import { createDomainCounts } from './domain-counts.ts'
import { placeFirstFit } from './first-fit.ts'
import { openLimitBook } from './limits.ts'
import { modelFrom, type Model } from './model.ts'
import { placementFrom } from './plan.ts'
import type { PackOptions, Plan, ProvisioningProblem } from './problem.ts'
import { existingLoads, freshLoad } from './start.ts'

/**
 * Which nodes to make for pending pods, and which pod goes where. Pure: the same problem and the same number of rounds
 * give the same plan. Throws a `RangeError` that names the resource for what is no Kubernetes quantity.
 */
export function packPods(problem: ProvisioningProblem, options: PackOptions): Plan {
  const model = modelFrom(problem, options)
  const board = openBoard(model, problem)
  const tiers = tiersOf(model, problem)
  for (const shape of model.shapes) placeFirstFit(board, shape, shape.pods.length, tiers)
  const placement = placementFrom(board, problem)
  return { ...placement, lowerBoundUsdPerHour: 0, rounds: 0, shapes: model.shapes.length }
}

/** The nodes that exist, and none beside them. */
function openBoard(model: Model, problem: ProvisioningProblem): Board {
  const counts = createDomainCounts(model)
  const bins = existingLoads(model, problem.pods, counts).map((load, place): Bin => ({ place, load, copies: 1 }))
  const fresh = model.places.map((_, place) => (place < model.existing ? undefined : freshLoad(model, place)))
  return { model, bins, counts, limits: openLimitBook(problem, model), fresh }
}

/** Candidates by the weight of their pool, the heaviest first, and by price within. */
function tiersOf({ places }: Model, { pools }: ProvisioningProblem): readonly (readonly number[])[] {
  const weights = [...new Set(pools.map(({ weight }) => weight))].toSorted((a, b) => b - a)
  return weights.map((weight) =>
    places.flatMap(({ candidate }, place) =>
      candidate !== undefined && pools[candidate.pool]?.weight === weight ? [place] : [],
    ),
  )
}
