import { fillBin, type Board } from './board.ts'
import { countPods } from './domain-counts.ts'
import type { Item } from './lots.ts'

/** Uses the room on nodes that exist, which costs nothing: the largest pods first, each in its region. */
export function fillExisting(board: Board, items: readonly Item[], regions: Int32Array): void {
  const { model, bins } = board
  if (model.existing === 0) return
  const bySize = items.toSorted((a, b) => a.shape.index - b.shape.index)
  for (const { shape, count, region } of bySize) {
    let left = count
    // Its domain was settled by counts: only room matters now.
    const settled = { ...shape, domain: undefined }
    for (const bin of bins) {
      if (left === 0) break
      if (region !== -1 && regions[bin.place] !== region) continue
      const placed = fillBin(board, bin, settled, left)
      left -= placed
      if (shape.domain !== undefined) countPods(board.counts, shape.domain.counted, bin.place, placed)
    }
  }
}
