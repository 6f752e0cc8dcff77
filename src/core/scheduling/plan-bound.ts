import type { Board } from './board.ts'
import { lowerBound } from './bound.ts'
import { lotsOf, type Lots } from './lots.ts'
import { resourceValues } from './resource-prices.ts'
import { at } from './vectors.ts'
import { wholeNodesBound } from './whole-bound.ts'
import { frontierOf, vesselsOf } from './vessels.ts'

/**
 * No new nodes for the pods that are on new nodes now cost less than this in US dollars an hour, whoever plans them.
 * `values`: what a pod of each shape is thought to be worth.
 */
export function boundOf(board: Board, places: readonly number[], values: Float64Array): number {
  const { model } = board
  const items = placedOn(board)
  // Which zone a pod is in was the plan's choice: a bound must not depend on it.
  const regions = new Int32Array(model.places.length)
  const byPrice = places.toSorted((a, b) => a - b)
  const masks = model.classes.all().map(({ mask }) => mask)
  const vessels = vesselsOf(board, frontierOf(board, byPrice, { regions, masks, isForBound: true }))
  const lots = lotsOf(items, { model, vessels, regions, masks })
  const bySize = resourceValues(lots, vessels)
  const candidates = [bySize, valuesOf(lots, values, bySize)]
  const divided = lowerBound(lots, vessels, candidates)
  return newNodesOf(board) > FEW_NODES ? divided : Math.max(divided, wholeNodesBound(lots, vessels, candidates))
}

/** So few that it may matter to the bound that nodes are whole. */
const FEW_NODES = 30

function newNodesOf({ model, bins }: Board): number {
  return bins.reduce((sum, { place, copies }) => sum + (place < model.existing ? 0 : copies), 0)
}

/** The pods on new nodes. */
function placedOn({ model, bins }: Board) {
  const counts = new Float64Array(model.shapes.length)
  for (const { place, load, copies } of bins) {
    if (place < model.existing) continue
    for (const [shape, count] of load.counts) counts[shape] = at(counts, shape) + count * copies
  }
  return model.shapes.flatMap((shape) => {
    const count = at(counts, shape.index)
    // What pods would like costs more than any plan has to.
    return count === 0 ? [] : [{ shape: { ...shape, host: shape.strictHost }, count, region: -1 }]
  })
}

/** What pods of a lot are worth on average; by their size where nobody has thought about it. */
function valuesOf(lots: Lots, values: Float64Array, bySize: Float64Array): Float64Array {
  const own = new Float64Array(lots.size)
  for (const [item, { shape, count }] of lots.items.entries()) {
    const lot = lots.lotOf[item] ?? 0
    own[lot] = at(own, lot) + (at(values, shape.index) * count) / at(lots.counts, lot)
  }
  return own.map((value, lot) => value || at(bySize, lot))
}
