import { type Optimum, cheapestPlan } from './brute-force.ts'
import type { PackInput, PackOutput } from './documents.ts'
import { packFirstFit } from './first-fit.ts'
import { type PlanState, planStateFrom } from './plan-state.ts'
import { type Violation, violation } from './violation.ts'

/** More pods than this are not tried in full. */
const MOST_TINY_PODS = 6
const MOST_TINY_TYPES = 4

/** How a plan's cost and bound stand to what is known otherwise. */
export interface CostComparison {
  readonly violations: readonly Violation[]
  /** Cost ÷ that of the cheapest plan for the same pods, where it is known and not zero. */
  readonly gap: number | undefined
  /** Cost ÷ that of first fit, where both leave the same pods and it is not zero. */
  readonly toFirstFit: number | undefined
}

/**
 * The bound of a tiny problem is never above the cost of a plan that was found by trying everything, and its plan is never
 * cheaper than what no valid plan undercuts: the latter would be a mistake of the checker. To be dearer than first fit here
 * is no violation: which of two nodes of one price comes first is for each to choose, and so is whether a host with a spread
 * pod may later get others that match.
 */
export function compareCosts(input: PackInput, output: PackOutput): CostComparison {
  const toFirstFit = ratioTo(packFirstFit(input), output)
  const state = planStateFrom(input, output)
  if (!isTiny(state)) return { violations: [], gap: undefined, toFirstFit }
  const reached = strictOptimum(state)
  const violations = [...checkBound(output, state), ...checkUndercut(output, state)]
  const isKnown = reached.type === 'cheapest' && reached.usdPerHour > 0
  return { violations, gap: isKnown ? output.totalUsdPerHour / reached.usdPerHour : undefined, toFirstFit }
}

function ratioTo(firstFit: PackOutput, output: PackOutput): number | undefined {
  const isAlike = leftBy(output) === leftBy(firstFit) && firstFit.totalUsdPerHour > 0
  return isAlike ? output.totalUsdPerHour / firstFit.totalUsdPerHour : undefined
}

function leftBy({ unschedulable }: PackOutput): string {
  return unschedulable
    .map(({ pod }) => pod)
    .toSorted()
    .join()
}

function isTiny({ problem: { pending, types } }: PlanState): boolean {
  return pending.size <= MOST_TINY_PODS && types.size <= MOST_TINY_TYPES
}

/** Whether a bound minds the weights of pools is not settled. */
function checkBound({ lowerBoundUsdPerHour }: PackOutput, state: PlanState): readonly Violation[] {
  if (new Set(state.problem.pools.map(({ weight }) => weight)).size > 1) return []
  const optimum = boundedOptimum(state)
  if (optimum.type !== 'cheapest' || lowerBoundUsdPerHour <= optimum.usdPerHour + 1e-9) return []
  return [violation('bound', 'plan', `${lowerBoundUsdPerHour} is above ${optimum.usdPerHour}, which can be reached`)]
}

function checkUndercut({ totalUsdPerHour }: PackOutput, state: PlanState): readonly Violation[] {
  const { problem, placements } = state
  const loads = placements.map(({ load }) => load)
  const least = cheapestPlan({ problem, loads, fixed: [], running: 'used', reading: 'lenient' })
  if (least.type === 'impossible') return [violation('undercut', 'plan', 'no plan places these pods')]
  if (least.type === 'undecided' || totalUsdPerHour >= least.usdPerHour - 1e-9) return []
  return [violation('undercut', 'plan', `costs ${totalUsdPerHour}, and nothing valid less than ${least.usdPerHour}`)]
}

function strictOptimum({ problem, placements }: PlanState): Optimum {
  const loads = placements.map(({ load }) => load)
  return cheapestPlan({ problem, loads, fixed: [], running: 'used', reading: 'strict' })
}

/** What the bound is about: the pods on new nodes, on new nodes. */
function boundedOptimum({ problem, placements }: PlanState): Optimum {
  const fixed = placements.filter(({ host }) => host.isRunning)
  const loads = placements.filter(({ host }) => !host.isRunning).map(({ load }) => load)
  return cheapestPlan({ problem, loads, fixed, running: 'left-alone', reading: 'strict' })
}
