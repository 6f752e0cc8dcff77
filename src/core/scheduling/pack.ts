import { canArrive } from './arrivals.ts'
import { copyOfBoard, type Board } from './board.ts'
import { copyOfCounts } from './domain-counts.ts'
import { downsize } from './downsize.ts'
import { fillExisting } from './fill-existing.ts'
import { placeFirstFit } from './first-fit.ts'
import type { Mask } from './label-table.ts'
import { withoutHostLikes } from './likes.ts'
import type { Item, Vessel } from './lots.ts'
import { modelFrom, type Model } from './model.ts'
import { openBoard } from './open-board.ts'
import { packTier } from './pack-tier.ts'
import { boundOf } from './plan-bound.ts'
import { placementFrom } from './plan.ts'
import { preferredMasks } from './preferences.ts'
import type { PackOptions, Plan, ProvisioningProblem } from './problem.ts'
import { raisePods } from './raise.ts'
import { assignRegions, regionsOf } from './regions.ts'
import { at, wholeAt } from './vectors.ts'
import { frontierOf, someOf, vesselsOf } from './vessels.ts'

/**
 * Which nodes to make for pending pods, and which pod goes where. Pure: the same problem and the same number of rounds
 * give the same plan. Never dearer than first fit in price order, and never with fewer pods placed, apart from what pods
 * like about their zones and nodes. Throws a `RangeError` that names the resource for what is no Kubernetes quantity.
 */
export function packPods(problem: ProvisioningProblem, options: PackOptions): Plan {
  const plain = packStrictly(problem, options, false)
  if (!plain.hasLikes) return plain.plan
  const liked = packStrictly(problem, options, true)
  const isAffordable = liked.plan.totalUsdPerHour <= plain.plan.totalUsdPerHour + plain.mayCostMore
  const isComplete = liked.plan.unschedulable.length <= plain.plan.unschedulable.length
  return isAffordable && isComplete ? liked.plan : plain.plan
}

interface Answer {
  readonly plan: Plan
  /** Whether some pods would like to be apart on nodes. */
  readonly hasLikes: boolean
  /** What pods would pay to be apart on nodes as they like, in US dollars an hour. */
  readonly mayCostMore: number
}

function packStrictly(problem: ProvisioningProblem, options: PackOptions, keepsHostLikes: boolean): Answer {
  const model = modelFrom(problem, { ...options, keepsHostLikes })
  const start = openBoard(model, problem)
  const ground = groundOf(start, problem)
  const { board, rounds, values, isAsAssigned } = packByWorth(start, ground, options)
  const isLawful = isAsAssigned || canArrive(board, ground.regions, copyOfCounts(start.counts))
  const simple = packFirstFit(copyOfBoard(start), ground, isLawful ? totalsOf(board) : undefined)
  // Zones were settled by counts: where room was lacking in the end, there may be no order in which pods can come.
  const liked = isLawful ? betterOf(board, simple) : simple
  const hasLeft = totalsOf(liked).pods < podsIn(model)
  const best = keepsHostLikes && hasLeft ? packFirstFit(withoutHostLikes(liked, start), ground) : liked
  const plan = {
    ...placementFrom(best, problem),
    lowerBoundUsdPerHour: boundOf(best, ground.tiers.flat(), values),
    rounds,
    shapes: model.shapes.length,
  }
  const hasLikes = model.shapes.some(({ hostLiking }) => hostLiking > 0)
  return { plan, hasLikes, mayCostMore: worthOfLikes(model, values) }
}

/** A preference counts as long as it makes the pods not dearer by more than its weight in per cent. */
function worthOfLikes({ shapes }: Model, values: Float64Array): number {
  return shapes.reduce(
    (sum, { index, pods, hostLiking }) => sum + (hostLiking / 100) * pods.length * at(values, index),
    0,
  )
}

/** What stays as it is while nodes are planned. Tiers are by the weight of pools, the heaviest first. */
interface Ground {
  /** By place. */
  readonly regions: Int32Array
  /** By class of pods: the new nodes that they are to have. */
  readonly masks: readonly Mask[]
  /** All places of each tier, by price. */
  readonly tiers: Tiers
  /** Those of them that are worth a look. */
  readonly frontiers: readonly (readonly (readonly Vessel[])[])[]
  /** The same as places, by price, with all of those pools whose limits may want smaller nodes. */
  readonly choices: Tiers
}

type Tiers = readonly (readonly number[])[]

function groundOf(board: Board, problem: ProvisioningProblem): Ground {
  const regions = regionsOf(board.model)
  const tiers = tiersOf(board.model, problem)
  const masks = preferredMasks(board, tiers)
  const frontiers = tiers.map((tier) => frontierOf(board, tier, { regions, masks, isForBound: false }))
  const choices = tiers.map((tier, index) => {
    const known = new Set((frontiers[index] ?? []).flat().map(({ place }) => place))
    return tier.filter((place) => known.has(place) || board.limits.room(place) !== Infinity)
  })
  return { regions, masks, tiers, frontiers, choices }
}

interface Packed {
  readonly board: Board
  readonly rounds: number
  /** What a pod of each shape is worth, in US dollars an hour. */
  readonly values: Float64Array
  /** Whether all pods with rules about zones are where those rules had sent them, one by one. */
  readonly isAsAssigned: boolean
}

/** Zones first, then nodes for what each zone holds, then one by one what is left. */
function packByWorth(start: Board, ground: Ground, options: PackOptions): Packed {
  const board = copyOfBoard(start)
  const { regions, masks, frontiers } = ground
  const ways = { regions, tiers: frontiers.map((own) => own.flat()) }
  const hoped = assignRegions(board, ways)
  fillExisting(board, hoped, regions)
  // Who was sent to room that others took is sent again, now that there is none: there may be a better place for a new node.
  const isShort = board.model.existing > 0 && leftOf(board, hoped, regions).length > 0
  const assigned = isShort ? withThosePlaced(board, assignRegions(board, ways), regions) : hoped
  const values = new Float64Array(board.model.shapes.length)
  let rounds = options.rounds
  for (const frontier of frontiers) {
    const vessels = someOf(vesselsOf(board, frontier))
    const items = leftOf(board, assigned, regions)
    rounds = Math.min(rounds, packTier(board, { vessels, items, regions, masks, options, values }))
  }
  downsize(board, frontiers.flat(2))
  const isAsAssigned = !isShort && [...unassigned(board), ...leftOf(board, hoped, regions)].every(isUncounted)
  return { board: raised(packFirstFit(board, ground), ground, start), rounds, values, isAsAssigned }
}

/** With as little as can be on nodes of lighter pools; nodes that others left may be smaller then. */
function raised(board: Board, ground: Ground, start: Board): Board {
  const { choices, regions, frontiers } = ground
  const next = raisePods(board, { choices, regions, before: start.counts })
  if (next === undefined) return board
  downsize(next, frontiers.flat(2))
  return raised(next, ground, start)
}

function isUncounted({ shape }: Pick<Item, 'shape'>): boolean {
  return shape.domain === undefined
}

/** Pods that must share a node with others go where those are. */
function unassigned({ model }: Board): readonly Pick<Item, 'shape'>[] {
  return model.shapes.flatMap((shape) => ((shape.host?.needs.length ?? 0) > 0 ? [{ shape }] : []))
}

/** What of the items is on no node yet. */
function leftOf(board: Board, items: readonly Item[], regions: Int32Array): readonly Item[] {
  const placed = placedIn(board, regions)
  return items.flatMap((item) => {
    const gone = placed(item)
    return item.count > gone ? [{ ...item, count: item.count - gone }] : []
  })
}

/** Items of pods that have no node, with those of their shape and region that have one. */
function withThosePlaced(board: Board, items: readonly Item[], regions: Int32Array): readonly Item[] {
  const placed = placedIn(board, regions)
  return items.map((item) => ({ ...item, count: item.count + placed(item) }))
}

/** Answers how many pods of an item's shape are in its region by now. */
function placedIn({ bins, model }: Board, regions: Int32Array): (item: Item) => number {
  const placed = new Map<number, number>()
  const anywhere = new Float64Array(model.shapes.length)
  const keyOf = (shape: number, region: number): number => region * model.shapes.length + shape
  for (const { place, load, copies } of bins) {
    const region = wholeAt(regions, place)
    for (const [shape, count] of load.counts) {
      const key = keyOf(shape, region)
      placed.set(key, (placed.get(key) ?? 0) + count * copies)
      anywhere[shape] = at(anywhere, shape) + count * copies
    }
  }
  return ({ shape, region }) =>
    region === -1 ? at(anywhere, shape.index) : (placed.get(keyOf(shape.index, region)) ?? 0)
}

/** Puts every pod that has no node yet where it fits first. Ends early when it cannot get better than something else is. */
function packFirstFit(board: Board, { choices, regions }: Ground, rival?: Totals): Board {
  const left = Float64Array.from(board.model.shapes, ({ pods }) => pods.length)
  for (const { load, copies } of board.bins) {
    for (const [shape, count] of load.counts) left[shape] = at(left, shape) - count * copies
  }
  // Whom another needs may only have come after it: ask again while somebody comes.
  for (let placed = -1; placed !== 0;) {
    placed = 0
    for (const shape of board.model.shapes) {
      const count = at(left, shape.index)
      if (count === 0) continue
      left[shape.index] = placeFirstFit(board, shape, count, { choices, regions })
      placed += count - at(left, shape.index)
      if (rival !== undefined && isBeaten(board, rival)) return board
    }
  }
  return board
}

/** More pods placed is better, then less to pay. */
function betterOf(a: Board, b: Board): Board {
  const [one, other] = [totalsOf(a), totalsOf(b)]
  if (one.pods !== other.pods) return one.pods > other.pods ? a : b
  return one.cost <= other.cost ? a : b
}

interface Totals {
  readonly pods: number
  readonly cost: number
}

/** Whether another plan that places every pod costs less than what is there already. */
function isBeaten({ model, spent }: Board, { pods, cost }: Totals): boolean {
  return spent.cost > cost && pods === podsIn(model)
}

function podsIn({ shapes }: Model): number {
  return shapes.reduce((sum, { pods }) => sum + pods.length, 0)
}

function totalsOf({ model, bins }: Board): Totals {
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
