import type { Bin, Board } from './board.ts'
import { createDomainCounts } from './domain-counts.ts'
import { withMinValues } from './flexible.ts'
import { openLimitBook } from './limits.ts'
import type { Model } from './model.ts'
import type { ProvisioningProblem } from './problem.ts'
import { existingLoads, freshLoad } from './start.ts'

/** The nodes that exist, and none beside them. */
export function openBoard(model: Model, problem: ProvisioningProblem): Board {
  const counts = createDomainCounts(model)
  const bins = existingLoads(model, problem.pods, counts).map((load, place): Bin => ({ place, load, copies: 1 }))
  const whole = model.places.map((_, place) => (place < model.existing ? undefined : freshLoad(model, place)))
  const { fresh, barred } = withMinValues(model, whole, problem)
  for (const { place, nodeClass } of barred) model.classes.at(nodeClass).mask[place] = 0
  return { model, bins, counts, limits: openLimitBook(problem, model), fresh, whole, spent: { cost: 0 } }
}
