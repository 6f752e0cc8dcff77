import type { Bin, Board } from './board.ts'
import { hostRoom } from './load.ts'
import { at } from './vectors.ts'

/** Whether a node at a place would hold what a bin's nodes hold, in the same zone and other domains. */
export function canReplace(board: Board, bin: Bin, place: number): boolean {
  return isLargeEnough(board, bin, place) && isSameDomain(board, bin, place) && takesCompany(board, bin, place)
}

function isLargeEnough({ fresh }: Board, bin: Bin, place: number): boolean {
  const load = fresh[place]
  const from = fresh[bin.place]
  if (load === undefined || from === undefined) return false
  for (let index = 0; index < load.free.length; index++) {
    const used = at(from.free, index) - at(bin.load.free, index)
    if (used > at(load.free, index)) return false
  }
  return true
}

function isSameDomain({ model }: Board, bin: Bin, place: number): boolean {
  return model.domains.every((column, key) => key === 0 || column[place] === column[bin.place])
}

function takesCompany({ model, fresh }: Board, { load }: Bin, place: number): boolean {
  const empty = fresh[place]
  if (empty === undefined) return false
  for (const index of load.counts.keys()) {
    const shape = model.shapes[index]
    if (shape === undefined || model.classes.at(shape.nodeClass).mask[place] !== 1) return false
    // Who it needs comes along; only the daemons there may keep it off.
    if (shape.host !== undefined && hostRoom(empty, { ...shape.host, needs: [] }, 1) < 1) return false
  }
  return true
}
