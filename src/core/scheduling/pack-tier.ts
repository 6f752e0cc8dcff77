import type { Bin, Board } from './board.ts'
import { coarsened } from './coarse-lots.ts'
import { generateColumns, type Generated } from './column-generation.ts'
import { constructFleet, type Permits } from './construct.ts'
import { countPods } from './domain-counts.ts'
import { createBench, everything, loadOf, nothing, type FleetNode, type Workshop } from './fleet.ts'
import { improveFleet } from './improve.ts'
import type { Mask } from './label-table.ts'
import { lotsOf, type Item, type Lots, type Vessel } from './lots.ts'
import type { PackOptions } from './problem.ts'
import { resourceValues } from './resource-prices.ts'
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

/** With more pods than this one way to make nodes has to do. */
const FEW_PODS = 4000

/** Nodes for everything: by patterns of the solution, or by what is worth most at each step, whichever costs less. */
function cheapestFleet(shop: Workshop, priced: PricedLots, permits: Permits): FleetNode[] {
  const pods = shop.lots.counts.reduce((sum, count) => sum + count, 0)
  const byPattern = constructFleet(shop, everything(shop.lots), priced, permits)
  if (pods > FEW_PODS || priced.solution.length === 0) return byPattern
  takeAll(byPattern, permits, -1)
  const byWorth = constructFleet(shop, everything(shop.lots), { ...priced, solution: [] }, permits)
  const [first, second] = [totalsOf(shop, byPattern), totalsOf(shop, byWorth)]
  if (second.pods > first.pods || (second.pods === first.pods && second.cost < first.cost)) return byWorth
  takeAll(byWorth, permits, -1)
  takeAll(byPattern, permits, 1)
  return byPattern
}

function takeAll(nodes: readonly FleetNode[], permits: Permits, sign: number): void {
  for (const { vessel, copies } of nodes) permits.take(vessel, sign * copies)
}

function totalsOf(
  { vessels }: Workshop,
  nodes: readonly FleetNode[],
): { readonly pods: number; readonly cost: number } {
  let pods = 0
  let cost = 0
  for (const { vessel, counts, copies } of nodes) {
    cost += copies * (vessels[vessel]?.price ?? 0)
    for (const count of counts) pods += count * copies
  }
  return { pods, cost }
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

/** What comes along for nothing still wants a node: pods are worth this share of what they take at least. */
const LEAST_VALUE = 0.01

interface PricedLots extends Generated {
  /** The lots that each row of a pattern stands for. */
  readonly members: readonly (readonly number[])[]
}

/** What pods are worth, and which patterns of them make up the cheapest nodes. */
function priceLots(lots: Lots, vessels: readonly Vessel[]): PricedLots {
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
  readonly lots: Pick<Lots, 'resources' | 'requests'>
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

function binFrom(board: Board, shop: Workshop, node: FleetNode): Bin {
  const place = shop.vessels[node.vessel]?.place ?? 0
  for (const [index, item] of node.items.entries()) {
    const domain = shop.lots.items[item]?.shape.domain
    if (domain !== undefined) countPods(board.counts, domain.counted, place, (node.counts[index] ?? 0) * node.copies)
  }
  return { place, load: loadOf(shop, node), copies: node.copies }
}
