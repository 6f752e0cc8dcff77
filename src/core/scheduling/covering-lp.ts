/** How much of each row one of a column's nodes covers, and what it costs. */
export interface Column {
  readonly price: number
  /** Numbers of the rows that it covers, and how much of each. */
  readonly rows: readonly number[]
  readonly amounts: readonly number[]
}

/** min Σ price·x, such that every row is covered, x ≥ 0: solved again and again while columns are added. */
export interface CoveringLp {
  add(column: Column): void
  /** Improves until no column of the pool does, or after so many steps. */
  solve(mostSteps: number): void
  /** What one more unit of each row is worth. */
  prices(): Float64Array
  /** The columns in use, and how often. */
  solution(): readonly { readonly column: Column; readonly times: number }[]
}

const EPSILON = 1e-9

/**
 * The revised simplex method with an explicit inverse: rows are few hundreds at most, and every start has a diagonal
 * basis. `start` has one column for each row, which covers that row alone. Source: V. Chvátal, Linear Programming, 7.
 */
export function createCoveringLp(demands: Float64Array, start: readonly Column[]): CoveringLp {
  const size = demands.length
  const pool: Column[] = [...start]
  const basis: Column[] = [...start]
  const inverse = new Float64Array(size * size)
  const values = new Float64Array(size)
  const duals = new Float64Array(size)
  const direction = new Float64Array(size)
  for (const [row, { price, amounts }] of start.entries()) {
    const amount = amounts[0] ?? 1
    inverse[row * size + row] = 1 / amount
    values[row] = (demands[row] ?? 0) / amount
    duals[row] = price / amount
  }

  const gain = ({ price, rows, amounts }: Column): number => {
    let worth = -price
    for (let index = 0; index < rows.length; index++) worth += (duals[rows[index] ?? 0] ?? 0) * (amounts[index] ?? 0)
    return worth
  }
  const best = (): { readonly column: Column; readonly gain: number } | undefined => {
    let found: Column | undefined
    let most = EPSILON
    for (const column of pool) {
      // Per dollar, so that large nodes do not always win.
      const relative = gain(column) / column.price
      if (relative <= most) continue
      most = relative
      found = column
    }
    if (found !== undefined) return { column: found, gain: gain(found) }
    for (let row = 0; row < size; row++) {
      const value = duals[row] ?? 0
      if (value < -EPSILON) return { column: { price: 0, rows: [row], amounts: [-1] }, gain: -value }
    }
    return undefined
  }
  const aim = ({ rows, amounts }: Column): void => {
    direction.fill(0)
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] ?? 0
      const amount = amounts[index] ?? 0
      for (let at = 0; at < size; at++) direction[at] = (direction[at] ?? 0) + (inverse[at * size + row] ?? 0) * amount
    }
  }
  const leaving = (): number => {
    let least = Infinity
    let leaver = -1
    for (let at = 0; at < size; at++) {
      const step = direction[at] ?? 0
      if (step <= EPSILON) continue
      const ratio = (values[at] ?? 0) / step
      if (ratio < least) {
        least = ratio
        leaver = at
      }
    }
    return leaver
  }
  const pivot = (column: Column, leaver: number, gained: number): void => {
    const step = direction[leaver] ?? 1
    const ratio = (values[leaver] ?? 0) / step
    const own = leaver * size
    for (let index = 0; index < size; index++) {
      duals[index] = (duals[index] ?? 0) - (gained / step) * (inverse[own + index] ?? 0)
      inverse[own + index] = (inverse[own + index] ?? 0) / step
    }
    for (let at = 0; at < size; at++) {
      const factor = direction[at] ?? 0
      if (at === leaver || factor === 0) continue
      values[at] = Math.max(0, (values[at] ?? 0) - factor * ratio)
      const row = at * size
      for (let index = 0; index < size; index++) {
        inverse[row + index] = (inverse[row + index] ?? 0) - factor * (inverse[own + index] ?? 0)
      }
    }
    values[leaver] = ratio
    basis[leaver] = column
  }
  return {
    add: (column) => void pool.push(column),
    solve: (mostSteps) => {
      for (let step = 0; step < mostSteps; step++) {
        const entering = best()
        if (entering === undefined) return
        aim(entering.column)
        const leaver = leaving()
        if (leaver === -1) return
        pivot(entering.column, leaver, entering.gain)
      }
    },
    prices: () => duals.map((value) => Math.max(0, value)),
    solution: () =>
      basis.flatMap((column, row) => {
        const times = values[row] ?? 0
        return times > EPSILON && column.price > 0 ? [{ column, times }] : []
      }),
  }
}
