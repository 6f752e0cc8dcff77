/** What may go on one node: so much of each thing at most. */
export interface Knapsack {
  /** What one of each thing is worth. */
  readonly values: Float64Array
  /** For each thing what one takes, as shares of what the node has, `resources` numbers each. */
  readonly shares: Float64Array
  readonly resources: number
  /** How many of each thing there are for this node at most. */
  readonly most: Float64Array
}

export interface FractionalFill {
  /** What the best fill is worth when things may be divided: no real fill is worth more. */
  readonly worth: number
  /** What the whole of each resource is worth at that point. */
  readonly prices: Float64Array
}

const EPSILON = 1e-10

/** Solves the knapsack with many resources and divisible things by the simplex method with bounded variables. */
export function fillFractionally({ values, shares, resources, most }: Knapsack): FractionalFill {
  const count = values.length
  const inverse = identity(resources)
  /** The thing in each row of the basis; count + r: the slack of resource r. */
  const basis = Int32Array.from({ length: resources }, (_, row) => count + row)
  const level = new Float64Array(resources).fill(1)
  const isFull = new Uint8Array(count)
  const isBasic = new Uint8Array(count)
  const prices = new Float64Array(resources)
  const direction = new Float64Array(resources)
  const valueOf = (thing: number): number => (thing < count ? (values[thing] ?? 0) : 0)
  const limitOf = (thing: number): number => (thing < count ? (most[thing] ?? 0) : Infinity)

  const reprice = (): void => {
    for (let column = 0; column < resources; column++) {
      let price = 0
      for (let row = 0; row < resources; row++) price += valueOf(basis[row] ?? 0) * (inverse[row * resources + column] ?? 0)
      prices[column] = price
    }
  }
  const gainOf = (thing: number): number => {
    let gain = values[thing] ?? 0
    for (let r = 0; r < resources; r++) gain -= (prices[r] ?? 0) * (shares[thing * resources + r] ?? 0)
    return gain
  }
  const entering = (): number => {
    let best = -1
    let most_ = EPSILON
    for (let thing = 0; thing < count; thing++) {
      if (isBasic[thing] === 1 || (most[thing] ?? 0) <= 0) continue
      const gain = isFull[thing] === 1 ? -gainOf(thing) : gainOf(thing)
      // What gains little by the piece may gain a lot by the node.
      const weighed = gain * Math.min(most[thing] ?? 0, 1 / largestShare(thing))
      if (gain > EPSILON && weighed > most_) {
        most_ = weighed
        best = thing
      }
    }
    if (best !== -1) return best
    // A slack may come back when its resource is worth less than nothing.
    for (let r = 0; r < resources; r++) if ((prices[r] ?? 0) < -EPSILON) return count + r
    return -1
  }
  const largestShare = (thing: number): number => {
    let largest = EPSILON
    for (let r = 0; r < resources; r++) largest = Math.max(largest, shares[thing * resources + r] ?? 0)
    return largest
  }
  const aim = (thing: number): void => {
    for (let row = 0; row < resources; row++) {
      let sum = 0
      for (let r = 0; r < resources; r++) {
        const share = thing < count ? (shares[thing * resources + r] ?? 0) : Number(r === thing - count)
        sum += (inverse[row * resources + r] ?? 0) * share
      }
      direction[row] = sum
    }
  }

  for (let step = 0; step < 50 + 4 * count; step++) {
    reprice()
    const thing = entering()
    if (thing === -1) break
    aim(thing)
    const sign = thing < count && isFull[thing] === 1 ? -1 : 1
    let distance = limitOf(thing)
    let leaver = -1
    let leavesFull = false
    for (let row = 0; row < resources; row++) {
      const slope = (direction[row] ?? 0) * sign
      const basic = basis[row] ?? 0
      const room = slope > EPSILON ? (level[row] ?? 0) / slope : slope < -EPSILON ? (limitOf(basic) - (level[row] ?? 0)) / -slope : Infinity
      if (room >= distance) continue
      distance = Math.max(0, room)
      leaver = row
      leavesFull = slope < 0
    }
    for (let row = 0; row < resources; row++) level[row] = (level[row] ?? 0) - (direction[row] ?? 0) * sign * distance
    if (leaver === -1) {
      isFull[thing] = isFull[thing] === 1 ? 0 : 1
      continue
    }
    const leaving = basis[leaver] ?? 0
    if (leaving < count) {
      isBasic[leaving] = 0
      isFull[leaving] = Number(leavesFull)
    }
    basis[leaver] = thing
    if (thing < count) isBasic[thing] = 1
    level[leaver] = sign === 1 ? distance : limitOf(thing) - distance
    if (thing < count) isFull[thing] = 0
    exchange(inverse, direction, leaver, resources)
  }
  reprice()
  for (let r = 0; r < resources; r++) prices[r] = Math.max(0, prices[r] ?? 0)
  return { worth: dualWorth({ values, shares, resources, most }, prices), prices }
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++) matrix[row * size + row] = 1
  return matrix
}

function exchange(inverse: Float64Array, direction: Float64Array, leaver: number, size: number): void {
  const pivot = direction[leaver] ?? 1
  for (let column = 0; column < size; column++) {
    inverse[leaver * size + column] = (inverse[leaver * size + column] ?? 0) / pivot
  }
  for (let row = 0; row < size; row++) {
    const factor = direction[row] ?? 0
    if (row === leaver || factor === 0) continue
    for (let column = 0; column < size; column++) {
      inverse[row * size + column] =
        (inverse[row * size + column] ?? 0) - factor * (inverse[leaver * size + column] ?? 0)
    }
  }
}

/** What a node is worth at most when its resources have these prices: true of any prices, so that rounding cannot make it wrong. */
export function dualWorth({ values, shares, resources, most }: Knapsack, prices: Float64Array): number {
  let worth = 0
  for (const price of prices) worth += price
  for (let thing = 0; thing < values.length; thing++) {
    let gain = values[thing] ?? 0
    for (let r = 0; r < resources; r++) gain -= (prices[r] ?? 0) * (shares[thing * resources + r] ?? 0)
    if (gain > 0) worth += gain * (most[thing] ?? 0)
  }
  return worth
}
