import type { Board } from './board.ts'
import { lowerBound } from './bound.ts'
import { lotsOf } from './lots.ts'
import { priceLots } from './pack-tier.ts'
import { resourceValues } from './resource-prices.ts'
import { vesselsOf } from './vessels.ts'

/** No new nodes for the pods that are on new nodes now cost less than this in US dollars an hour, whoever plans them. */
export function boundOf(board: Board, places: readonly number[]): number {
  const { model, bins } = board
  const counts = new Map<number, number>()
  for (const { place, load, copies } of bins) {
    if (place < model.existing) continue
    for (const [shape, count] of load.counts) counts.set(shape, (counts.get(shape) ?? 0) + count * copies)
  }
  const items = model.shapes.flatMap((shape) => {
    const count = counts.get(shape.index) ?? 0
    return count === 0 ? [] : [{ shape, count, region: -1 }]
  })
  // Which zone a pod is in was the plan's choice: a bound must not depend on it.
  const regions = new Int32Array(model.places.length)
  const vessels = vesselsOf(board, places, { regions, isForBound: true })
  const masks = model.classes.all().map(({ mask }) => mask)
  const lots = lotsOf(items, { model, vessels, regions, masks })
  const values = [resourceValues(lots, vessels), priceLots(lots, vessels).values]
  return Math.max(...values.map((one) => lowerBound(lots, vessels, one)))
}
