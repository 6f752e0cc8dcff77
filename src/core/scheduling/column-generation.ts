import type { CoarseLots } from './coarse-lots.ts'
import { createCoveringLp, forget, gain, solve, type Column, type CoveringLp } from './covering-lp.ts'
import { roomIn, TASTES, type Taste } from './fill.ts'
import type { Vessel } from './lots.ts'
import { createPatternMaker, type Pattern, type RatedPattern } from './patterns.ts'
import { resourceValues } from './resource-prices.ts'
import { at } from './vectors.ts'
import { worthwhile } from './worthwhile.ts'

export interface Generated {
  /** What a pod of each lot is worth, in US dollars an hour. */
  readonly values: Float64Array
  /** Patterns that cover all pods most cheaply, and how often each is used when nodes may be divided. */
  readonly solution: readonly { readonly pattern: Pattern; readonly times: number }[]
  /** What each vessel holds at best for its price, by these values. */
  readonly ratios: Float64Array
}

const LEAST_USE = 1e-9
const STEPS_PER_ROUND = 200
/** A pattern that saves less than this share of its price is not worth a column. */
const LEAST_GAIN = 1e-3
/** Prices of the present solution jump about: they count this much, and the best ones so far the rest. */
const BOLDNESS = 0.35
/** A solution so close to what the best prices say cannot get much better. */
const CLOSE_ENOUGH = 1.002

/** Between two surveys of all vessels so many rounds are made with those that looked best. */
const ROUNDS_PER_SURVEY = 10
const MOST_SURVEYS = 4

/**
 * Prices pods by the linear relaxation of the covering problem over whole nodes, whose columns are made as they are
 * wanted. Sources: Gilmore and Gomory 1961, for the cutting stock problem; Wentges 1997, for smooth prices.
 */
export function generateColumns(lots: CoarseLots, vessels: readonly Vessel[]): Generated {
  const start = Array.from({ length: lots.size }, (_, lot) => singleton(lots, vessels, lot))
  const lp = createCoveringLp(lots.counts, start)
  const patterns = new Map<Column, Pattern>(start.map((pattern) => [pattern, pattern]))
  const bestPattern = createPatternMaker(lots, vessels)
  const survey = (values: Float64Array): Priced =>
    priced(
      lots,
      values,
      vessels.map((_, vessel) => bestPattern(vessel, values, PLAIN)),
    )
  const add = (found: readonly RatedPattern[]): void => {
    for (const { pattern } of found) {
      patterns.set(pattern, pattern)
      lp.pool.push(pattern)
    }
    solve(lp, STEPS_PER_ROUND)
  }

  // Values by size alone know which nodes are cheap: the search starts with good patterns for them.
  let best = survey(resourceValues(lots, vessels))
  let ratios = ratiosOf(best)
  add(best.patterns)
  const active = new Set(worthwhile(vessels, ratios))
  for (let surveys = 0; surveys < MOST_SURVEYS; surveys++) {
    const rate = (values: Float64Array): Priced =>
      priced(
        lots,
        values,
        [...active].map((vessel) => bestPattern(vessel, values, TASTES)),
      )
    best = improved({ lots, lp, add, rate }, best)
    const all = survey(best.values)
    ratios = ratiosOf(all)
    const better = all.patterns.filter(({ ratio }) => ratio > CLOSE_ENOUGH)
    if (better.length === 0) break
    best = all
    for (const { pattern } of better) active.add(pattern.vessel)
    add(better)
  }
  const solution = lp.basis.flatMap((column, position) => {
    const pattern = patterns.get(column)
    const times = at(lp.times, position)
    return pattern === undefined || times < LEAST_USE ? [] : [{ pattern, times }]
  })
  return { values: best.values, solution, ratios }
}

const PLAIN: readonly Taste[] = ['bottleneck']

interface Pricing {
  readonly lots: CoarseLots
  readonly lp: CoveringLp
  readonly add: (found: readonly RatedPattern[]) => void
  readonly rate: (values: Float64Array) => Priced
}

/** Better prices, by patterns of some of the vessels. */
function improved({ lots, lp, add, rate }: Pricing, known: Priced): Priced {
  let best = rate(known.values)
  let boldness = BOLDNESS
  for (let round = 0; round < ROUNDS_PER_SURVEY; round++) {
    const present = pricesOf(lp)
    if (worthOfAll(lots, present) <= best.worth * CLOSE_ENOUGH) break
    const next = rate(mixed(best.values, present, boldness))
    const useful = next.patterns.filter(({ pattern }) => gain(lp, pattern) > LEAST_GAIN * pattern.price)
    if (next.worth > best.worth) best = next
    else if (useful.length === 0 && boldness === 1) break
    // What the best prices cannot improve, the present ones may.
    boldness = useful.length === 0 ? 1 : BOLDNESS
    add(useful)
    forget(lp)
  }
  return best
}

/** Values of pods under which no node that was found holds more than it costs. */
interface Priced {
  readonly values: Float64Array
  /** What all pods are worth together. */
  readonly worth: number
  readonly patterns: readonly RatedPattern[]
}

function priced(lots: CoarseLots, values: Float64Array, patterns: readonly RatedPattern[]): Priced {
  const most = patterns.reduce((highest, { ratio }) => Math.max(highest, ratio), Number.MIN_VALUE)
  const scaled = values.map((value) => value / most)
  return { values: scaled, worth: worthOfAll(lots, scaled), patterns }
}

function ratiosOf({ patterns }: Priced): Float64Array {
  return Float64Array.from(patterns, ({ ratio }) => ratio)
}

function worthOfAll({ counts }: CoarseLots, values: Float64Array): number {
  let worth = 0
  for (let lot = 0; lot < counts.length; lot++) worth += at(counts, lot) * at(values, lot)
  return worth
}

function mixed(calm: Float64Array, bold: Float64Array, boldness: number): Float64Array {
  return calm.map((value, lot) => value * (1 - boldness) + at(bold, lot) * boldness)
}

/** Prices that rounding made negative are none. */
function pricesOf({ prices }: CoveringLp): Float64Array {
  return prices.map((price) => Math.max(0, price))
}

/** The cheapest way to place one lot alone. Throws a `RangeError` for a lot that fits no vessel. */
function singleton(lots: CoarseLots, vessels: readonly Vessel[], lot: number): Pattern {
  let best: Pattern | undefined
  let bestPrice = Infinity
  for (const [vessel, { price, fresh }] of vessels.entries()) {
    if (lots.fits[lot * vessels.length + vessel] !== 1) continue
    const amount = Math.min(at(lots.perNode, lot), at(lots.counts, lot), roomIn(lots, lot, fresh.free))
    if (price / amount >= bestPrice) continue
    bestPrice = price / amount
    best = { vessel, price, rows: Int32Array.of(lot), amounts: Float64Array.of(amount) }
  }
  if (best === undefined) throw new RangeError(`lot ${lot} fits no vessel`)
  return best
}
