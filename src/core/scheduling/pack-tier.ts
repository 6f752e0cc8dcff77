import type { Bin, Board } from './board.ts'
import { generateColumns, type Generated } from './column-generation.ts'
import { constructFleet, type Permits } from './construct.ts'
import { countPods } from './domain-counts.ts'
import { everything, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import { improveFleet } from './improve.ts'
import type { Mask } from './label-table.ts'
import { copyOf } from './load.ts'
import { coarsened, lotsOf, type Item, type Lots, type Vessel } from './lots.ts'
import type { PackOptions } from './problem.ts'
import { resourceValues } from './resource-prices.ts'
import { at } from './vectors.ts'

export interface TierInput {
  readonly vessels: readonly Vessel[]
  readonly items: readonly Item[]
  /** By place. */
  readonly regions: Int32Array
  /** By class of pods. */
  readonly masks: readonly Mask[]
  readonly options: PackOptions
}

/** Makes nodes for items from pools of one weight; answers how many rounds were made to improve them. */
export function packTier(board: Board, input: TierInput): number {
  const lots = fittingLots(board, input)
  if (lots.size === 0) return input.options.rounds
  const { vessels, options } = input
  const priced = priceLots(lots, vessels)
  const shop: Workshop = { lots, vessels, values: priced.values, members: priced.members }
  const permits: Permits = {
    room: (vessel) => board.limits.room(vessels[vessel]?.place ?? 0),
    take: (vessel, nodes) => board.limits.take(vessels[vessel]?.place ?? 0, nodes),
  }
  const nodes = constructFleet(shop, everything(lots), priced, permits)
  const rounds = improveFleet(shop, nodes, nothing(lots), { ...options, permits })
  for (const node of nodes) board.bins.push(binFrom(board, shop, node))
  return rounds
}

/** Lots of the items that some vessel takes. */
function fittingLots({ model }: Board, { vessels, items, regions, masks }: TierInput): Lots {
  const facts = { model, vessels, regions, masks }
  const all = lotsOf(items, facts)
  const fitting = all.items.filter((_, lot) => all.masks[lot]?.includes(1) === true).flat()
  return fitting.length === items.length ? all : lotsOf(fitting, facts)
}

function nothing({ size, items }: Lots): Remains {
  return { left: new Float64Array(size), items: items.map((own) => new Float64Array(own.length)) }
}

/** More lots than this are priced by groups of about the same size. */
const MOST_ROWS = 48
const PRICING_ROUNDS = 30
/** What comes along for nothing still wants a node: pods are worth this share of what they take at least. */
const LEAST_VALUE = 0.01

export interface PricedLots extends Generated {
  /** The lots that each row of a pattern stands for. */
  readonly members: readonly (readonly number[])[]
}

/** What pods are worth, and which patterns of them make up the cheapest nodes. */
export function priceLots(lots: Lots, vessels: readonly Vessel[]): PricedLots {
  const { lots: coarse, groupOf } = coarsened(lots, MOST_ROWS)
  const generated = generateColumns(coarse, vessels, PRICING_ROUNDS)
  const members: number[][] = []
  for (const [lot, group] of groupOf.entries()) (members[group] ??= []).push(lot)
  const bySize = resourceValues(lots, vessels)
  const values = Float64Array.from(groupOf, (group, lot) => {
    const priced = at(generated.values, group) * sizeRatio({ lots, lot }, { lots: coarse, lot: group })
    return Math.max(priced, at(bySize, lot) * LEAST_VALUE, Number.MIN_VALUE)
  })
  return { values, solution: generated.solution, members }
}

interface LotOf {
  readonly lots: Lots
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

function binFrom(board: Board, { lots, vessels }: Workshop, node: FleetNode): Bin {
  const place = vessels[node.vessel]?.place ?? 0
  for (const { lot, item, count } of node.picks) {
    const shape = lots.items[lot]?.[item]?.shape
    if (shape?.domain !== undefined) countPods(board.counts, shape.domain.counted, place, count * node.copies)
  }
  return { place, load: copyOf(node.load), copies: node.copies }
}
