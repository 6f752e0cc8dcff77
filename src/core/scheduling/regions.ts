import type { Board } from './board.ts'
import { countPods, likingOf, objectionTo, type DomainCounts } from './domain-counts.ts'
import { roomFor } from './load.ts'
import type { Item } from './lots.ts'
import type { Model } from './model.ts'
import type { Shape } from './shape.ts'

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
  const items: Item[] = []
  const counted: Shape[] = []
  for (const shape of board.model.shapes) {
    if (shape.failure !== undefined || (shape.host?.needs.length ?? 0) > 0) continue
    if (shape.domain === undefined) items.push({ shape, count: shape.pods.length, region: -1 })
    else counted.push(shape)
  }
  const open = counted.toSorted((a, b) => rankOf(a) - rankOf(b) || a.index - b.index)
  const left = new Map(open.map((shape) => [shape, shape.pods.length]))
  for (let progress = true; progress; ) {
    progress = false
    for (const shape of open) {
      const wanted = left.get(shape) ?? 0
      if (wanted === 0) continue
      const assigned = assignShape({ board, regions, counts }, shape, wanted)
      for (const [region, count] of assigned) {
        items.push({ shape, count, region })
        left.set(shape, (left.get(shape) ?? 0) - count)
        progress = true
      }
    }
  }
  return items
}

function rankOf({ domain }: Shape): number {
  if (domain === undefined) return 0
  if (domain.needs.length > 0) return 4
  if (domain.spreads.some(({ isHard }) => isHard)) return 3
  return domain.avoids.length > 0 ? 1 : 2
}

interface Assignment {
  readonly board: Board
  readonly regions: Int32Array
  readonly counts: DomainCounts
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

function assignShape(assignment: Assignment, shape: Shape, wanted: number): ReadonlyMap<number, number> {
  const assigned = new Map<number, number>()
  const { domain } = shape
  const outlooks = outlooksFor(assignment, shape)
  if (domain === undefined) return assigned
  for (let pod = 0; pod < wanted; pod++) {
    const best = choose(assignment.counts, shape, outlooks)
    if (best === undefined) break
    countPods(assignment.counts, domain.counted, best.place, 1)
    best.free -= 1
    best.taken += 1
    assigned.set(best.region, (assigned.get(best.region) ?? 0) + 1)
  }
  return assigned
}

function outlooksFor({ board, regions }: Assignment, shape: Shape): readonly Outlook[] {
  const { model, bins } = board
  const { mask } = model.classes.at(shape.nodeClass)
  const found = new Map<number, Outlook>()
  const alone: Shape = { ...shape, domain: undefined }
  for (const { place, load } of bins) {
    const room = mask[place] === 1 ? roomFor(load, alone, shape.pods.length) : 0
    const region = regions[place] ?? 0
    const known = found.get(region)
    if (room > 0 && known !== undefined) known.free += room
    else if (room > 0) found.set(region, { region, place, price: Infinity, free: room, taken: 0 })
  }
  for (let place = model.existing; place < model.places.length; place++) {
    const fresh = board.fresh[place]
    if (mask[place] !== 1 || fresh === undefined || board.limits.room(place) < 1) continue
    const share = shareOf(fresh.free, shape.requests)
    if (share > 1) continue
    const price = share * (model.places[place]?.candidate?.priceUsdPerHour ?? 0)
    const region = regions[place] ?? 0
    const known = found.get(region)
    if (known !== undefined && known.price <= price) continue
    found.set(region, { region, place, price, free: known?.free ?? 0, taken: 0 })
  }
  return [...found.values()].toSorted((a, b) => a.region - b.region)
}

/** The share of a node that a pod takes. */
function shareOf(free: Float64Array, requests: Float64Array): number {
  let share = 0
  for (let r = 0; r < requests.length; r++) {
    const request = requests[r] ?? 0
    if (request > 0) share = Math.max(share, request / Math.max(free[r] ?? 0, Number.MIN_VALUE))
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
