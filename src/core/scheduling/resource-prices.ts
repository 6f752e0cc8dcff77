import { createCoveringLp, solve, type Column } from './covering-lp.ts'
import type { LotSizes, Vessel } from './lots.ts'
import { at } from './vectors.ts'

/**
 * What a pod of each lot is worth by what it takes: prices of resources at which the cheapest nodes cover the demand of all
 * pods that may go to the same nodes. A first guess, good where no node mixes kinds of pods.
 */
export function resourceValues(lots: LotSizes, vessels: readonly Vessel[]): Float64Array {
  const values = new Float64Array(lots.size)
  for (const own of kindsOf(lots)) {
    const rows = rowsFor(lots, own)
    const usable = vessels.filter((_, vessel) => own.some((lot) => lots.fits[lot * vessels.length + vessel] === 1))
    const prices = pricesOf(rows, usable)
    for (const lot of own) values[lot] = worthOf(lots, lot, { rows, prices })
  }
  return values
}

/** Lots that may go to the same nodes. */
function kindsOf({ kinds }: LotSizes): readonly (readonly number[])[] {
  const lots: number[][] = []
  for (const [lot, kind] of kinds.entries()) (lots[kind] ??= []).push(lot)
  return lots
}

/** Something that nodes have and pods take: a resource, or a place among those of a cap. */
interface Row {
  readonly demand: number
  /** The number of the resource; -1: it is a cap. */
  readonly resource: number
  readonly circle: number
  readonly cap: number
}

function rowsFor(lots: LotSizes, own: readonly number[]): readonly Row[] {
  const { resources, requests, counts } = lots
  const physical = Array.from({ length: resources }, (_, resource): Row => {
    let demand = 0
    for (const lot of own) demand += at(requests, lot * resources + resource) * at(counts, lot)
    return { demand, resource, circle: -1, cap: 1 }
  })
  const capped = circlesOf(lots, own).map(({ circle, cap, nodes }) => ({ demand: nodes, resource: -1, circle, cap }))
  return [...physical, ...capped].filter(({ demand }) => demand > 0)
}

interface PricedRows {
  readonly rows: readonly Row[]
  readonly prices: Float64Array
}

function worthOf({ requests, resources, circles }: LotSizes, lot: number, { rows, prices }: PricedRows): number {
  let worth = 0
  for (let row = 0; row < rows.length; row++) {
    const { resource = 0, circle = -1, cap = 1 } = rows[row] ?? {}
    const use = resource === -1 ? Number(circles[lot] === circle) / cap : at(requests, lot * resources + resource)
    worth += at(prices, row) * use
  }
  return worth
}

/** Of the caps that lots share so many as want the most nodes count. */
const MOST_CIRCLES = 8

/** Caps that these lots share, and how many nodes each of them wants at least. */
function circlesOf({ circles, perNode, counts }: LotSizes, own: readonly number[]) {
  const wanted = new Map<number, { readonly circle: number; readonly cap: number; nodes: number }>()
  for (const lot of own) {
    const circle = circles[lot] ?? -1
    if (circle === -1) continue
    const cap = at(perNode, lot)
    const known = wanted.get(circle) ?? { circle, cap, nodes: 0 }
    known.nodes += at(counts, lot) / cap
    wanted.set(circle, known)
  }
  return [...wanted.values()].toSorted((a, b) => b.nodes - a.nodes || a.circle - b.circle).slice(0, MOST_CIRCLES)
}

function pricesOf(rows: readonly Row[], vessels: readonly Vessel[]): Float64Array {
  const columns = vessels.map((vessel): Column => {
    const supplies = rows.map(({ resource }) => (resource === -1 ? 1 : at(vessel.fresh.free, resource)))
    return { price: vessel.price, rows: Int32Array.from(supplies.keys()), amounts: Float64Array.from(supplies) }
  })
  // Demands in shares of all there is, so that bytes and cores weigh alike.
  const scale = rows.map(({ demand }) => demand)
  const scaled = columns.map((column) => ({
    ...column,
    amounts: column.amounts.map((amount, row) => amount / (scale[row] ?? 1)),
  }))
  const start = rows.map((_, row): Column => cheapestFor(scaled, row))
  const lp = createCoveringLp(new Float64Array(rows.length).fill(1), start)
  lp.pool.push(...scaled)
  solve(lp, 1000)
  return lp.prices.map((price, row) => Math.max(0, price) / (scale[row] ?? 1))
}

function cheapestFor(columns: readonly Column[], row: number): Column {
  let best: Column = { price: Infinity, rows: Int32Array.of(row), amounts: Float64Array.of(1) }
  for (const { price, amounts } of columns) {
    const amount = at(amounts, row)
    if (amount > 0 && price / amount < best.price / (best.amounts[0] ?? 1))
      best = { price, rows: Int32Array.of(row), amounts: Float64Array.of(amount) }
  }
  return best
}
