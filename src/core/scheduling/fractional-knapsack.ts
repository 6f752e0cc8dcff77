import { at, wholeAt } from './vectors.ts'

/** What may go on one node: so much of each thing at most. */
export interface Knapsack {
  /** What one of each thing is worth. */
  readonly values: Float64Array
  /** What one of each thing takes, `resources` numbers each, in units in which they are neither tiny nor huge. */
  readonly takes: Float64Array
  readonly resources: number
  /** What the node has of each resource, in the same units. */
  readonly capacity: Float64Array
  /** How many of each thing there may be on this node. */
  readonly most: Float64Array
}

/** A knapsack while it is solved: things at zero, things at their most, and one basic thing for each resource. */
interface Tableau extends Knapsack {
  readonly count: number
  readonly inverse: Float64Array
  /** The thing of each row; count + r: the slack of resource r. */
  readonly basis: Int32Array
  /** How much of the basic thing of each row there is. */
  readonly level: Float64Array
  readonly isFull: Uint8Array
  readonly isBasic: Uint8Array
  /** What one unit of each resource is worth. */
  readonly prices: Float64Array
  readonly direction: Float64Array
}

const EPSILON = 1e-10

/**
 * What one unit of each resource is worth in the best fill when things may be divided: the dual of that linear program, by
 * the simplex method with bounded variables. Source: V. Chvátal, Linear Programming, chapter 8.
 */
export function resourcePrices(knapsack: Knapsack): Float64Array {
  const tableau = emptyTableau(knapsack)
  const mostSteps = 50 + 4 * tableau.count
  for (let step = 0; step < mostSteps; step++) {
    reprice(tableau)
    const entering = enteringThing(tableau)
    if (entering === -1) break
    aim(tableau, entering)
    advance(tableau, entering)
  }
  reprice(tableau)
  return tableau.prices.map((price) => Math.max(0, price))
}

/** What a node is worth at most when its resources have these prices: true of any prices, so that rounding cannot make it wrong. */
export function dualWorth(knapsack: Knapsack, prices: Float64Array): number {
  const { values, capacity, most, resources } = knapsack
  let worth = 0
  for (let r = 0; r < resources; r++) worth += (prices[r] ?? 0) * (capacity[r] ?? 0)
  for (let thing = 0; thing < values.length; thing++) {
    const number = most[thing] ?? 0
    if (number <= 0) continue
    const gain = gainOf(knapsack, prices, thing)
    if (gain > 0) worth += gain * number
  }
  return worth
}

function emptyTableau(knapsack: Knapsack): Tableau {
  const { resources, values, capacity } = knapsack
  const count = values.length
  const inverse = new Float64Array(resources * resources)
  for (let row = 0; row < resources; row++) inverse[row * resources + row] = 1
  return {
    ...knapsack,
    count,
    inverse,
    basis: Int32Array.from({ length: resources }, (_, row) => count + row),
    level: Float64Array.from(capacity),
    isFull: new Uint8Array(count),
    isBasic: new Uint8Array(count),
    prices: new Float64Array(resources),
    direction: new Float64Array(resources),
  }
}

function reprice({ resources, basis, inverse, values, prices }: Tableau): void {
  prices.fill(0)
  for (let row = 0; row < resources; row++) {
    const value = values[basis[row] ?? 0] ?? 0
    if (value === 0) continue
    for (let r = 0; r < resources; r++) prices[r] = (prices[r] ?? 0) + value * (inverse[row * resources + r] ?? 0)
  }
}

/** What one of a thing is worth beyond what it takes. */
export function gainOf({ values, takes, resources }: Knapsack, prices: Float64Array, thing: number): number {
  let gain = values[thing] ?? 0
  for (let r = 0, cell = thing * resources; r < resources; r++, cell++) gain -= (prices[r] ?? 0) * (takes[cell] ?? 0)
  return gain
}

/** The thing whose change gains most; -1: none does. */
function enteringThing(tableau: Tableau): number {
  const { count, prices, most, isFull, isBasic } = tableau
  let best = -1
  let bestGain = EPSILON
  for (let thing = 0; thing < count; thing++) {
    const number = at(most, thing)
    if (number <= 0 || isBasic[thing] === 1) continue
    const gain = gainOf(tableau, prices, thing) * (isFull[thing] === 1 ? -1 : 1)
    // What gains little by the piece may gain a lot by the node.
    if (gain <= EPSILON || gain * number <= bestGain) continue
    bestGain = gain * number
    best = thing
  }
  if (best !== -1) return best
  // A slack comes back when its resource is worth less than nothing.
  const slack = prices.findIndex((price) => price < -EPSILON)
  return slack === -1 ? -1 : count + slack
}

/** How the basic things change for one more of another. */
function aim({ resources, inverse, takes, count, direction }: Tableau, thing: number): void {
  for (let row = 0; row < resources; row++) {
    let sum = 0
    for (let r = 0; r < resources; r++) {
      const take = thing < count ? (takes[thing * resources + r] ?? 0) : Number(r === thing - count)
      sum += (inverse[row * resources + r] ?? 0) * take
    }
    direction[row] = sum
  }
}

/** Changes the entering thing until it or a basic one is at its end. */
function advance(tableau: Tableau, entering: number): void {
  const { count, isFull, isBasic, basis, level, direction, resources } = tableau
  const sign = entering < count && isFull[entering] === 1 ? -1 : 1
  const { distance, row } = nearestEnd(tableau, entering, sign)
  for (let r = 0; r < resources; r++) level[r] = at(level, r) - at(direction, r) * sign * distance
  if (row === -1) {
    isFull[entering] = isFull[entering] === 1 ? 0 : 1
    return
  }
  const leaving = wholeAt(basis, row)
  if (leaving < count) {
    isBasic[leaving] = 0
    isFull[leaving] = Number(at(direction, row) * sign < 0)
  }
  basis[row] = entering
  level[row] = sign === 1 ? distance : mostOf(tableau, entering) - distance
  if (entering < count) {
    isBasic[entering] = 1
    isFull[entering] = 0
  }
  exchange(tableau, row)
}

function mostOf({ count, most }: Tableau, thing: number): number {
  return thing < count ? (most[thing] ?? 0) : Infinity
}

/** How far the entering thing may go, and the row of the basic thing that stops it; -1: it stops itself. */
function nearestEnd(
  tableau: Tableau,
  entering: number,
  sign: number,
): { readonly distance: number; readonly row: number } {
  const { resources, direction, level, basis } = tableau
  let distance = mostOf(tableau, entering)
  let stopper = -1
  for (let row = 0; row < resources; row++) {
    const slope = (direction[row] ?? 0) * sign
    if (Math.abs(slope) <= EPSILON) continue
    const amount = level[row] ?? 0
    const end = slope > 0 ? amount : amount - mostOf(tableau, basis[row] ?? 0)
    const reach = Math.max(0, end / slope)
    if (reach >= distance) continue
    distance = reach
    stopper = row
  }
  return { distance, row: stopper }
}

function exchange({ inverse, direction, resources }: Tableau, leaver: number): void {
  const pivot = at(direction, leaver)
  const own = leaver * resources
  for (let r = 0; r < resources; r++) inverse[own + r] = at(inverse, own + r) / pivot
  for (let row = 0; row < resources; row++) {
    const factor = at(direction, row)
    if (row === leaver || factor === 0) continue
    for (let r = 0, cell = row * resources; r < resources; r++, cell++) {
      inverse[cell] = at(inverse, cell) - factor * at(inverse, own + r)
    }
  }
}
