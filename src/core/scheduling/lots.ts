import { hasCompany, hostRoom, type Load } from './load.ts'
import type { Mask } from './label-table.ts'
import type { Model } from './model.ts'
import type { HostRules, Shape } from './shape.ts'
import { wholeAt } from './vectors.ts'

/** Pods of one shape that still want a node, in one region. */
export interface Item {
  readonly shape: Shape
  readonly count: number
  /** The region that they have to be in; -1: any. */
  readonly region: number
}

/** A node that could be made, as a vessel. */
export interface Vessel {
  readonly place: number
  readonly price: number
  readonly fresh: Load
  /** Vessels that take the same pods, as far as they fit, have the same number. */
  readonly group: number
}

/** Lots as far as prices of pods depend on them: without the items that they stand for. */
export interface LotSizes {
  /** How many lots there are. */
  readonly size: number
  readonly resources: number
  /** What one pod of a lot takes, `resources` numbers each. */
  readonly requests: Float64Array
  readonly counts: Float64Array
  /** Pods of a lot on one node at most, whatever its size: anti-affinity, spread, ports. */
  readonly perNode: Float64Array
  /** Lots that share such a cap have the same number; -1: there is no cap. */
  readonly circles: Int32Array
  /** Whether a pod of a lot may go on a vessel and fits, at `lot * vessels + vessel`. */
  readonly fits: Uint8Array
  readonly vessels: number
  /** Lots whose pods may go to the same nodes, their size apart, have the same number. */
  readonly kinds: Int32Array
}

/** Items that take the same of a node and may go to the same nodes: what packing chooses among. */
export interface Lots extends LotSizes {
  /** Lot by lot. */
  readonly items: readonly Item[]
  /** By lot: the number of its first item; one more number ends the last one. */
  readonly firstItem: Int32Array
  /** By item. */
  readonly lotOf: Int32Array
}

export interface LotsInput {
  readonly model: Model
  readonly vessels: readonly Vessel[]
  /** By place. */
  readonly regions: Int32Array
  /** By class of pods: the places that they may be at. */
  readonly masks: readonly Mask[]
}

/** Puts items that packing need not tell apart into lots. */
export function lotsOf(items: readonly Item[], input: LotsInput): Lots {
  const grouped = grouping(items)
  const resources = input.model.resources.length
  const requests = new Float64Array(grouped.length * resources)
  for (const [lot, [first]] of grouped.entries()) requests.set(first?.shape.requests ?? [], lot * resources)
  return {
    size: grouped.length,
    resources,
    requests,
    counts: Float64Array.from(grouped, (own) => own.reduce((sum, { count }) => sum + count, 0)),
    perNode: Float64Array.from(grouped, ([first]) => (first === undefined ? 0 : mostTogether(first.shape))),
    circles: circlesOf(grouped),
    kinds: numbered(grouped, ([first]) => `${first?.shape.nodeClass}/${first?.region}`),
    fits: fitsOf(grouped, input),
    vessels: input.vessels.length,
    items: grouped.flat(),
    firstItem: firstItems(grouped),
    lotOf: Int32Array.from(grouped.flatMap((own, lot) => own.map(() => lot))),
  }
}

function grouping(items: readonly Item[]): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>()
  const companies = new Map<number, string>()
  for (const item of items) {
    const { shape, region } = item
    const company = companies.get(shape.index) ?? companyKey(shape)
    companies.set(shape.index, company)
    const key = `${shape.size}/${shape.nodeClass}/${region}/${company}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [item])
    else known.push(item)
  }
  return [...groups.values()]
}

function firstItems(grouped: readonly (readonly Item[])[]): Int32Array {
  const first = new Int32Array(grouped.length + 1)
  for (const [lot, own] of grouped.entries()) first[lot + 1] = wholeAt(first, lot) + own.length
  return first
}

/** Pods that cap their own number on a node are a lot of their own; what else they mind shows when a node fills. */
function companyKey({ host }: Shape): string {
  if (host === undefined) return ''
  const most = mostTogetherBy(host)
  if (most === Infinity) return 'company'
  const own = [...host.avoids, ...host.caps.filter((cap) => cap.most === most).map(({ set }) => set)]
  return `${most}/${own.filter((set) => host.sets.includes(set)).join()}/${JSON.stringify(host.ports)}`
}

/** Equal texts get equal numbers. */
function numbered<Thing>(things: readonly Thing[], textOf: (thing: Thing) => string): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(things, (thing) => {
    const text = textOf(thing)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}

/** Lots of one circle cap the same set of pods. */
function circlesOf(grouped: readonly (readonly Item[])[]): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(grouped, ([first]) => {
    if (first === undefined || mostTogether(first.shape) === Infinity) return -1
    const key = companyKey(first.shape)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}

function mostTogether({ host }: Shape): number {
  return host === undefined ? Infinity : mostTogetherBy(host)
}

function mostTogetherBy({ caps, sets, avoids, ports }: HostRules): number {
  const own = caps.filter(({ set }) => sets.includes(set)).map(({ most }) => most)
  const alone = ports.length > 0 || avoids.some((set) => sets.includes(set))
  return Math.min(alone ? 1 : Infinity, ...own)
}

function fitsOf(grouped: readonly (readonly Item[])[], { vessels, regions, masks }: LotsInput): Uint8Array {
  const fits = new Uint8Array(grouped.length * vessels.length)
  const suited = new Map<string, readonly number[]>()
  for (const [lot, [item]] of grouped.entries()) {
    if (item === undefined) continue
    const { shape, region } = item
    const key = `${shape.nodeClass}/${region}`
    const mask = masks[shape.nodeClass]
    const known =
      suited.get(key) ??
      [...vessels.keys()].filter((vessel) => {
        const place = vessels[vessel]?.place ?? 0
        return mask?.[place] === 1 && (region === -1 || regions[place] === region)
      })
    suited.set(key, known)
    for (const vessel of known) {
      const fresh = vessels[vessel]?.fresh
      if (fresh !== undefined && fitsOn(fresh, shape)) fits[lot * vessels.length + vessel] = 1
    }
  }
  return fits
}

/** Whether an untouched node takes a pod; whom it needs may still come. */
function fitsOn(fresh: Load, { requests, host }: Shape): boolean {
  for (let r = 0; r < requests.length; r++) if ((requests[r] ?? 0) > (fresh.free[r] ?? 0)) return false
  return host === undefined || !hasCompany(fresh) || hostRoom(fresh, { ...host, needs: [] }, 1) >= 1
}
