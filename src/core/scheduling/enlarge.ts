import { priceAt, splitOff, suits, type Bin, type Board } from './board.ts'
import { countPods } from './domain-counts.ts'
import type { Openings } from './first-fit.ts'
import { copyOf, hostRoom, putOn } from './load.ts'
import { canReplace } from './replacement.ts'
import type { Shape } from './shape.ts'

/** How a planned node would grow. */
interface Growth {
  readonly bin: Bin
  /** Where it would be then. */
  readonly place: number
  readonly pods: number
  /** What it costs more, in US dollars an hour. */
  readonly extra: number
}

/**
 * Makes planned nodes larger for pods that must share a node with some of theirs, where those left them no room; answers how many
 * pods are placed. What runs already cannot grow.
 */
export function placeOnLarger(board: Board, shape: Shape, wanted: number, choices: Openings['choices']): number {
  let placed = 0
  while (placed < wanted) {
    const growth = cheapestGrowth(board, shape, wanted - placed, choices)
    if (growth === undefined) return placed
    grow(board, shape, growth)
    placed += growth.pods
  }
  return placed
}

/** Nodes that are tried; among more of them, another one would hardly grow for less. */
const MOST_TRIED = 100

function cheapestGrowth(board: Board, shape: Shape, wanted: number, choices: Openings['choices']): Growth | undefined {
  const welcoming = board.bins.filter((bin) => welcomes(board, bin, shape)).slice(0, MOST_TRIED)
  // Each counts in its zone before the next one comes.
  for (let pods = shape.domain === undefined ? wanted : 1; pods >= 1; pods = Math.floor(pods / 2)) {
    const growths = welcoming.flatMap((bin) => growthOf(board, { bin, shape, pods }, choices))
    const [cheapest] = growths.toSorted((a, b) => a.extra - b.extra)
    if (cheapest !== undefined) return cheapest
  }
  return undefined
}

/** Whether a planned node has the company that a shape needs, room apart. */
function welcomes(board: Board, bin: Bin, shape: Shape): boolean {
  if (bin.place < board.model.existing || shape.host === undefined) return false
  return suits(board, shape, bin.place) && hostRoom(bin.load, shape.host, 1) >= 1
}

interface Wish {
  readonly bin: Bin
  readonly shape: Shape
  readonly pods: number
}

/** The cheapest place of the same pool where a bin's pods and some more have room. */
function growthOf(board: Board, { bin, shape, pods }: Wish, choices: Openings['choices']): readonly Growth[] {
  const { model, limits } = board
  if (shape.host === undefined || hostRoom(bin.load, shape.host, pods) < pods) return []
  const load = copyOf(bin.load)
  putOn(load, shape, pods)
  const pool = model.places[bin.place]?.candidate?.pool
  const place = choices
    .flat()
    .find(
      (other) =>
        model.places[other]?.candidate?.pool === pool &&
        limits.room(other) >= 1 &&
        canReplace(board, { place: bin.place, load, copies: 1 }, other),
    )
  return place === undefined ? [] : [{ bin, place, pods, extra: priceAt(model, place) - priceAt(model, bin.place) }]
}

function grow(board: Board, shape: Shape, { bin, place, pods, extra }: Growth): void {
  const one = bin.copies > 1 ? splitOff(board, bin, 1) : bin
  const fresh = board.fresh[place]
  if (fresh === undefined) throw new RangeError(`no node at ${place}`)
  const load = copyOf(fresh)
  for (const [index, count] of one.load.counts) {
    const own = board.model.shapes[index]
    if (own !== undefined) putOn(load, own, count)
  }
  putOn(load, shape, pods)
  countPods(board.counts, shape.domain?.counted ?? [], place, pods)
  board.limits.take(one.place, -1)
  board.limits.take(place, 1)
  board.spent.cost += extra
  board.bins[board.bins.indexOf(one)] = { place, load, copies: 1 }
}
