import { fillBin, openBin, priceAt, splitOff, suits, type Bin, type Board } from './board.ts'
import { likingOf } from './domain-counts.ts'
import { placeOnLarger } from './enlarge.ts'
import { hostRoom, roomFor } from './load.ts'
import type { HostRules, Shape } from './shape.ts'
import { wholeAt } from './vectors.ts'

/** Where new nodes can be. */
export interface Openings {
  /** Places by price, for pools of the same weight; the heaviest pools first. */
  readonly choices: readonly (readonly number[])[]
  /** By place. */
  readonly regions: Int32Array
}

/**
 * Puts pods of a shape where there is room, then on new nodes, the cheapest that hold one; answers how many are left.
 * Obeys every rule one pod at a time where it must: what cleverer ways cannot place comes here.
 */
export function placeFirstFit(board: Board, shape: Shape, wanted: number, openings: Openings): number {
  if (shape.failure !== undefined) return wanted
  if (shape.host !== undefined && shape.host.needs.length > 0) return placeTogether(board, shape, wanted, openings)
  if (shape.domain !== undefined) return placeOneByOne(board, shape, wanted, openings)
  let left = wanted - placeOnOpen(board, shape, wanted)
  while (left > 0) {
    const placed = placeOnNew(board, shape, left, openings)
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

/**
 * Each pod may open or close zones for the next. Room only gets less: who has none for this shape is not asked again, and in
 * a zone that is closed nobody is asked.
 */
function placeOneByOne(board: Board, shape: Shape, wanted: number, openings: Openings): number {
  const queues = queuesFor(board, shape, openings)
  for (let left = wanted; left > 0; left--) {
    const bin = firstOpen(board, shape, queues)
    if (bin === undefined) {
      const before = board.bins.length
      if (placeOnNew(board, shape, 1, openings) === 0) return left
      for (const added of board.bins.slice(before)) enqueue(queues, openings.regions, added)
      continue
    }
    const isOneOfMany = bin.copies > 1
    fillBin(board, bin, shape, 1)
    const own = isOneOfMany ? board.bins[board.bins.indexOf(bin) + 1] : undefined
    if (own !== undefined) queues.get(wholeAt(openings.regions, own.place))?.splice(1, 0, own)
  }
  return 0
}

/** Nodes with room for a shape, by region, the first to be tried first. */
type Queues = Map<number, Bin[]>

function queuesFor({ model, bins }: Board, shape: Shape, { regions }: Openings): Queues {
  const { mask } = model.classes.at(shape.nodeClass)
  const queues: Queues = new Map()
  for (const bin of bins) {
    if (mask[bin.place] === 1 && roomFor(bin.load, shape, 1) > 0) enqueue(queues, regions, bin)
  }
  return queues
}

function enqueue(queues: Queues, regions: Int32Array, bin: Bin): void {
  const region = wholeAt(regions, bin.place)
  const queue = queues.get(region)
  if (queue === undefined) queues.set(region, [bin])
  else queue.push(bin)
}

/** Of the regions that the rules allow, in the order of their first nodes, the first node with room. */
function firstOpen(board: Board, shape: Shape, queues: Queues): Bin | undefined {
  for (const queue of queues.values()) {
    while (queue[0] !== undefined && roomFor(queue[0].load, shape, 1) === 0) queue.shift()
    const [first] = queue
    if (first !== undefined && suits(board, shape, first.place)) return first
  }
  return undefined
}

function placeOnNew(board: Board, shape: Shape, wanted: number, { choices }: Openings): number {
  for (const tier of choices) {
    const place = cheapestNew(board, shape, tier)
    if (place === undefined) continue
    const fresh = board.fresh[place]
    const each = fresh === undefined ? 0 : roomFor(fresh, shape, shape.domain === undefined ? wanted : 1)
    const copies = Math.max(1, Math.min(Math.floor(wanted / each), board.limits.room(place)))
    const bin = openBin(board, place, shape.domain === undefined ? copies : 1)
    return bin === undefined ? 0 : fillBin(board, bin, shape, wanted)
  }
  return 0
}

/** Of the places by price that may have one more node for a pod, the cheapest, and among equals the most liked. */
export function cheapestNew(board: Board, shape: Shape, tier: readonly number[]): number | undefined {
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
function placeTogether(board: Board, shape: Shape, wanted: number, { choices }: Openings): number {
  const left = wanted - placeAll(board, shape, wanted)
  if (left === 0) return 0
  if (!mayBegin(board, shape)) return left - placeOnLarger(board, shape, left, choices)
  const alone = withoutNeeds(shape)
  const begun = single(
    board,
    roomiest(board, alone, left) ?? openFor(board, alone, left, choices) ?? anyRoom(board, alone),
  )
  if (begun === undefined) return left
  for (let rest = left; rest > 0;) {
    // Each of them counts in its zone before the next one comes.
    const placed = fillBin(board, begun, alone, rest)
    if (placed === 0) return rest
    rest -= placed
  }
  return 0
}

/** One of the nodes of a bin. */
function single(board: Board, bin: Bin | undefined): Bin | undefined {
  return bin === undefined || bin.copies === 1 ? bin : splitOff(board, bin, 1)
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
function openFor(board: Board, shape: Shape, wanted: number, choices: Openings['choices']): Bin | undefined {
  for (const tier of choices) {
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
