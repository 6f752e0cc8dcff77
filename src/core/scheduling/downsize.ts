import { priceAt, type Bin, type Board } from './board.ts'
import { putOn, copyOf } from './load.ts'
import type { Vessel } from './lots.ts'
import { canReplace } from './replacement.ts'

/** Gives every new node the cheapest of the vessels that holds the same pods. */
export function downsize(board: Board, vessels: readonly Vessel[]): void {
  const byPrice = vessels.toSorted((a, b) => a.price - b.price || a.place - b.place)
  const { model, bins, limits } = board
  for (const [index, bin] of bins.entries()) {
    if (bin.place < model.existing) continue
    const place = cheaper(board, index, byPrice)
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

function cheaper(board: Board, index: number, byPrice: readonly Vessel[]): number | undefined {
  const { model, bins } = board
  const bin = bins[index]
  if (bin === undefined) return undefined
  const most = priceAt(model, bin.place)
  for (const { place, price } of byPrice) {
    if (price >= most) return undefined
    if (canReplace(board, bin, place) && mayMove(board, bin, place)) return place
  }
  return undefined
}

/** Another pool may be lighter, or have limits of its own. */
function mayMove({ model, limits }: Board, bin: Bin, place: number): boolean {
  const poolOf = (where: number): number | undefined => model.places[where]?.candidate?.pool
  return poolOf(place) === poolOf(bin.place) && limits.room(place) >= bin.copies
}
