import { fillBin, openBin, priceAt, suits, type Bin, type Board } from './board.ts'
import { countPods, likingOf } from './domain-counts.ts'
import { hostRoom, roomFor } from './load.ts'
import type { HostRules, Shape } from './shape.ts'

/**
 * Puts pods of a shape where there is room, then on new nodes, the cheapest that hold one; answers how many are left.
 * Obeys every rule one pod at a time where it must: what cleverer ways cannot place comes here.
 */
export function placeFirstFit(
  board: Board,
  shape: Shape,
  wanted: number,
  tiers: readonly (readonly number[])[],
): number {
  if (shape.failure !== undefined) return wanted
  if (shape.host !== undefined && shape.host.needs.length > 0) return placeTogether(board, shape, wanted, tiers)
  let left = wanted
  while (left > 0) {
    const placed = placeOnOpen(board, shape, left) || placeOnNew(board, shape, left, tiers)
    if (placed === 0) return left
    left -= placed
  }
  return 0
}

function placeOnOpen(board: Board, shape: Shape, wanted: number): number {
  let placed = 0
  // Bins that part add one right behind, which has no room any more.
  for (let index = 0; index < board.bins.length && placed < wanted; index++) {
    const bin = board.bins[index]
    if (bin === undefined) break
    placed += fillBin(board, bin, shape, wanted - placed)
    if (placed > 0 && shape.domain !== undefined) return placed
  }
  return placed
}

function placeOnNew(board: Board, shape: Shape, wanted: number, tiers: readonly (readonly number[])[]): number {
  for (const tier of tiers) {
    const place = cheapest(board, shape, tier)
    if (place === undefined) continue
    const fresh = board.fresh[place]
    const each = fresh === undefined ? 0 : roomFor(fresh, shape, shape.domain === undefined ? wanted : 1)
    const copies = Math.max(1, Math.min(Math.floor(wanted / each), board.limits.room(place)))
    const bin = openBin(board, place, shape.domain === undefined ? copies : 1)
    return bin === undefined ? 0 : fillBin(board, bin, shape, wanted)
  }
  return 0
}

/** Places come by price: the first that holds one is the cheapest, and among equals the most liked. */
function cheapest(board: Board, shape: Shape, tier: readonly number[]): number | undefined {
  let best: number | undefined
  let liking = -Infinity
  for (const place of tier) {
    if (best !== undefined && priceAt(board.model, place) > priceAt(board.model, best)) return best
    if (!canOpen(board, shape, place, 1)) continue
    const liked = shape.domain === undefined ? 0 : likingOf(board.counts, shape.domain, place)
    if (best !== undefined && liked <= liking) continue
    best = place
    liking = liked
  }
  return best
}

function canOpen(board: Board, shape: Shape, place: number, pods: number): boolean {
  const fresh = board.fresh[place]
  if (fresh === undefined || !suits(board, shape, place) || board.limits.room(place) < 1) return false
  return roomFor(fresh, withoutNeeds(shape), pods) >= pods
}

/**
 * Pods that must share their node with others: on the nodes where those are; and when there are none, and they are such
 * pods themselves, all of them on one node.
 */
function placeTogether(board: Board, shape: Shape, wanted: number, tiers: readonly (readonly number[])[]): number {
  const left = wanted - placeAll(board, shape, wanted)
  if (left === 0 || !mayBegin(board, shape)) return left
  const alone = withoutNeeds(shape)
  const begun = roomiest(board, alone, left) ?? openFor(board, alone, left, tiers) ?? anyRoom(board, alone)
  if (begun === undefined) return left
  const placed = fillBin(board, begun, { ...alone, domain: undefined }, left)
  if (shape.domain !== undefined) countPods(board.counts, shape.domain.counted, begun.place, placed)
  return left - placed
}

function placeAll(board: Board, shape: Shape, wanted: number): number {
  let placed = 0
  for (;;) {
    const more = placed < wanted ? placeOnOpen(board, shape, wanted - placed) : 0
    if (more === 0) return placed
    placed += more
  }
}

/** The first of a group may go anywhere. Source: Kubernetes, inter-pod affinity. */
function mayBegin({ bins }: Board, { host }: Shape): boolean {
  const needs = host?.needs ?? []
  return needs.every((set) => host?.sets.includes(set) === true && !bins.some(({ load }) => load.members.has(set)))
}

function withoutNeeds(shape: Shape): Shape {
  if (shape.host === undefined) return shape
  const host: HostRules = { ...shape.host, needs: [] }
  return { ...shape, host }
}

/** The open node that takes all of them. */
function roomiest(board: Board, shape: Shape, wanted: number): Bin | undefined {
  return board.bins.find(
    ({ place, load }) =>
      suits(board, shape, place) &&
      roomFor(load, shape, wanted) >= wanted &&
      (shape.host === undefined || hostRoom(load, shape.host, wanted) >= wanted),
  )
}

/** The open node that takes the most, where none takes all. */
function anyRoom({ bins, ...board }: Board, shape: Shape): Bin | undefined {
  const rooms = bins.map(({ place, load }) =>
    suits({ bins, ...board }, shape, place) ? roomFor(load, shape, Infinity) : 0,
  )
  const most = Math.max(0, ...rooms)
  return most === 0 ? undefined : bins[rooms.indexOf(most)]
}

/** The cheapest new node that takes all of them, or the one that takes the most. */
function openFor(board: Board, shape: Shape, wanted: number, tiers: readonly (readonly number[])[]): Bin | undefined {
  for (const tier of tiers) {
    const whole = tier.find((place) => canOpen(board, shape, place, wanted))
    const place = whole ?? largest(board, shape, wanted, tier)
    if (place === undefined) continue
    const bin = openBin(board, place, 1)
    if (bin !== undefined) return bin
  }
  return undefined
}

function largest(board: Board, shape: Shape, wanted: number, tier: readonly number[]): number | undefined {
  let most = 0
  let best: number | undefined
  for (const place of tier) {
    const fresh = board.fresh[place]
    if (fresh === undefined || !canOpen(board, shape, place, 1)) continue
    const room = roomFor(fresh, shape, wanted)
    if (room <= most) continue
    most = room
    best = place
  }
  return best
}
