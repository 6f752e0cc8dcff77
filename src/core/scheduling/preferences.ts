import type { Board } from './board.ts'
import { priceAt } from './board.ts'
import type { Mask } from './label-table.ts'
import { at } from './vectors.ts'

/**
 * The new nodes that each class of pods is to have, by its soft demands: a preference counts as long as it makes the pods'
 * own share of their nodes not dearer by more than its weight in per cent. Whoever finds no room that way goes anywhere.
 */
export function preferredMasks(board: Board, tiers: readonly (readonly number[])[]): readonly Mask[] {
  const { model } = board
  return model.classes.all().map(({ mask, preference }, index) => {
    if (preference === undefined) return mask
    const takes = demandOf(board, index)
    const preferred = new Uint8Array(mask.length)
    // The weight of a pool comes before what pods like: each weight is judged by itself.
    for (const tier of tiers) {
      const costs = new Float64Array(mask.length).fill(Infinity)
      for (const place of tier) if (mask[place] === 1) costs[place] = costAt(board, place, takes)
      const chosen = chosenMask(mask, preference, costs)
      for (const place of tier) preferred[place] = chosen[place] ?? 0
    }
    return preferred
  })
}

interface Demand {
  /** What the pods of a class take together. */
  readonly sum: Float64Array
  /** The most that any of them takes of each resource. */
  readonly largest: Float64Array
}

function demandOf({ model }: Board, nodeClass: number): Demand {
  const sum = new Float64Array(model.resources.length)
  const largest = new Float64Array(model.resources.length)
  for (const shape of model.shapes) {
    if (shape.nodeClass !== nodeClass) continue
    for (const [r, request] of shape.requests.entries()) {
      sum[r] = at(sum, r) + request * shape.pods.length
      largest[r] = Math.max(at(largest, r), request)
    }
  }
  return { sum, largest }
}

/** The price of nodes at a place for so much; infinite: it is no new node, or too small for one of the pods. */
function costAt({ model, fresh }: Board, place: number, { sum, largest }: Demand): number {
  const load = fresh[place]
  if (load === undefined || largest.some((request, r) => request > at(load.free, r))) return Infinity
  let nodes = 0
  for (const [r, amount] of sum.entries()) if (amount > 0) nodes = Math.max(nodes, amount / at(load.free, r))
  return nodes * priceAt(model, place)
}

function chosenMask(mask: Mask, preference: Float64Array, costs: Float64Array): Mask {
  const levels = [...new Set(preference.filter((_, place) => (costs[place] ?? Infinity) < Infinity))].toSorted(
    (a, b) => b - a,
  )
  const cheapest = Math.min(...costs)
  const levelOfCheapest = at(preference, costs.indexOf(cheapest))
  for (const level of levels) {
    const cost = Math.min(...costs.filter((_, place) => at(preference, place) >= level))
    const allowance = 1 + Math.max(0, level - levelOfCheapest) / 100
    if (cost <= cheapest * allowance) return mask.map((bit, place) => bit & Number(at(preference, place) >= level))
  }
  return mask
}
