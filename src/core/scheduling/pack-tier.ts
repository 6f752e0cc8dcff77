import type { Bin, Board } from './board.ts'
import { constructFleet, type Permits } from './construct.ts'
import { diveFleet } from './dive.ts'
import { countPods } from './domain-counts.ts'
import { createBench, everything, loadOf, nothing, podsOn, type FleetNode, type Workshop } from './fleet.ts'
import { improveFleet } from './improve.ts'
import type { Mask } from './label-table.ts'
import { lotsOf, type Item, type Lots, type Vessel } from './lots.ts'
import type { PackOptions } from './problem.ts'
import { priceLots, type PricedLots } from './price-lots.ts'
import { at } from './vectors.ts'
import { worthwhile } from './worthwhile.ts'

export interface TierInput {
  readonly vessels: readonly Vessel[]
  readonly items: readonly Item[]
  /** By place. */
  readonly regions: Int32Array
  /** By class of pods. */
  readonly masks: readonly Mask[]
  readonly options: PackOptions
  /** What a pod of each shape is worth: filled in. */
  readonly values: Float64Array
}

/** Makes nodes for items from pools of one weight; answers how many rounds were made to improve them. */
export function packTier(board: Board, input: TierInput): number {
  const lots = fittingLots(board, input)
  if (lots.size === 0) return input.options.rounds
  const { vessels, options } = input
  const priced = priceLots(lots, vessels)
  const shop: Workshop = {
    lots,
    vessels,
    choice: worthwhile(vessels, priced.ratios),
    ratios: priced.ratios,
    values: priced.values,
    members: priced.members,
    bench: createBench(lots),
  }
  const permits: Permits = {
    room: (vessel) => board.limits.room(vessels[vessel]?.place ?? 0),
    take: (vessel, nodes) => board.limits.take(vessels[vessel]?.place ?? 0, nodes),
  }
  const nodes = cheapestFleet(shop, priced, permits)
  const rounds = improveFleet(shop, nodes, nothing(lots), { ...options, permits })
  for (const node of nodes) board.bins.push(binFrom(board, shop, node))
  for (const [item, { shape }] of lots.items.entries()) {
    // In several regions it is worth what it costs where it is cheapest.
    const value = at(priced.values, lots.lotOf[item] ?? 0)
    const known = at(input.values, shape.index)
    input.values[shape.index] = known === 0 ? value : Math.min(known, value)
  }
  return rounds
}

/** With more pods than this every way to make nodes takes long: one has to do, unless it is a poor one. */
const FEW_PODS = 4000
/** Plans that cost no more than so many times what pods are worth are not worth another try: of few pods, and of many. */
const CLOSE_ENOUGH = { few: 1.02, many: 1.12 }

/** Nodes for everything, made in several ways: the cheapest that hold most pods. */
function cheapestFleet(shop: Workshop, priced: PricedLots, permits: Permits): FleetNode[] {
  const { counts } = shop.lots
  const isFew = counts.reduce((sum, count) => sum + count, 0) <= FEW_PODS
  const worth = counts.reduce((sum, count, lot) => sum + count * at(shop.values, lot), 0)
  const enough = worth * (isFew ? CLOSE_ENOUGH.few : CLOSE_ENOUGH.many)
  const byWorth = (): FleetNode[] => constructFleet(shop, everything(shop.lots), permits, { solution: [] })
  const byDive = (): FleetNode[] => diveFleet(shop, priced, permits)

  let best = constructFleet(shop, everything(shop.lots), permits, priced)
  if (priced.solution.length === 0) return best
  for (const make of isFew ? [byWorth, byDive] : [byDive]) {
    if (totalsOf(shop, best).cost <= enough) break
    takeAll(best, permits, -1)
    const other = make()
    if (isBetter(totalsOf(shop, other), totalsOf(shop, best))) best = other
    else {
      takeAll(other, permits, -1)
      takeAll(best, permits, 1)
    }
  }
  return best
}

function isBetter(one: Totals, other: Totals): boolean {
  return one.pods > other.pods || (one.pods === other.pods && one.cost < other.cost)
}

function takeAll(nodes: readonly FleetNode[], permits: Permits, sign: number): void {
  for (const { vessel, copies } of nodes) permits.take(vessel, sign * copies)
}

interface Totals {
  readonly pods: number
  readonly cost: number
}

function totalsOf({ vessels }: Workshop, nodes: readonly FleetNode[]): Totals {
  return {
    pods: nodes.reduce((sum, node) => sum + podsOn(node), 0),
    cost: nodes.reduce((sum, { vessel, copies }) => sum + copies * (vessels[vessel]?.price ?? 0), 0),
  }
}

/** Lots of the items that some vessel takes. */
function fittingLots({ model }: Board, { vessels, items, regions, masks }: TierInput): Lots {
  const facts = { model, vessels, regions, masks }
  const all = lotsOf(items, facts)
  const fitting = all.items.filter((_, item) => fitsSome(all, all.lotOf[item] ?? 0))
  return fitting.length === items.length ? all : lotsOf(fitting, facts)
}

function fitsSome({ fits, vessels }: Lots, lot: number): boolean {
  return fits.subarray(lot * vessels, (lot + 1) * vessels).includes(1)
}

function binFrom(board: Board, shop: Workshop, node: FleetNode): Bin {
  const place = shop.vessels[node.vessel]?.place ?? 0
  for (const [index, item] of node.items.entries()) {
    const domain = shop.lots.items[item]?.shape.domain
    if (domain !== undefined) countPods(board.counts, domain.counted, place, (node.counts[index] ?? 0) * node.copies)
  }
  return { place, load: loadOf(shop, node), copies: node.copies }
}
