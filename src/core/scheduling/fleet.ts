import { createFillScratch, fillNode, roomIn, type FillScratch, type Taste } from './fill.ts'
import { copyOf, emptyLoad, hasCompany, hostRoom, putCompany, putOn, takeCompanyOf, type Load } from './load.ts'
import type { Lots, Vessel } from './lots.ts'
import type { HostRules } from './shape.ts'
import { at, wholeAt } from './vectors.ts'

/** Pods on one node: numbers of items, and how many of each. */
export interface Picks {
  readonly items: readonly number[]
  readonly counts: readonly number[]
}

/** Nodes that are planned, with the very pods of each item on them. */
export interface FleetNode extends Picks {
  readonly vessel: number
  readonly copies: number
}

/** Pods that still want a node: changed in place. */
export interface Remains {
  /** By lot. */
  readonly left: Float64Array
  /** By item. */
  readonly items: Float64Array
  /** The lots that have pods left, and maybe some that have none any more. */
  readonly open: number[]
  /** By lot: whether it is in that list. */
  readonly isOpen: Uint8Array
}

export function everything({ size, counts, items }: Lots): Remains {
  return {
    left: Float64Array.from(counts),
    items: Float64Array.from(items, ({ count }) => count),
    open: Array.from({ length: size }, (_, lot) => lot),
    isOpen: new Uint8Array(size).fill(1),
  }
}

export function nothing({ size, items }: Lots): Remains {
  return {
    left: new Float64Array(size),
    items: new Float64Array(items.length),
    open: [],
    isOpen: new Uint8Array(size),
  }
}

export function podsIn({ left }: Remains): number {
  return left.reduce((sum, pods) => sum + pods, 0)
}

/** Pods on a node and its copies. */
export function podsOn({ counts, copies }: FleetNode): number {
  return counts.reduce((sum, count) => sum + count, 0) * copies
}

/** A node that could be made. Nothing is taken off the remains before it is accepted. */
export interface Draft extends Picks {
  readonly vessel: number
  readonly worth: number
}

export interface Workshop {
  readonly lots: Lots
  readonly vessels: readonly Vessel[]
  /** Numbers of the vessels worth filling, by price. */
  readonly choice: readonly number[]
  /** What each vessel holds at best for its price, as far as prices of pods show. */
  readonly ratios: Float64Array
  /** What a pod of each lot is worth. */
  readonly values: Float64Array
  /** The lots that each row of a pattern stands for. */
  readonly members: readonly (readonly number[])[]
  readonly bench: Bench
}

/** The node that is being filled, and what it has taken off the remains so far. */
export interface Bench {
  readonly scratch: FillScratch
  readonly free: Float64Array
  readonly company: Load
  /** By lot. */
  readonly left: Float64Array
  /** By item. */
  readonly taken: Float64Array
}

export function createBench(lots: Lots): Bench {
  return {
    scratch: createFillScratch(lots),
    free: new Float64Array(lots.resources),
    company: emptyLoad(new Float64Array(lots.resources)),
    left: new Float64Array(lots.size),
    taken: new Float64Array(lots.items.length),
  }
}

interface DraftOptions {
  readonly taste: Taste
  /** What goes on the node first: lots and how many pods of each. */
  readonly first?: readonly (readonly [lot: number, count: number])[]
}

/** Fills a new node from the remains. */
export function draftNode(
  shop: Workshop,
  remains: Remains,
  vessel: number,
  { taste, first = [] }: DraftOptions,
): Draft {
  const { lots, vessels, values, bench } = shop
  const fresh = vessels[vessel]?.fresh
  if (fresh === undefined) throw new RangeError(`no vessel ${vessel}`)
  const { scratch, free, left, taken, company } = bench
  free.set(fresh.free)
  if (hasCompany(company) || hasCompany(fresh)) takeCompanyOf(company, fresh)
  const count = gatherOpen(shop, remains, vessel)
  const touched: number[] = []
  const put = (lot: number, wanted: number): number => putItems({ lots, remains, bench, touched }, lot, wanted)
  let worth = 0
  for (const [lot, some] of first) {
    worth += put(lot, Math.min(some, at(left, lot), roomIn(lots, lot, free))) * at(values, lot)
  }
  worth += fillNode({ lots, scratch, count, free, values, left, taste, put })
  const counts = touched.map((item) => at(taken, item))
  for (const item of touched) taken[item] = 0
  return { vessel, items: touched, counts, worth }
}

/** Lists the lots that may go on a vessel; answers how many those are. Lots without pods leave the list of the remains. */
function gatherOpen({ lots, vessels, values, bench }: Workshop, remains: Remains, vessel: number): number {
  const { open, isOpen, left } = remains
  let kept = 0
  let count = 0
  for (const lot of open) {
    const pods = at(left, lot)
    if (pods <= 0) {
      isOpen[lot] = 0
      continue
    }
    open[kept++] = lot
    bench.left[lot] = pods
    if (lots.fits[lot * vessels.length + vessel] === 1 && at(values, lot) > 0) bench.scratch.open[count++] = lot
  }
  open.length = kept
  return count
}

interface PutContext {
  readonly lots: Lots
  readonly remains: Remains
  readonly bench: Bench
  /** Items that are on the node. */
  readonly touched: number[]
}

/** More items of a lot than this are not asked whether they get along with who is there. */
const MOST_ASKED = 24

/** Puts pods of the items of a lot on a node that has room for them, as far as they get along with who is there. */
function putItems({ lots, remains, bench, touched }: PutContext, lot: number, wanted: number): number {
  const { taken, company } = bench
  const end = wholeAt(lots.firstItem, lot + 1)
  let placed = 0
  let asked = 0
  for (let item = wholeAt(lots.firstItem, lot); item < end && placed < wanted && asked < MOST_ASKED; item++) {
    const here = at(taken, item)
    const available = Math.min(wanted - placed, at(remains.items, item) - here)
    if (available <= 0) continue
    asked++
    const room = joinCompany(company, lots.items[item]?.shape.host, available)
    if (room === 0) continue
    if (here === 0) touched.push(item)
    taken[item] = here + room
    placed += room
  }
  if (placed > 0) use(lots, bench, lot, placed)
  return placed
}

/** Lets as many pods in as get along with who is there; answers how many. */
function joinCompany(company: Load, host: HostRules | undefined, wanted: number): number {
  if (host === undefined) return wanted
  const room = hostRoom(company, host, wanted)
  if (room > 0) putCompany(company, host, room)
  return room
}

function use({ resources, requests }: Lots, { free, left }: Bench, lot: number, pods: number): void {
  left[lot] = at(left, lot) - pods
  for (let r = 0; r < resources; r++) free[r] = at(free, r) - pods * at(requests, lot * resources + r)
}

/** Takes the pods of a draft, and of as many copies as there are pods for, off the remains. */
export function accept(lots: Lots, remains: Remains, { vessel, items, counts }: Draft, most: number): FleetNode {
  let copies = most
  for (const [index, item] of items.entries()) {
    copies = Math.min(copies, Math.floor(at(remains.items, item) / (counts[index] ?? 1)))
  }
  const node = { vessel, items, counts, copies }
  giveBack(lots, remains, node, -copies)
  return node
}

/** Gives the pods of so many such nodes back; takes them when the number is negative. */
export function giveBack({ lotOf }: Lots, remains: Remains, { items, counts }: Picks, nodes: number): void {
  for (const [index, item] of items.entries()) {
    const lot = lotOf[item] ?? 0
    const pods = (counts[index] ?? 0) * nodes
    remains.items[item] = at(remains.items, item) + pods
    remains.left[lot] = at(remains.left, lot) + pods
    if (remains.isOpen[lot] === 1 || at(remains.left, lot) <= 0) continue
    remains.isOpen[lot] = 1
    remains.open.push(lot)
  }
}

/** What one of such nodes holds. */
export function loadOf({ lots, vessels }: Workshop, { vessel, items, counts }: FleetNode): Load {
  const fresh = vessels[vessel]?.fresh
  if (fresh === undefined) throw new RangeError(`no vessel ${vessel}`)
  const load = copyOf(fresh)
  for (const [index, item] of items.entries()) {
    const shape = lots.items[item]?.shape
    if (shape !== undefined) putOn(load, shape, counts[index] ?? 0)
  }
  return load
}
