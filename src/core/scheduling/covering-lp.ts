import { at } from './vectors.ts'

/** How much of each row one of a column's nodes covers, and what it costs. */
export interface Column {
  readonly price: number
  /** Numbers of the rows that it covers, and how much of each. */
  readonly rows: Int32Array
  readonly amounts: Float64Array
}

/**
 * min Σ price·x, such that every row is covered, x ≥ 0: solved again and again while columns are added. The revised simplex
 * method with an explicit inverse: rows are few, and every start has a diagonal basis. Source: V. Chvátal, Linear
 * Programming, chapter 7.
 */
export interface CoveringLp {
  readonly size: number
  /** Columns that may come into use. */
  readonly pool: Column[]
  /** The column in use at each position. */
  readonly basis: Column[]
  readonly inverse: Float64Array
  /** How often each column in use is used. */
  readonly times: Float64Array
  /** What one more unit of each row is worth. */
  readonly prices: Float64Array
}

const EPSILON = 1e-9
/** A column that lacks this share of its price is unlikely to come into use. */
const MUCH = 0.05
/** So many of the best columns are looked at again before all are. */
const SHORTLIST = 24

/** `start` has one column for each row, which covers that row alone. */
export function createCoveringLp(demands: Float64Array, start: readonly Column[]): CoveringLp {
  const size = demands.length
  const inverse = new Float64Array(size * size)
  const times = new Float64Array(size)
  const prices = new Float64Array(size)
  for (const [row, { price, amounts }] of start.entries()) {
    const amount = amounts[0] ?? 1
    inverse[row * size + row] = 1 / amount
    times[row] = (demands[row] ?? 0) / amount
    prices[row] = price / amount
  }
  return { size, pool: [...start], basis: [...start], inverse, times, prices }
}

/** Improves until no column does, or after so many steps. */
export function solve(lp: CoveringLp, mostSteps: number): void {
  const direction = new Float64Array(lp.size)
  let promising: readonly Column[] = []
  for (let step = 0; step < mostSteps; step++) {
    let entering = bestColumn(lp, promising)
    if (entering === undefined) {
      promising = shortlist(lp)
      entering = promising[0] ?? surplus(lp)
    }
    if (entering === undefined) return
    aim(lp, entering, direction)
    const leaver = leaving(lp, direction)
    if (leaver === -1) return
    pivot(lp, entering, direction, leaver)
  }
}

/** Forgets columns that cost much more than they are worth now, and are not in use. */
export function forget(lp: CoveringLp): void {
  const used = new Set(lp.basis)
  const kept = lp.pool.filter((column) => used.has(column) || gain(lp, column) > -MUCH * column.price)
  lp.pool.splice(0, lp.pool.length, ...kept)
}

/** What a column is worth beyond its price. */
export function gain({ prices }: CoveringLp, { price, rows, amounts }: Column): number {
  let worth = -price
  for (let index = 0; index < rows.length; index++) worth += (prices[rows[index] ?? 0] ?? 0) * (amounts[index] ?? 0)
  return worth
}

/** The column that gains most for its price; undefined: none gains. */
function bestColumn(lp: CoveringLp, among: readonly Column[]): Column | undefined {
  let found: Column | undefined
  let most = EPSILON
  for (const column of among) {
    // Per dollar, so that large nodes do not always win.
    const relative = gain(lp, column) / column.price
    if (relative <= most) continue
    most = relative
    found = column
  }
  return found
}

/** The columns that gain most for their price, the best first. */
function shortlist(lp: CoveringLp): readonly Column[] {
  const gaining: { readonly column: Column; readonly relative: number }[] = []
  for (const column of lp.pool) {
    const relative = gain(lp, column) / column.price
    if (relative > EPSILON) gaining.push({ column, relative })
  }
  const best = gaining.toSorted((a, b) => b.relative - a.relative).slice(0, SHORTLIST)
  return best.map(({ column }) => column)
}

/** Covers a row less, when that is worth something. */
function surplus({ prices }: CoveringLp): Column | undefined {
  const row = prices.findIndex((price) => price < -EPSILON)
  return row === -1 ? undefined : { price: 0, rows: Int32Array.of(row), amounts: Float64Array.of(-1) }
}

/** How the columns in use change for one unit of another. */
function aim({ size, inverse }: CoveringLp, { rows, amounts }: Column, direction: Float64Array): void {
  direction.fill(0)
  for (let index = 0; index < rows.length; index++) {
    const amount = amounts[index] ?? 0
    for (let position = 0, from = rows[index] ?? 0; position < size; position++, from += size) {
      direction[position] = (direction[position] ?? 0) + (inverse[from] ?? 0) * amount
    }
  }
}

/** The position of the column that goes out of use first. */
function leaving({ size, times }: CoveringLp, direction: Float64Array): number {
  let least = Infinity
  let leaver = -1
  for (let position = 0; position < size; position++) {
    const step = direction[position] ?? 0
    const ratio = step > EPSILON ? (times[position] ?? 0) / step : Infinity
    if (ratio >= least) continue
    least = ratio
    leaver = position
  }
  return leaver
}

function pivot(lp: CoveringLp, entering: Column, direction: Float64Array, leaver: number): void {
  const { size, inverse, times, prices, basis } = lp
  const step = at(direction, leaver)
  const perUnit = gain(lp, entering) / step
  const ratio = at(times, leaver) / step
  const own = leaver * size
  for (let index = 0; index < size; index++) {
    const cell = at(inverse, own + index)
    prices[index] = at(prices, index) - perUnit * cell
    inverse[own + index] = cell / step
  }
  for (let position = 0; position < size; position++) {
    const factor = at(direction, position)
    if (position === leaver || factor === 0) continue
    times[position] = Math.max(0, at(times, position) - factor * ratio)
    subtractRow(inverse, { from: position * size, factor, own, size })
  }
  times[leaver] = ratio
  basis[leaver] = entering
}

interface RowChange {
  readonly from: number
  readonly factor: number
  readonly own: number
  readonly size: number
}

function subtractRow(inverse: Float64Array, { from, factor, own, size }: RowChange): void {
  for (let index = 0; index < size; index++) {
    inverse[from + index] = (inverse[from + index] ?? 0) - factor * (inverse[own + index] ?? 0)
  }
}
