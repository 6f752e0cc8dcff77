import { createCoveringLp, solve, type Column } from './covering-lp.ts'
import type { Lots, Vessel } from './lots.ts'
import { at } from './vectors.ts'

/**
 * What a pod of each lot is worth by what it takes: prices of resources at which the cheapest nodes cover the demand of all
 * pods that may go to the same nodes. A first guess, good where no node mixes kinds of pods.
 */
export function resourceValues(lots: Lots, vessels: readonly Vessel[]): Float64Array {
  const values = new Float64Array(lots.size)
  for (const own of kindsOf(lots)) {
    const rows = rowsFor(lots, own)
    const usable = vessels.filter((_, vessel) => own.some((lot) => lots.masks[lot]?.[vessel] === 1))
    const prices = pricesOf(rows, usable)
    for (const lot of own) {
      let value = 0
      for (const [row, { use }] of rows.entries()) value += at(prices, row) * use(lot)
      values[lot] = value
    }
  }
  return values
}

/** Lots that may go to the same nodes. */
function kindsOf({ kinds }: Lots): readonly (readonly number[])[] {
  const lots: number[][] = []
  for (const [lot, kind] of kinds.entries()) (lots[kind] ??= []).push(lot)
  return lots
}

/** Something that nodes have and pods take. */
interface Row {
  readonly demand: number
  readonly use: (lot: number) => number
  readonly supply: (vessel: Vessel) => number
}

function rowsFor(lots: Lots, own: readonly number[]): readonly Row[] {
  const { resources, requests, counts, circles, perNode } = lots
  const physical = Array.from({ length: resources }, (_, r): Row => {
    const use = (lot: number): number => at(requests, lot * resources + r)
    return {
      demand: own.reduce((sum, lot) => sum + use(lot) * at(counts, lot), 0),
      use,
      supply: ({ fresh }) => at(fresh.free, r),
    }
  })
  const company = [...new Set(own.map((lot) => circles[lot] ?? -1))].filter((circle) => circle !== -1)
  const capped = company.map((circle): Row => {
    const members = own.filter((lot) => circles[lot] === circle)
    const cap = at(perNode, members[0] ?? 0)
    const use = (lot: number): number => (circles[lot] === circle ? 1 / cap : 0)
    return { demand: members.reduce((sum, lot) => sum + at(counts, lot) / cap, 0), use, supply: () => 1 }
  })
  return [...physical, ...capped].filter(({ demand }) => demand > 0)
}

function pricesOf(rows: readonly Row[], vessels: readonly Vessel[]): Float64Array {
  const columns = vessels.map((vessel): Column => {
    const supplies = rows.map(({ supply }) => supply(vessel))
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
