import { coarsened } from './coarse-lots.ts'
import { generateColumns, type Generated } from './column-generation.ts'
import type { LotSizes, Vessel } from './lots.ts'
import { resourceValues } from './resource-prices.ts'
import { at } from './vectors.ts'

/** What comes along for nothing still wants a node: pods are worth this share of what they take at least. */
const LEAST_VALUE = 0.01

export interface PricedLots extends Generated {
  /** The lots that each row of a pattern stands for. */
  readonly members: readonly (readonly number[])[]
}

/** What pods are worth, and which patterns of them make up the cheapest nodes. */
export function priceLots(lots: LotSizes, vessels: readonly Vessel[]): PricedLots {
  const bySize = resourceValues(lots, vessels)
  const coarse = coarsened(lots)
  if (coarse === undefined) {
    return { values: bySize, solution: [], members: [], ratios: new Float64Array(vessels.length).fill(1) }
  }
  const generated = generateColumns(coarse.lots, vessels)
  const members: number[][] = []
  for (const [lot, group] of coarse.groupOf.entries()) (members[group] ??= []).push(lot)
  const values = Float64Array.from(coarse.groupOf, (group, lot) => {
    const priced = at(generated.values, group) * sizeRatio({ lots, lot }, { lots: coarse.lots, lot: group })
    return Math.max(priced, at(bySize, lot) * LEAST_VALUE, Number.MIN_VALUE)
  })
  return { ...generated, values, members }
}

interface LotOf {
  readonly lots: Pick<LotSizes, 'resources' | 'requests'>
  readonly lot: number
}

/** How large a lot's pods are beside those of another, on average over resources. */
function sizeRatio(one: LotOf, other: LotOf): number {
  const { resources } = one.lots
  let ratio = 0
  let count = 0
  for (let r = 0; r < resources; r++) {
    const whole = other.lots.requests[other.lot * resources + r] ?? 0
    if (whole === 0) continue
    ratio += (one.lots.requests[one.lot * resources + r] ?? 0) / whole
    count++
  }
  return count === 0 ? 1 : ratio / count
}
