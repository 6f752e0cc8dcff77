import type { Bin, Board } from './board.ts'
import { lowerBound } from './bound.ts'
import { generateColumns, type Generated } from './column-generation.ts'
import { constructFleet, type Permits } from './construct.ts'
import { countPods, copyOfCounts, createDomainCounts } from './domain-counts.ts'
import { placeFirstFit } from './first-fit.ts'
import { everything, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import { improveFleet } from './improve.ts'
import { openLimitBook } from './limits.ts'
import { copyOf } from './load.ts'
import { coarsened, lotsOf, type Item, type Lots, type Vessel } from './lots.ts'
import { modelFrom, type Model } from './model.ts'
import { placementFrom } from './plan.ts'
import type { PackOptions, Plan, ProvisioningProblem } from './problem.ts'
import { assignRegions, regionsOf } from './regions.ts'
import { resourceValues } from './resource-prices.ts'
import { existingLoads, freshLoad } from './start.ts'
import { vesselsOf } from './vessels.ts'

/**
 * Which nodes to make for pending pods, and which pod goes where. Pure: the same problem and the same number of rounds
 * give the same plan. Throws a `RangeError` that names the resource for what is no Kubernetes quantity.
 */
export function packPods(problem: ProvisioningProblem, options: PackOptions): Plan {
  const model = modelFrom(problem, options)
  const board = openBoard(model, problem)
  const tiers = tiersOf(model, problem)
  const regions = regionsOf(model)
  let items = assignRegions(board, regions, copyOfCounts(board.counts))
  let rounds = 0
  for (const tier of tiers) {
    const vessels = vesselsOf(board, tier, regions)
    const fitting = lotsOf(model, items, vessels, regions)
    const result = packTier(board, { vessels, items, regions, options })
    items = result.items
    rounds += result.rounds
    void fitting
  }
  const left = new Map(model.shapes.map((shape) => [shape, shape.pods.length]))
  for (const { load, copies } of board.bins) {
    for (const [index, count] of load.counts) {
      const shape = model.shapes[index]
      if (shape !== undefined) left.set(shape, (left.get(shape) ?? 0) - count * copies)
    }
  }
  for (const [shape, count] of left) if (count > 0) placeFirstFit(board, shape, count, tiers)
  const placement = placementFrom(board, problem)
  const lowerBoundUsdPerHour = boundFor(board, tiers.flat(), regions)
  return { ...placement, lowerBoundUsdPerHour, rounds, shapes: model.shapes.length }
}

interface TierInput {
  readonly vessels: readonly Vessel[]
  readonly items: readonly Item[]
  readonly regions: Int32Array
  readonly options: PackOptions
}

function packTier(board: Board, { vessels, items, regions, options }: TierInput) {
  const { model, limits } = board
  const t0 = process.cpuUsage().user/1000
  const all = lotsOf(model, items, vessels, regions)
  const fitting = all.items.filter((_, lot) => all.masks[lot]?.includes(1)).flat()
  const lots = lotsOf(model, fitting, vessels, regions)
  const t1 = process.cpuUsage().user/1000
  const generated = generate(lots, vessels)
  const t2 = process.cpuUsage().user/1000
  const shop: Workshop = { lots, vessels, values: generated.values, members: generated.members }
  const permits: Permits = {
    room: (vessel) => limits.room(vessels[vessel]?.place ?? 0),
    take: (vessel, nodes) => limits.take(vessels[vessel]?.place ?? 0, nodes),
  }
  const remains = everything(lots)
  const nodes = constructFleet(shop, remains, generated, permits)
  const t3 = process.cpuUsage().user/1000
  const cost0 = nodes.reduce((s, n) => s + n.copies * (vessels[n.vessel]?.price ?? 0), 0)
  const none: Remains = { left: new Float64Array(lots.size), items: lots.items.map((own) => new Float64Array(own.length)) }
  const rounds = improveFleet(shop, nodes, none, { ...options, permits })
  const t4 = process.cpuUsage().user/1000
  const cost1 = nodes.reduce((s, n) => s + n.copies * (vessels[n.vessel]?.price ?? 0), 0)
  if ((globalThis as Record<string, unknown>)['DEBUG']) {
    const lp = generated.solution.reduce((s, x) => s + x.times * x.pattern.price, 0)
    console.log('   lots', lots.size, 'vessels', vessels.length, 'lots ms', (t1 - t0).toFixed(0), 'cg', (t2 - t1).toFixed(0), 'construct', (t3 - t2).toFixed(0), 'improve', (t4 - t3).toFixed(0), 'lp', lp.toFixed(2), 'built', cost0.toFixed(2), 'improved', cost1.toFixed(2))
  }
  for (const node of nodes) board.bins.push(binFrom(board, shop, node))
  return { items: items.filter((item) => !fitting.includes(item)), rounds }
}

const MOST_ROWS = 48
const LP_ROUNDS = 30

function generate(lots: Lots, vessels: readonly Vessel[]): Generated & { readonly members: readonly (readonly number[])[] } {
  const { lots: coarse, groupOf } = coarsened(lots, MOST_ROWS)
  const generated = generateColumns(coarse, vessels, LP_ROUNDS)
  const members: number[][] = []
  for (const [lot, group] of groupOf.entries()) (members[group] ??= []).push(lot)
  if (coarse === lots) return { ...generated, members }
  const values = Float64Array.from({ length: lots.size }, (_, lot) => {
    const group = groupOf[lot] ?? 0
    return (generated.values[group] ?? 0) * sizeRatio(lots, lot, coarse, group)
  })
  return { values, solution: generated.solution, members }
}

function sizeRatio(lots: Lots, lot: number, coarse: Lots, group: number): number {
  let ratio = 0
  let count = 0
  for (let r = 0; r < lots.resources; r++) {
    const whole = coarse.requests[group * lots.resources + r] ?? 0
    if (whole === 0) continue
    ratio += (lots.requests[lot * lots.resources + r] ?? 0) / whole
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

function boundFor(board: Board, places: readonly number[], regions: Int32Array): number {
  const { model, bins } = board
  const counts = new Map<number, number>()
  for (const { place, load, copies } of bins) {
    if (place < model.existing) continue
    for (const [shape, count] of load.counts) counts.set(shape, (counts.get(shape) ?? 0) + count * copies)
  }
  const items = model.shapes.flatMap((shape) => {
    const count = counts.get(shape.index) ?? 0
    return count === 0 ? [] : [{ shape, count, region: -1 }]
  })
  const vessels = vesselsOf(board, places, regions)
  const lots = lotsOf(model, items, vessels, regions)
  return Math.max(lowerBound(lots, vessels, resourceValues(lots, vessels)), lowerBound(lots, vessels, generate(lots, vessels).values))
}

/** The nodes that exist, and none beside them. */
function openBoard(model: Model, problem: ProvisioningProblem): Board {
  const counts = createDomainCounts(model)
  const bins = existingLoads(model, problem.pods, counts).map((load, place): Bin => ({ place, load, copies: 1 }))
  const fresh = model.places.map((_, place) => (place < model.existing ? undefined : freshLoad(model, place)))
  return { model, bins, counts, limits: openLimitBook(problem, model), fresh }
}

/** Candidates by the weight of their pool, the heaviest first, and by price within. */
function tiersOf({ places }: Model, { pools }: ProvisioningProblem): readonly (readonly number[])[] {
  const weights = [...new Set(pools.map(({ weight }) => weight))].toSorted((a, b) => b - a)
  return weights.map((weight) =>
    places.flatMap(({ candidate }, place) =>
      candidate !== undefined && pools[candidate.pool]?.weight === weight ? [place] : [],
    ),
  )
}
