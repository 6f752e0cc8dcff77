import { canArrive } from './arrivals.ts'
import { copyOfBoard, fillBin, openBin, priceAt, splitOff, type Bin, type Board } from './board.ts'
import { copyOfCounts, countPods, type DomainCounts } from './domain-counts.ts'
import { cheapestNew, type Openings } from './first-fit.ts'
import { copyOf, putOn } from './load.ts'
import { canReplace } from './replacement.ts'
import type { Shape } from './shape.ts'

/** What heavier nodes are sought among. */
export interface Heights extends Openings {
  /** Pods per zone and other domain before any pending pod came. */
  readonly before: DomainCounts
}

/**
 * Takes pods off nodes of lighter pools for new nodes of heavier ones while every pod of such a node could have one: limits
 * have room again where nodes became smaller, and zones were chosen before anybody knew where limits end. Nodes whose pods
 * have hard spread or required affinity stay: where those may go depends on who came first. Answers with the board as it
 * is then; undefined: there was nothing to do. Source: Karpenter, "NodePools", `spec.weight`.
 */
export function raisePods(board: Board, heights: Heights): Board | undefined {
  if (heights.choices.length < 2) return undefined
  const heightOf = new Map(heights.choices.flatMap((tier, height) => tier.map((place) => [place, height] as const)))
  const refused = new Map<number, number>()
  let raised: Board | undefined
  for (let index = 0; index < (raised ?? board).bins.length;) {
    const next = raiseOne(raised ?? board, index, { ...heights, heightOf, refused })
    // The rest of its pods and others like it are looked at again.
    if (next === undefined) index++
    else raised = next
  }
  return raised
}

interface Search extends Heights {
  /** By place: how many heavier weights of pools there are. */
  readonly heightOf: ReadonlyMap<number, number>
  /** By shape: among so many of the heaviest weights its pods have no place for good. */
  readonly refused: Map<number, number>
}

/** Opens one heavier node for pods of one of a bin's nodes; undefined: one of its pods at least has no other place. */
function raiseOne(board: Board, index: number, search: Search): Board | undefined {
  const bin = board.bins[index]
  if (bin === undefined) return undefined
  const heavier = search.choices.slice(0, search.heightOf.get(bin.place) ?? 0)
  const shapes = shapesOn(board, bin)
  if (!mayAllRise({ board, bin, heavier }, shapes, search)) return undefined
  const isCounted = shapes.some(({ domain }) => domain !== undefined)
  const trial = isCounted ? copyOfBoard(board) : board
  if (movePods(trial, index, heavier) === 0) return undefined
  if (!isCounted || canArrive(trial, search.regions, copyOfCounts(search.before))) return trial
  for (const shape of shapes) search.refused.set(shape.index, heavier.length)
  return undefined
}

/** The largest pods first. */
function shapesOn({ model }: Board, { load }: Bin): readonly Shape[] {
  return [...load.counts.keys()].toSorted((a, b) => a - b).flatMap((index) => model.shapes[index] ?? [])
}

function isBoundToOthers({ strictHost, domain }: Shape): boolean {
  const isOnHost = strictHost !== undefined && strictHost.caps.length + strictHost.needs.length > 0
  return isOnHost || (domain !== undefined && (domain.needs.length > 0 || domain.spreads.some(({ isHard }) => isHard)))
}

interface Seat {
  readonly board: Board
  readonly bin: Bin
  /** Places by price, for pools of the same weight; the heaviest pools first. */
  readonly heavier: Openings['choices']
}

function mayAllRise(seat: Seat, shapes: readonly Shape[], search: Search): boolean {
  if (seat.heavier.length === 0 || shapes.length === 0 || shapes.some(isBoundToOthers)) return false
  return shapes.every((shape) => mayRise(seat, shape, search))
}

function mayRise(seat: Seat, shape: Shape, { refused }: Search): boolean {
  if ((refused.get(shape.index) ?? 0) >= seat.heavier.length) return false
  if (placeFor(seat, shape) !== undefined) return true
  // Limits only fill up; a zone that somebody keeps others off may become free.
  if (shape.domain === undefined) refused.set(shape.index, seat.heavier.length)
  return false
}

/** Where a pod of a bin's node could have a heavier node to itself. */
function placeFor({ board, bin, heavier }: Seat, shape: Shape): number | undefined {
  const counted = shape.domain?.counted ?? []
  countPods(board.counts, counted, bin.place, -1)
  const places = heavier.map((tier) => cheapestNew(board, shape, tier))
  countPods(board.counts, counted, bin.place, 1)
  return places.find((place) => place !== undefined)
}

/** Moves to one heavier node all pods of one of a bin's nodes, or its largest with as many others as have room; answers how many. */
function movePods(board: Board, index: number, heavier: Openings['choices']): number {
  const some = board.bins[index]
  if (some === undefined) return 0
  const bin = some.copies > 1 ? splitOff(board, some, 1) : some
  const shapes = shapesOn(board, bin)
  const [largest] = shapes
  const place = wholePlace({ board, bin, heavier }) ?? (largest && placeFor({ board, bin, heavier }, largest))
  const target = place === undefined ? undefined : openBin(board, place, 1)
  if (target === undefined) return 0
  const rest = shapes.map((shape) => ({ shape, count: moveShape(board, { from: bin, to: target }, shape) }))
  board.bins.splice(board.bins.indexOf(bin), 1, ...restOf(board, bin, rest))
  return podsOn(target)
}

function podsOn({ load }: Bin): number {
  return [...load.counts.values()].reduce((sum, count) => sum + count, 0)
}

function wholePlace({ board, bin, heavier }: Seat): number | undefined {
  const isWhole = (place: number): boolean => board.limits.room(place) >= 1 && canReplace(board, bin, place)
  for (const tier of heavier) {
    const place = tier.find(isWhole)
    if (place !== undefined) return place
  }
  return undefined
}

/** Counts the pods of a shape on their new node instead of the old one, where they still are on the load; answers how many stay. */
function moveShape(board: Board, { from, to }: { readonly from: Bin; readonly to: Bin }, shape: Shape): number {
  const counted = shape.domain?.counted ?? []
  let left = from.load.counts.get(shape.index) ?? 0
  while (left > 0) {
    // One by one where each counts for the next.
    const batch = shape.domain === undefined ? left : 1
    countPods(board.counts, counted, from.place, -batch)
    const moved = fillBin(board, to, shape, batch)
    if (moved < batch) countPods(board.counts, counted, from.place, batch - moved)
    left -= moved
    if (moved === 0) break
  }
  return left
}

/** A node with what stays on it; none: there is no such node any more. */
function restOf(
  board: Board,
  { place }: Bin,
  rest: readonly { readonly shape: Shape; readonly count: number }[],
): readonly Bin[] {
  const staying = rest.filter(({ count }) => count > 0)
  const fresh = board.fresh[place]
  if (staying.length === 0 || fresh === undefined) {
    board.limits.take(place, -1)
    board.spent.cost -= priceAt(board.model, place)
    return []
  }
  const load = copyOf(fresh)
  for (const { shape, count } of staying) putOn(load, shape, count)
  return [{ place, load, copies: 1 }]
}
