import type { Board } from './board.ts'
import { copyOfCounts, countPods, crowdOf, likingOf, objectionTo, type DomainCounts } from './domain-counts.ts'
import { roomFor } from './load.ts'
import type { Item, Vessel } from './lots.ts'
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
export function assignRegions(board: Board, ways: Ways): readonly Item[] {
  const outlooksFor = createOutlooks(board, ways)
  const counts = copyOfCounts(board.counts)
  const wanted = unplaced(board)
  const placeable = board.model.shapes.filter(({ failure, host }) => failure === undefined && !needsCompany(host))
  const free = placeable.filter(({ domain }) => domain === undefined)
  const open = placeable
    .filter(({ domain }) => domain !== undefined)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.index - b.index)
    .map((shape) => ({ shape, left: at(wanted, shape.index), outlooks: outlooksFor(shape) }))
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
  return [...free.map((shape) => ({ shape, count: at(wanted, shape.index), region: -1 })), ...settled].filter(
    ({ count }) => count > 0,
  )
}

/** By shape: how many of its pods are on no node yet. */
function unplaced({ model, bins }: Board): Float64Array {
  const wanted = Float64Array.from(model.shapes, ({ pods }) => pods.length)
  for (const { load, copies } of bins) {
    for (const [shape, count] of load.counts) wanted[shape] = at(wanted, shape) - count * copies
  }
  return wanted
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

/** Where new pods can go besides nodes that exist. */
export interface Ways {
  /** By place. */
  readonly regions: Int32Array
  /** New nodes that are worth a look, for pools of the same weight; the heaviest pools first. */
  readonly tiers: readonly (readonly Vessel[])[]
}

/** A region as a shape sees it. */
interface Outlook {
  readonly region: number
  /** A place there that suits it. */
  readonly place: number
  /** How many heavier weights of pools there are than that of its new nodes. */
  readonly tier: number
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

/** Where new nodes of a region would be, and what a pod's share of one costs at best. */
type Offers = ReadonlyMap<number, Pick<Outlook, 'place' | 'price' | 'tier'>>

/** Answers with the regions where pods of a shape find room, or could have new nodes. */
function createOutlooks(board: Board, ways: Ways): (shape: Shape) => readonly Outlook[] {
  const known = new Map<string, Offers>()
  return (shape) => {
    const key = `${shape.size}/${shape.nodeClass}`
    const offers = known.get(key) ?? offersFor(board, ways, shape)
    known.set(key, offers)
    const found = new Map<number, Outlook>()
    for (const [region, offer] of offers) found.set(region, { region, ...offer, free: 0, taken: 0 })
    noteFree(board, ways, shape, found)
    return [...found.values()].toSorted((a, b) => a.region - b.region)
  }
}

function offersFor({ model, limits }: Board, { regions, tiers }: Ways, shape: Shape): Offers {
  const { mask } = model.classes.at(shape.nodeClass)
  const offers = new Map<number, Pick<Outlook, 'place' | 'price' | 'tier'>>()
  for (const [tier, vessels] of tiers.entries()) {
    for (const { place, fresh, price } of vessels) {
      const share = mask[place] === 1 ? shareOf(fresh.free, shape.requests) : Infinity
      if (share > 1 || limits.room(place) < 1) continue
      const region = wholeAt(regions, place)
      const known = offers.get(region)
      const isBetter = known === undefined || (known.tier === tier && share * price < known.price)
      if (isBetter) offers.set(region, { place, tier, price: share * price })
    }
  }
  return offers
}

/** Counts the room on nodes that exist. */
function noteFree({ model, bins }: Board, { regions }: Ways, shape: Shape, found: Map<number, Outlook>): void {
  const { mask } = model.classes.at(shape.nodeClass)
  const alone: Shape = { ...shape, domain: undefined }
  for (const { place, load } of bins) {
    const room = mask[place] === 1 ? roomFor(load, alone, shape.pods.length) : 0
    if (room === 0) continue
    const region = wholeAt(regions, place)
    const outlook = found.get(region) ?? { region, place, tier: 0, price: Infinity, free: 0, taken: 0 }
    outlook.free += room
    found.set(region, outlook)
  }
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

/**
 * The region that the rules allow with room, or with the heaviest pool; then the one that soft rules like most; then where
 * there is room, then the cheapest, then the one that evens zones out.
 */
function choose(counts: DomainCounts, { domain }: Shape, outlooks: readonly Outlook[]): Outlook | undefined {
  let best: Choice | undefined
  for (const outlook of outlooks) {
    if (domain === undefined || (outlook.free <= 0 && outlook.price === Infinity)) continue
    if (objectionTo(counts, domain, outlook.place) !== undefined) continue
    const liking = likingOf(counts, domain, outlook.place)
    const crowd = crowdOf(counts, domain, outlook.place)
    const choice = { outlook, hasRoom: outlook.free > 0, liking, crowd }
    if (best === undefined || isBetter(choice, best)) best = choice
  }
  return best?.outlook
}

interface Choice {
  readonly outlook: Outlook
  readonly hasRoom: boolean
  readonly liking: number
  /** Pods there that are counted as these are. */
  readonly crowd: number
}

/** Prices that differ by less than this share are the same. */
const ALIKE = 1e-9

function isBetter(a: Choice, b: Choice): boolean {
  const byWeight = tierOf(b) - tierOf(a)
  if (byWeight !== 0) return byWeight > 0
  if (a.liking !== b.liking) return a.liking > b.liking
  if (a.hasRoom !== b.hasRoom) return a.hasRoom
  const [own, other] = [a.outlook.price, b.outlook.price]
  if (own < other * (1 - ALIKE)) return true
  // Where zones are even, those who want them even find more of them open; others are cheaper together.
  return own <= other * (1 + ALIKE) && a.crowd < b.crowd
}

function tierOf({ hasRoom, outlook }: Choice): number {
  return hasRoom ? 0 : outlook.tier
}
