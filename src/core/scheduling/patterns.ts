import type { CoarseLots } from './coarse-lots.ts'
import type { Column } from './covering-lp.ts'
import { createFillScratch, fillNode, type FillScratch, type Taste } from './fill.ts'
import { resourcePrices } from './fractional-knapsack.ts'
import type { Vessel } from './lots.ts'
import { knapsackFor, roomOf } from './room.ts'
import { at } from './vectors.ts'
import { bestFill, type BestFill } from './whole-knapsack.ts'

/** A node with pods on it, as a column of the covering problem: rows are lots. */
export interface Pattern extends Column {
  /** The number of the vessel. */
  readonly vessel: number
}

/** The most valuable fill of a vessel that was found, and what it is worth for its price. */
export interface RatedPattern {
  readonly pattern: Pattern
  readonly ratio: number
}

/** A node that is filled by size and by the caps of lots alone: company shows when nodes are made. */
interface Trial {
  readonly lots: CoarseLots
  readonly scratch: FillScratch
  readonly free: Float64Array
  readonly left: Float64Array
  /** By lot: how many pods of it are on the node. */
  readonly placed: Float64Array
  /** By circle: the same of those that share a cap. */
  readonly inCircle: Float64Array
}

/** Answers with the best of a few fills of a vessel for values of pods. */
export type PatternMaker = (vessel: number, values: Float64Array, tastes: readonly Taste[]) => RatedPattern

export function createPatternMaker(lots: CoarseLots, vessels: readonly Vessel[]): PatternMaker {
  const trial: Trial = {
    lots,
    scratch: createFillScratch(lots),
    free: new Float64Array(lots.resources),
    left: new Float64Array(lots.size),
    placed: new Float64Array(lots.size),
    inCircle: new Float64Array(lots.size),
  }
  const best = new Float64Array(lots.size)
  const search = smallVessels(lots, vessels)
  return (vessel, values, tastes) => {
    const { price = 0, fresh } = vessels[vessel] ?? {}
    let bestWorth = -1
    for (const taste of tastes) {
      trial.free.set(fresh?.free ?? [])
      const worth = fill(trial, vessel, values, taste)
      if (worth <= bestWorth) continue
      bestWorth = worth
      best.set(trial.placed)
    }
    const { worth, fill: exact } = search(vessel, values, bestWorth)
    if (exact !== undefined) {
      bestWorth = worth
      best.set(exact)
    }
    return { pattern: { vessel, price, ...used(best) }, ratio: bestWorth / (price || Number.MIN_VALUE) }
  }
}

/** A vessel that takes no more pods than this, of mean size, is filled in the best way there is, where pods are what they seem. */
const FEW = 12
const MOST_FILLS = 400

type ExactSearch = (
  vessel: number,
  values: Float64Array,
  least: number,
) => Partial<BestFill> & { readonly worth: number }

/** Answers with a better fill, if there is one, for vessels so small that one pod more or less matters much. */
function smallVessels(lots: CoarseLots, vessels: readonly Vessel[]): ExactSearch {
  if (!lots.isExact) return (_, __, least) => ({ worth: least })
  const room = roomOf(lots, vessels)
  const mean = meanOf(lots)
  const isSmall = vessels.map(({ fresh }) => mean.some((amount, r) => at(fresh.free, r) < FEW * amount))
  return (vessel, values, least) => {
    if (isSmall[vessel] !== true) return { worth: least }
    const sack = knapsackFor(room, vessel, values)
    const found = bestFill(sack, resourcePrices(sack), least * ROUNDING, { looks: MOST_FILLS })
    return found.fill === undefined ? { worth: least } : { worth: valueOf(found.fill, values), fill: found.fill }
  }
}

const ROUNDING = 1 + 1e-9

function valueOf(fill: Float64Array, values: Float64Array): number {
  return fill.reduce((sum, count, lot) => sum + count * at(values, lot), 0)
}

/** What a pod takes on average. */
function meanOf({ size, resources, requests, counts }: CoarseLots): Float64Array {
  const mean = new Float64Array(resources)
  let pods = 0
  for (let lot = 0; lot < size; lot++) {
    pods += at(counts, lot)
    for (let r = 0; r < resources; r++) mean[r] = at(mean, r) + at(counts, lot) * at(requests, lot * resources + r)
  }
  return mean.map((amount) => amount / Math.max(1, pods))
}

function used(placed: Float64Array): Pick<Column, 'rows' | 'amounts'> {
  const rows: number[] = []
  for (let lot = 0; lot < placed.length; lot++) if (at(placed, lot) > 0) rows.push(lot)
  return { rows: Int32Array.from(rows), amounts: Float64Array.from(rows, (lot) => at(placed, lot)) }
}

function fill(trial: Trial, vessel: number, values: Float64Array, taste: Taste): number {
  const { lots, scratch, free, left, placed, inCircle } = trial
  left.set(lots.counts)
  placed.fill(0)
  inCircle.fill(0)
  let count = 0
  for (let lot = 0; lot < lots.size; lot++) {
    if (lots.fits[lot * lots.vessels + vessel] === 1 && at(values, lot) > 0) scratch.open[count++] = lot
  }
  return fillNode({ lots, scratch, count, free, values, left, taste, put: (lot, wanted) => put(trial, lot, wanted) })
}

function put({ lots, free, left, placed, inCircle }: Trial, lot: number, wanted: number): number {
  const circle = lots.circles[lot] ?? -1
  const own = circle === -1 ? wanted : Math.min(wanted, (lots.perNode[lot] ?? Infinity) - at(inCircle, circle))
  if (own <= 0) return 0
  if (circle !== -1) inCircle[circle] = at(inCircle, circle) + own
  for (let r = 0; r < lots.resources; r++) free[r] = at(free, r) - own * at(lots.requests, lot * lots.resources + r)
  left[lot] = at(left, lot) - own
  placed[lot] = at(placed, lot) + own
  return own
}
