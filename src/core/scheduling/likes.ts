import type { Board } from './board.ts'
import { copyOf, putOn } from './load.ts'

/**
 * The same pods on the same nodes, where nobody's wishes about company on its node count any more: who found no place as it likes, or
 * as others like, may have one all the same. `start`: the nodes that exist, before any pending pod came.
 */
export function withoutHostLikes(board: Board, start: Board): Board {
  const shapes = board.model.shapes.map((shape) => ({ ...shape, host: shape.strictHost }))
  const bins = board.bins.map((bin) => {
    const load = copyOf(start.bins[bin.place]?.load ?? board.fresh[bin.place] ?? bin.load)
    for (const [index, count] of bin.load.counts) {
      const shape = shapes[index]
      if (shape !== undefined) putOn(load, shape, count)
    }
    return { ...bin, load }
  })
  return { ...board, model: { ...board.model, shapes }, bins }
}
