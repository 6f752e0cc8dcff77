import { at, wholeAt } from './vectors.ts'

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

/** `start` has one column for each row, which covers that row alone. */
export function createCoveringLp(demands: Float64Array, start: readonly Column[]): CoveringLp {
  const size = demands.length
  const inverse = new Float64Array(size * size)
  const times = new Float64Array(size)
  const prices = new Float64Array(size)
  for (const [row, { price, amounts }] of start.entries()) {
    const amount = amounts[0] ?? 1
    inverse[row * size + row] = 1 / amount
    times[row] = at(demands, row) / amount
    prices[row] = price / amount
  }
  return { size, pool: [...start], basis: [...start], inverse, times, prices }
}

/** Improves until no column does, or after so many steps. */
export function solve(lp: CoveringLp, mostSteps: number): void {
  const direction = new Float64Array(lp.size)
  for (let step = 0; step < mostSteps; step++) {
    const entering = bestColumn(lp) ?? surplus(lp)
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
function gain({ prices }: CoveringLp, { price, rows, amounts }: Column): number {
  let worth = -price
  for (let index = 0; index < rows.length; index++) worth += at(prices, wholeAt(rows, index)) * at(amounts, index)
  return worth
}

function bestColumn(lp: CoveringLp): Column | undefined {
  let found: Column | undefined
  let most = EPSILON
  for (const column of lp.pool) {
    // Per dollar, so that large nodes do not always win.
    const relative = gain(lp, column) / column.price
    if (relative <= most) continue
    most = relative
    found = column
  }
  return found
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
    const amount = at(amounts, index)
    for (let position = 0, from = wholeAt(rows, index); position < size; position++, from += size) {
      direction[position] = at(direction, position) + at(inverse, from) * amount
    }
  }
}

/** The position of the column that goes out of use first. */
function leaving({ size, times }: CoveringLp, direction: Float64Array): number {
  let least = Infinity
  let leaver = -1
  for (let position = 0; position < size; position++) {
    const step = at(direction, position)
    const ratio = step > EPSILON ? at(times, position) / step : Infinity
    if (ratio >= least) continue
    least = ratio
    leaver = position
  }
  return leaver
}

function pivot(lp: CoveringLp, entering: Column, direction: Float64Array, leaver: number): void {
  const { size, inverse, times, prices, basis } = lp
  const gained = gain(lp, entering)
  const step = at(direction, leaver)
  const ratio = at(times, leaver) / step
  const own = leaver * size
  for (let index = 0; index < size; index++) {
    prices[index] = at(prices, index) - (gained / step) * at(inverse, own + index)
    inverse[own + index] = at(inverse, own + index) / step
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
    inverse[from + index] = at(inverse, from + index) - factor * at(inverse, own + index)
  }
}
