import type { Board } from './board.ts'
import { copyOfCounts, isStillMet } from './domain-counts.ts'
import { downsize } from './downsize.ts'
import { fillExisting } from './fill-existing.ts'
import { placeFirstFit } from './first-fit.ts'
import type { Item } from './lots.ts'
import { modelFrom, type Model } from './model.ts'
import { openBoard } from './open-board.ts'
import { packTier } from './pack-tier.ts'
import { boundOf } from './plan-bound.ts'
import { placementFrom } from './plan.ts'
import { preferredMasks } from './preferences.ts'
import type { PackOptions, Plan, ProvisioningProblem } from './problem.ts'
import { assignRegions, regionsOf } from './regions.ts'
import { vesselsOf } from './vessels.ts'

/**
 * Which nodes to make for pending pods, and which pod goes where. Pure: the same problem and the same number of rounds
 * give the same plan. Never dearer than first fit in price order, and never with fewer pods placed. Throws a `RangeError`
 * that names the resource for what is no Kubernetes quantity.
 */
export function packPods(problem: ProvisioningProblem, options: PackOptions): Plan {
  const model = modelFrom(problem, options)
  const tiers = tiersOf(model, problem)
  const open = (): Board => openBoard(model, problem)
  const { board, rounds } = packByWorth(open(), tiers, options)
  const simple = packFirstFit(open(), tiers)
  // Zones were settled by counts: where room was lacking in the end, they may not come out even.
  const best = isLawful(board) ? betterOf(board, simple) : simple
  return {
    ...placementFrom(best, problem),
    lowerBoundUsdPerHour: boundOf(
      best,
      tiers.flat().toSorted((a, b) => a - b),
    ),
    rounds,
    shapes: model.shapes.length,
  }
}

type Tiers = readonly (readonly number[])[]

/** Zones first, then nodes for what each zone holds, then one by one what is left. */
function packByWorth(
  board: Board,
  tiers: Tiers,
  options: PackOptions,
): { readonly board: Board; readonly rounds: number } {
  const { model } = board
  const regions = regionsOf(model)
  const masks = preferredMasks(board)
  const assigned = assignRegions(board, regions, copyOfCounts(board.counts))
  fillExisting(board, assigned, regions)
  let rounds = options.rounds
  for (const tier of tiers) {
    const vessels = vesselsOf(board, tier, { regions, isForBound: false })
    const items = leftOf(board, assigned, regions)
    rounds = Math.min(rounds, packTier(board, { vessels, items, regions, masks, options }))
  }
  downsize(board)
  return { board: packFirstFit(board, tiers), rounds }
}

/** What of the items is on no node yet. */
function leftOf({ bins }: Board, items: readonly Item[], regions: Int32Array): readonly Item[] {
  const placed = new Map<string, number>()
  const anywhere = new Map<number, number>()
  for (const { place, load, copies } of bins) {
    for (const [shape, count] of load.counts) {
      const key = `${shape}/${regions[place]}`
      placed.set(key, (placed.get(key) ?? 0) + count * copies)
      anywhere.set(shape, (anywhere.get(shape) ?? 0) + count * copies)
    }
  }
  return items.flatMap((item) => {
    const { shape, region, count } = item
    const gone = region === -1 ? anywhere.get(shape.index) : placed.get(`${shape.index}/${region}`)
    const left = count - (gone ?? 0)
    return left > 0 ? [{ ...item, count: left }] : []
  })
}

/** Puts every pod that has no node yet where it fits first. */
function packFirstFit(board: Board, tiers: Tiers): Board {
  const left = board.model.shapes.map(({ pods }) => pods.length)
  for (const { load, copies } of board.bins) {
    for (const [shape, count] of load.counts) left[shape] = (left[shape] ?? 0) - count * copies
  }
  // Whom another needs may only have come after it: ask again while somebody comes.
  for (let placed = -1; placed !== 0;) {
    placed = 0
    for (const shape of board.model.shapes) {
      const count = left[shape.index] ?? 0
      if (count === 0) continue
      left[shape.index] = placeFirstFit(board, shape, count, tiers)
      placed += count - (left[shape.index] ?? 0)
    }
  }
  return board
}

/** Whether every pod's rules about zones hold in the end. */
function isLawful({ model, bins, counts }: Board): boolean {
  return bins.every(({ place, load }) =>
    [...load.counts.keys()].every((shape) => {
      const domain = model.shapes[shape]?.domain
      return domain === undefined || isStillMet(counts, domain, place)
    }),
  )
}

/** More pods placed is better, then less to pay. */
function betterOf(a: Board, b: Board): Board {
  const [one, other] = [totalsOf(a), totalsOf(b)]
  if (one.pods !== other.pods) return one.pods > other.pods ? a : b
  return one.cost <= other.cost ? a : b
}

function totalsOf({ model, bins }: Board): { readonly pods: number; readonly cost: number } {
  let pods = 0
  let cost = 0
  for (const { place, load, copies } of bins) {
    for (const count of load.counts.values()) pods += count * copies
    if (load.counts.size > 0) cost += copies * (model.places[place]?.candidate?.priceUsdPerHour ?? 0)
  }
  return { pods, cost }
}

/** Candidates by the weight of their pool, the heaviest first, and by price within. */
function tiersOf({ places }: Model, { pools }: ProvisioningProblem): Tiers {
  const weights = [...new Set(pools.map(({ weight }) => weight))].toSorted((a, b) => b - a)
  return weights.map((weight) =>
    places.flatMap(({ candidate }, place) =>
      candidate !== undefined && pools[candidate.pool]?.weight === weight ? [place] : [],
    ),
  )
}
