import { priceAt, type Board } from './board.ts'
import { countPods, likingOf, objectionTo, type DomainCounts } from './domain-counts.ts'
import { roomFor } from './load.ts'
import type { Item } from './lots.ts'
import type { Model } from './model.ts'
import type { Shape } from './shape.ts'
import { at, wholeAt } from './vectors.ts'

/** For each place the number of its region: places of one region are in the same zone, and in the same of every other domain that anybody counts. */
export function regionsOf({ places, domains, counters }: Model): Int32Array {
  const keys = [...new Set(counters.map(({ key }) => key))]
  const numbers = new Map<string, number>()
  return Int32Array.from(places, (_, place) => {
    const text = keys.map((key) => domains[key]?.[place] ?? -1).join('/')
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}

/**
 * Settles, pod by pod but by counts alone, in which region pods go whose zone or other domain is counted. Who limits others
 * most comes first, whom others need comes before them; what finds no region is left out. All others may go anywhere.
 */
export function assignRegions(board: Board, regions: Int32Array, counts: DomainCounts): readonly Item[] {
  const placeable = board.model.shapes.filter(({ failure, host }) => failure === undefined && !needsCompany(host))
  const free = placeable.filter(({ domain }) => domain === undefined)
  const open = placeable
    .filter(({ domain }) => domain !== undefined)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.index - b.index)
    .map((shape) => ({ shape, left: shape.pods.length, outlooks: outlooksFor({ board, regions }, shape) }))
  // Whom another needs may only have come after it: ask again while somebody comes.
  for (let placed = -1; placed !== 0;) {
    placed = 0
    for (const one of open) {
      const own = assignShape(counts, one.shape, one.outlooks, one.left)
      one.left -= own
      placed += own
    }
  }
  const settled = open.flatMap(({ shape, outlooks }) =>
    outlooks.flatMap(({ region, taken }) => (taken === 0 ? [] : [{ shape, count: taken, region }])),
  )
  return [...free.map((shape) => ({ shape, count: shape.pods.length, region: -1 })), ...settled]
}

/** Pods that must share a node with others are placed when those are. */
function needsCompany(host: Shape['host']): boolean {
  return host !== undefined && host.needs.length > 0
}

function rankOf({ domain }: Shape): number {
  if (domain === undefined) return 0
  if (domain.needs.length > 0) return 4
  if (domain.spreads.some(({ isHard }) => isHard)) return 3
  return domain.avoids.length > 0 ? 1 : 2
}

interface Surroundings {
  readonly board: Board
  readonly regions: Int32Array
}

/** A region as a shape sees it. */
interface Outlook {
  readonly region: number
  /** A place there that suits it. */
  readonly place: number
  /** What a pod costs there at best, by its share of a node. */
  readonly price: number
  /** Pods that would find room on nodes that exist. */
  free: number
  taken: number
}

/** Sends pods to regions until there are none, or no region takes one; answers how many. */
function assignShape(counts: DomainCounts, shape: Shape, outlooks: readonly Outlook[], wanted: number): number {
  for (let pod = 0; pod < wanted; pod++) {
    const best = choose(counts, shape, outlooks)
    if (best === undefined) return pod
    countPods(counts, shape.domain?.counted ?? [], best.place, 1)
    best.free -= 1
    best.taken += 1
  }
  return wanted
}

function outlooksFor({ board, regions }: Surroundings, shape: Shape): readonly Outlook[] {
  const { model, bins } = board
  const { mask } = model.classes.at(shape.nodeClass)
  const found = new Map<number, Outlook>()
  const alone: Shape = { ...shape, domain: undefined }
  const note = (place: number, price: number, free: number): void => {
    const region = wholeAt(regions, place)
    const known = found.get(region) ?? { region, place, price: Infinity, free: 0, taken: 0 }
    const isCheaper = price < known.price
    found.set(region, { ...known, ...(isCheaper ? { place, price } : {}), free: known.free + free })
  }
  for (const { place, load } of bins) {
    const room = mask[place] === 1 ? roomFor(load, alone, shape.pods.length) : 0
    if (room > 0) note(place, Infinity, room)
  }
  for (let place = model.existing; place < model.places.length; place++) {
    const price = mask[place] === 1 ? priceOf(board, shape, place) : Infinity
    if (price < Infinity) note(place, price, 0)
  }
  return [...found.values()].toSorted((a, b) => a.region - b.region)
}

/** What a pod's share of a new node costs; infinite: there can be none, or it is too small. */
function priceOf(board: Board, { requests }: Shape, place: number): number {
  const fresh = board.fresh[place]
  if (fresh === undefined || board.limits.room(place) < 1) return Infinity
  const share = shareOf(fresh.free, requests)
  return share > 1 ? Infinity : share * priceAt(board.model, place)
}

/** The share of a node that a pod takes. */
function shareOf(free: Float64Array, requests: Float64Array): number {
  let share = 0
  for (let r = 0; r < requests.length; r++) {
    const request = at(requests, r)
    if (request > 0) share = Math.max(share, request / Math.max(at(free, r), Number.MIN_VALUE))
  }
  return share
}

/** The region that the rules allow and like most; then where there is room, then the cheapest, then the emptiest. */
function choose(counts: DomainCounts, { domain }: Shape, outlooks: readonly Outlook[]): Outlook | undefined {
  let best: Outlook | undefined
  let bestLiking = -Infinity
  for (const outlook of outlooks) {
    if (domain === undefined || (outlook.free <= 0 && outlook.price === Infinity)) continue
    if (objectionTo(counts, domain, outlook.place) !== undefined) continue
    const liking = likingOf(counts, domain, outlook.place)
    if (best !== undefined && (liking < bestLiking || (liking === bestLiking && !isBetter(outlook, best)))) continue
    best = outlook
    bestLiking = liking
  }
  return best
}

function isBetter(a: Outlook, b: Outlook): boolean {
  const byRoom = Number(a.free > 0) - Number(b.free > 0)
  if (byRoom !== 0) return byRoom > 0
  return a.price < b.price * (1 - 1e-9) || (a.price <= b.price * (1 + 1e-9) && a.taken < b.taken)
}
