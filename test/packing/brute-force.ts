import type { OpenNode } from './assemble.ts'
import type { Reading } from './rules/claims.ts'
import type { Host } from './rules/host.ts'
import { isWithinLimits } from './rules/limits.ts'
import type { Load } from './rules/load.ts'
import { unmetMinValues } from './rules/min-values.ts'
import { type PricedRecipe, standingRecipes } from './rules/offers.ts'
import { orderComplaints } from './rules/order.ts'
import { type Problem, plannedHost } from './rules/problem.ts'
import type { Placement } from './rules/tally.ts'
import { createWorld } from './rules/world.ts'

/** What is to be packed as cheaply as can be. */
export interface Task {
  readonly problem: Problem
  /** The pods that must all find a place. */
  readonly loads: readonly Load[]
  /** Pods that stay where they are. */
  readonly fixed: readonly Placement[]
  /** Whether free room on running nodes may be used. */
  readonly running: 'used' | 'left-alone'
  /** Lenient: no valid plan is cheaper. Strict: this plan is certainly valid. */
  readonly reading: Reading
  /** How many times a pod is put somewhere before the search is given up. */
  readonly mostSteps?: number
}

export type Optimum =
  | { readonly type: 'cheapest'; readonly usdPerHour: number }
  | { readonly type: 'impossible' }
  /** The search was given up. */
  | { readonly type: 'undecided' }

const MOST_STEPS = 30_000

/**
 * The cost of the cheapest plan, found by trying every place for every pod. What forbids a place forbids it for good
 * (room, ports, anti-affinity, limits only fill up), so that a branch ends there; required affinity and spread are judged
 * when everybody has a place. Weights of pools are left aside: they make plans dearer, never cheaper.
 */
export function cheapestPlan(task: Task): Optimum {
  const { problem, reading, mostSteps = MOST_STEPS } = task
  const world = createWorld(problem)
  for (const placement of task.fixed) world.add(placement)
  const loads = task.loads.toSorted((one, other) => (one.shape < other.shape ? -1 : Number(one.shape > other.shape)))
  const placements: Placement[] = [...task.fixed]
  const open: OpenNode[] = []
  const running = task.running === 'used' ? [...problem.running.values()] : []
  let best = Number.POSITIVE_INFINITY
  let steps = 0

  function search(index: number, cost: number, firstSeat: number): void {
    const load = loads[index]
    if (!load) return finish(cost)
    const seats = [...running, ...open.map(({ host }) => host)]
    const from = isLikeLast(index) ? firstSeat : 0
    seats.forEach((host, seat) => {
      if (seat >= from) settle(load, host, () => search(index + 1, cost, seat))
    })
    for (const recipe of recipesFor(load, task)) {
      const price = recipe.offering.priceUsdPerHour
      if (cost + price < best) openWith(recipe, load, () => search(index + 1, cost + price, seats.length))
    }
  }

  /** Pods that no rule can tell apart take their seats in order. */
  function isLikeLast(index: number): boolean {
    return index > 0 && loads[index - 1]?.shape === loads[index]?.shape
  }

  function openWith(recipe: PricedRecipe, load: Load, then: () => void): void {
    const types = [...open.map((node) => node.recipe), recipe].filter(({ pool }) => pool === recipe.pool)
    const names = types.map(({ type }) => type.name)
    if (!isWithinLimits(recipe.pool, names, problem)) return
    const host = plannedHost(recipe, `tried-${open.length}`, problem)
    open.push({ recipe, host })
    settle(load, host, then)
    open.pop()
  }

  function settle(load: Load, host: Host, then: () => void): void {
    const placement = { load, host }
    steps += 1
    if (steps > mostSteps || world.lastingComplaints(placement, reading).length > 0) return
    world.add(placement)
    placements.push(placement)
    if (isVaried(host)) then()
    placements.pop()
    world.remove(placement)
  }

  function isVaried(host: Host): boolean {
    const node = open.find((one) => one.host === host)
    const crew = node && { name: host.name, recipe: node.recipe, loads: world.loadsOn(host) }
    return !crew || unmetMinValues(crew, problem, reading).length === 0
  }

  function finish(cost: number): void {
    if (cost < best && orderComplaints(placements, problem, reading).length === 0) best = cost
  }

  search(0, 0, 0)
  if (steps > mostSteps) return { type: 'undecided' }
  return Number.isFinite(best) ? { type: 'cheapest', usdPerHour: best } : { type: 'impossible' }
}

/** Cheapest first, so that the search soon knows what is too dear. */
function recipesFor(load: Load, { problem, reading, loads }: Task): readonly PricedRecipe[] {
  return standingRecipes(load, problem, reading, loads).toSorted(
    (one, other) => one.offering.priceUsdPerHour - other.offering.priceUsdPerHour,
  )
}
