import { createCoveringLp, forget, solve, type Column, type CoveringLp } from './covering-lp.ts'
import { fillNode, roomIn, TASTES, type Taste } from './fill.ts'
import type { Lots, Vessel } from './lots.ts'
import { resourceValues } from './resource-prices.ts'
import { at } from './vectors.ts'

/** A node with pods on it, as a column of the covering problem: rows are lots. */
export interface Pattern extends Column {
  /** The number of the vessel. */
  readonly vessel: number
}

export interface Generated {
  /** What a pod of each lot is worth, in US dollars an hour. */
  readonly values: Float64Array
  /** Patterns that cover all pods most cheaply, and how often each is used when nodes may be divided. */
  readonly solution: readonly { readonly pattern: Pattern; readonly times: number }[]
}

/**
 * Prices pods by the linear relaxation of the covering problem over whole nodes, whose columns are made as they are
 * wanted. Source: Gilmore and Gomory 1961, for the cutting stock problem.
 */
export function generateColumns(lots: Lots, vessels: readonly Vessel[], rounds: number): Generated {
  const start = Array.from({ length: lots.size }, (_, lot) => singleton(lots, vessels, lot))
  const lp = createCoveringLp(lots.counts, start)
  const patterns = new Map<Column, Pattern>(start.map((pattern) => [pattern, pattern]))
  const addPatterns = (values: Float64Array, least: number): number => {
    let found = 0
    for (let vessel = 0; vessel < vessels.length; vessel++) {
      const pattern = bestPattern(lots, vessels, { vessel, values, least })
      if (pattern === undefined) continue
      found++
      patterns.set(pattern, pattern)
      lp.pool.push(pattern)
    }
    return found
  }
  // Values by size alone know which nodes are cheap: the search starts with good patterns for them.
  addPatterns(resourceValues(lots, vessels), 0)
  solve(lp, 10 * lots.size)
  for (let round = 0; round < rounds; round++) {
    if (addPatterns(pricesOf(lp), 1 + LEAST_GAIN) === 0) break
    solve(lp, STEPS_PER_ROUND)
    forget(lp)
  }
  const solution = lp.basis.flatMap((column, position) => {
    const pattern = patterns.get(column)
    const times = at(lp.times, position)
    return pattern === undefined || times < LEAST_USE ? [] : [{ pattern, times }]
  })
  return { values: pricesOf(lp), solution }
}

/** Prices that rounding made negative are none. */
function pricesOf({ prices }: CoveringLp): Float64Array {
  return prices.map((price) => Math.max(0, price))
}

const LEAST_USE = 1e-9
const STEPS_PER_ROUND = 200
/** A pattern that saves less than this share of its price is not worth a column. */
const LEAST_GAIN = 1e-3

/** The cheapest way to place one lot alone. Throws a `RangeError` for a lot that fits no vessel. */
function singleton(lots: Lots, vessels: readonly Vessel[], lot: number): Pattern {
  let best: Pattern | undefined
  let bestPrice = Infinity
  for (const [vessel, { price, fresh }] of vessels.entries()) {
    if (lots.masks[lot]?.[vessel] !== 1) continue
    const amount = Math.min(at(lots.perNode, lot), at(lots.counts, lot), roomIn(lots, lot, fresh.free))
    if (price / amount >= bestPrice) continue
    bestPrice = price / amount
    best = { vessel, price, rows: Int32Array.of(lot), amounts: Float64Array.of(amount) }
  }
  if (best === undefined) throw new RangeError(`lot ${lot} fits no vessel`)
  return best
}

interface Pricing {
  readonly vessel: number
  readonly values: Float64Array
}

interface Search extends Pricing {
  /** What a pattern has to be worth for each dollar. */
  readonly least: number
}

/** The most valuable fill of a vessel, if it is worth more than it costs. */
function bestPattern(lots: Lots, vessels: readonly Vessel[], { vessel, values, least }: Search): Pattern | undefined {
  const { price = 0, fresh } = vessels[vessel] ?? {}
  if (fresh === undefined) return undefined
  let best: Pattern | undefined
  let bestWorth = price * least
  for (const taste of TASTES) {
    const { worth, amounts } = trialFill(lots, { vessel, values, free: fresh.free, taste })
    if (worth <= bestWorth) continue
    bestWorth = worth
    best = { vessel, price, rows: Int32Array.from(amounts.keys()), amounts: Float64Array.from(amounts.values()) }
  }
  return best
}

interface Trial extends Pricing {
  readonly free: Float64Array
  readonly taste: Taste
}

/** Fills by size and by the caps of lots alone: company shows when nodes are made. */
function trialFill(lots: Lots, { vessel, values, free, taste }: Trial) {
  const room = Float64Array.from(free)
  const left = Float64Array.from(lots.counts)
  const amounts = new Map<number, number>()
  const used = new Map<number, number>()
  const put = (lot: number, wanted: number): number => {
    const circle = lots.circles[lot] ?? -1
    const own = circle === -1 ? wanted : Math.min(wanted, (lots.perNode[lot] ?? Infinity) - (used.get(circle) ?? 0))
    if (own <= 0) return 0
    if (circle !== -1) used.set(circle, (used.get(circle) ?? 0) + own)
    for (let r = 0; r < lots.resources; r++) {
      room[r] = at(room, r) - own * at(lots.requests, lot * lots.resources + r)
    }
    left[lot] = at(left, lot) - own
    amounts.set(lot, (amounts.get(lot) ?? 0) + own)
    return own
  }
  const worth = fillNode({ lots, vessel, free: room, values, left, taste, put })
  return { worth, amounts }
}
