import { priceAt, type Bin, type Board } from './board.ts'
import { putOn, copyOf } from './load.ts'
import { canReplace } from './replacement.ts'

/** Gives every new node the cheapest place that holds the same pods, among all places. */
export function downsize(board: Board): void {
  const { model, bins, limits } = board
  for (const [index, bin] of bins.entries()) {
    if (bin.place < model.existing) continue
    const place = cheaper(board, index)
    const fresh = place === undefined ? undefined : board.fresh[place]
    if (place === undefined || fresh === undefined) continue
    const load = copyOf(fresh)
    for (const [shape, count] of bin.load.counts) {
      const own = model.shapes[shape]
      if (own !== undefined) putOn(load, own, count)
    }
    limits.take(bin.place, -bin.copies)
    limits.take(place, bin.copies)
    bins[index] = { place, load, copies: bin.copies }
  }
}

function cheaper(board: Board, index: number): number | undefined {
  const { model, bins } = board
  const bin = bins[index]
  if (bin === undefined) return undefined
  const price = priceAt(model, bin.place)
  for (let place = model.existing; place < model.places.length && priceAt(model, place) < price; place++) {
    if (mayMove(board, bin, place) && canReplace(board, bin, place)) return place
  }
  return undefined
}

/** Another pool may be lighter, or have limits of its own. */
function mayMove({ model, limits }: Board, bin: Bin, place: number): boolean {
  const poolOf = (where: number): number | undefined => model.places[where]?.candidate?.pool
  return poolOf(place) === poolOf(bin.place) && limits.room(place) >= bin.copies
}
