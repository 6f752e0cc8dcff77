import type { Load } from './load.ts'
import { roomFor } from './load.ts'
import type { Mask } from './label-table.ts'
import type { Model } from './model.ts'
import type { Shape } from './shape.ts'
import { at, wholeAt } from './vectors.ts'

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
}

/** Items that take the same of a node and may go to the same nodes: what packing chooses among. */
export interface Lots {
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
  /** By lot: which vessels it may go on. */
  readonly masks: readonly Uint8Array[]
  /** Lots whose pods may go to the same nodes, their size apart, have the same number. */
  readonly kinds: Int32Array
  /** By lot: its items. */
  readonly items: readonly (readonly Item[])[]
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
export function lotsOf(items: readonly Item[], { model, vessels, regions, masks }: LotsInput): Lots {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const { shape, region } = item
    const key = `${shape.requests.join()}/${shape.nodeClass}/${region}/${companyKey(shape)}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [item])
    else known.push(item)
  }
  const grouped = [...groups.values()]
  const resources = model.resources.length
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
    masks: grouped.map(([first]) => maskOf(first, { model, vessels, regions, masks })),
    items: grouped,
  }
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

function mostTogetherBy({ caps, sets, avoids, ports }: NonNullable<Shape['host']>): number {
  const own = caps.filter(({ set }) => sets.includes(set)).map(({ most }) => most)
  const alone = ports.length > 0 || avoids.some((set) => sets.includes(set))
  return Math.min(alone ? 1 : Infinity, ...own)
}

function maskOf(item: Item | undefined, { vessels, regions, masks }: LotsInput): Uint8Array {
  if (item === undefined) return new Uint8Array(vessels.length)
  const mask = masks[item.shape.nodeClass]
  return Uint8Array.from(vessels, ({ place, fresh }) => {
    const isThere = item.region === -1 || regions[place] === item.region
    return Number(isThere && mask?.[place] === 1 && roomFor(fresh, withoutNeeds(item.shape), 1) >= 1)
  })
}

function withoutNeeds(shape: Shape): Shape {
  return shape.host === undefined ? shape : { ...shape, host: { ...shape.host, needs: [] } }
}

/**
 * The same with fewer lots, for what needs no more detail than that: lots of nearly the same size on the same vessels
 * become one of their mean size. `groupOf` tells where each went.
 */
export function coarsened(lots: Lots, most: number): { readonly lots: Lots; readonly groupOf: Int32Array } {
  if (lots.size <= most) return { lots, groupOf: Int32Array.from({ length: lots.size }, (_, index) => index) }
  for (let steps = 6; ; steps /= 1.5) {
    const groupOf = grouping(lots, steps)
    const size = 1 + groupOf.reduce((largest, group) => Math.max(largest, group), -1)
    if (size <= most || steps < 0.5) return { lots: merged(lots, groupOf, size), groupOf }
  }
}

/** `steps` sizes for each factor of e. */
function grouping(lots: Lots, steps: number): Int32Array {
  const { resources, requests, perNode, circles, kinds, size } = lots
  const numbers = new Map<string, number>()
  const groupOf = new Int32Array(size)
  for (let lot = 0; lot < size; lot++) {
    const own = requests.subarray(lot * resources, (lot + 1) * resources)
    const rounded = Array.from(own, (amount) => (amount === 0 ? '' : Math.round(Math.log(amount) * steps)))
    const key = `${rounded.join()}/${perNode[lot]}/${circles[lot]}/${kinds[lot]}`
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    groupOf[lot] = number
  }
  return groupOf
}

function merged(lots: Lots, groupOf: Int32Array, size: number): Lots {
  const { resources } = lots
  const counts = new Float64Array(size)
  const requests = new Float64Array(size * resources)
  const perNode = new Float64Array(size)
  const circles = new Int32Array(size)
  const kinds = new Int32Array(size)
  const masks: Uint8Array[] = []
  for (const [lot, group] of groupOf.entries()) {
    const count = at(lots.counts, lot)
    counts[group] = at(counts, group) + count
    perNode[group] = lots.perNode[lot] ?? Infinity
    circles[group] = lots.circles[lot] ?? -1
    kinds[group] = wholeAt(lots.kinds, lot)
    const mask = lots.masks[lot] ?? new Uint8Array()
    masks[group] = masks[group]?.map((bit, vessel) => bit & (mask[vessel] ?? 0)) ?? mask
    for (let r = 0; r < resources; r++) {
      const cell = group * resources + r
      requests[cell] = at(requests, cell) + count * at(lots.requests, lot * resources + r)
    }
  }
  for (let cell = 0; cell < requests.length; cell++) {
    requests[cell] = at(requests, cell) / (at(counts, Math.floor(cell / resources)) || 1)
  }
  return { size, resources, counts, requests, perNode, circles, kinds, masks, items: [] }
}
