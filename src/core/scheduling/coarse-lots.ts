import type { LotSizes } from './lots.ts'
import { at, wholeAt } from './vectors.ts'

/** Lots that stand for others. */
export interface CoarseLots extends LotSizes {
  /** Whether pods are of these very sizes, and mind nobody of their own kind. */
  readonly isExact: boolean
}

/** Rows of a linear program that is solved hundreds of times: with more of them a step takes too long. */
const MOST_ROWS = 48
const MOST_ROWS_EVER = 160

/**
 * The same with fewer lots, for what needs no more detail than that: lots of nearly the same size on the same vessels
 * become one of their mean size. `groupOf` tells where each went. Undefined: there are too many kinds of pods.
 */
export function coarsened(lots: LotSizes): { readonly lots: CoarseLots; readonly groupOf: Int32Array } | undefined {
  if (lots.size <= MOST_ROWS)
    return { lots: { ...lots, isExact: !lots.circles.some((circle) => circle !== -1) }, groupOf: ownGroups(lots) }
  const plain = withoutSmallCircles(lots)
  for (let steps = 6; ; steps /= 1.5) {
    const groupOf = grouping(plain, steps)
    const size = 1 + groupOf.reduce((largest, group) => Math.max(largest, group), -1)
    if (size > MOST_ROWS && steps >= 0.5) continue
    if (size > MOST_ROWS_EVER) return undefined
    const coarse = merged(plain, groupOf, size)
    return isWhole(coarse) ? { lots: coarse, groupOf } : undefined
  }
}

/** A cap that concerns no more pods than this share of all hardly tells what nodes are worth. */
const SMALL = 0.02

function withoutSmallCircles(lots: LotSizes): LotSizes {
  const pods = new Map<number, number>()
  let all = 0
  for (const [lot, circle] of lots.circles.entries()) {
    pods.set(circle, (pods.get(circle) ?? 0) + at(lots.counts, lot))
    all += at(lots.counts, lot)
  }
  const isSmall = (circle: number | undefined): boolean => (pods.get(circle ?? -1) ?? 0) < SMALL * all
  return {
    ...lots,
    circles: lots.circles.map((circle) => (isSmall(circle) ? -1 : circle)),
    perNode: lots.perNode.map((most, lot) => (isSmall(lots.circles[lot]) ? Infinity : most)),
  }
}

function ownGroups({ size }: LotSizes): Int32Array {
  return Int32Array.from({ length: size }, (_, index) => index)
}

/** Daemons may keep lots of one group off different vessels, so that none is left for all of them. */
function isWhole({ size, fits, vessels }: CoarseLots): boolean {
  for (let lot = 0; lot < size; lot++) {
    if (!fits.subarray(lot * vessels, (lot + 1) * vessels).includes(1)) return false
  }
  return true
}

/** `steps` sizes for each factor of e. */
function grouping(lots: LotSizes, steps: number): Int32Array {
  const { resources, requests, perNode, circles, kinds, size } = lots
  const numbers = new Map<string, number>()
  const groupOf = new Int32Array(size)
  for (let lot = 0; lot < size; lot++) {
    let key = `${perNode[lot]}/${circles[lot]}/${kinds[lot]}`
    for (let r = 0; r < resources; r++) {
      const amount = at(requests, lot * resources + r)
      key += amount === 0 ? ',' : `,${Math.round(Math.log(amount) * steps)}`
    }
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    groupOf[lot] = number
  }
  return groupOf
}

function merged(lots: LotSizes, groupOf: Int32Array, size: number): CoarseLots {
  const { resources, vessels } = lots
  const counts = new Float64Array(size)
  const requests = new Float64Array(size * resources)
  const perNode = new Float64Array(size)
  const circles = new Int32Array(size)
  const kinds = new Int32Array(size)
  // A group fits where all of its lots do.
  const fits = new Uint8Array(size * vessels).fill(1)
  for (const [lot, group] of groupOf.entries()) {
    const count = at(lots.counts, lot)
    counts[group] = at(counts, group) + count
    perNode[group] = lots.perNode[lot] ?? Infinity
    circles[group] = lots.circles[lot] ?? -1
    kinds[group] = wholeAt(lots.kinds, lot)
    for (let vessel = 0; vessel < vessels; vessel++) {
      if (lots.fits[lot * vessels + vessel] === 0) fits[group * vessels + vessel] = 0
    }
    for (let r = 0; r < resources; r++) {
      const cell = group * resources + r
      requests[cell] = at(requests, cell) + count * at(lots.requests, lot * resources + r)
    }
  }
  for (let cell = 0; cell < requests.length; cell++) {
    requests[cell] = at(requests, cell) / (at(counts, Math.floor(cell / resources)) || 1)
  }
  return { size, resources, counts, requests, perNode, circles, kinds, fits, vessels, isExact: false }
}
