import type { PackOptions, Plan, ProvisioningProblem } from '../../../core/scheduling/problem.ts'
import type { ReadProblem } from './problem-reader.ts'

/** The functions that decide; the same that the provisioner calls. */
export interface Solvers {
  readonly packPods: (problem: ProvisioningProblem, options: PackOptions) => Plan
  /** The shipped catalogue, offered in these zones; undefined: its own. */
  readonly shippedTypes: (zones: readonly string[] | undefined) => ProvisioningProblem['instanceTypes']
}

/** What a decision is made with. */
export interface DecisionTools {
  readonly solvers: Solvers
  /** Starts to measure; what it answers tells the milliseconds since. */
  readonly startStopwatch: () => () => number
  /** Hears of every round, while it goes on. */
  readonly onRound?: (standing: Standing) => void
}

/** How far a decision has come. */
export interface Standing {
  readonly rounds: number
  readonly elapsedMs: number
}

/** A plan, and what it was made for. */
export interface Decision {
  readonly problem: ProvisioningProblem
  readonly plan: Plan
  /** Without reading and checking the problem. */
  readonly elapsedMs: number
  /** Whether there would have been more rounds. */
  readonly isCutShort: boolean
}

/** More than any problem has needed until nothing improved. */
const MOST_ROUNDS = 100
const DEFAULT_TIME_LIMIT_MS = 1000
const ZONE = 'topology.kubernetes.io/zone'
const CATALOGUE_REGION = 'us-east-1'

/** Decides which nodes the pending pods of a problem get. */
export function decide({ problem: read, settings }: ReadProblem, tools: DecisionTools): Decision {
  const { solvers, startStopwatch, onRound = () => {} } = tools
  const { timeLimitMs = DEFAULT_TIME_LIMIT_MS, ignorePreferences = false } = settings
  const problem = { ...read, instanceTypes: read.instanceTypes ?? solvers.shippedTypes(foreignZones(read)) }
  const elapsed = startStopwatch()
  let rounds = 0
  const isTimeUp = (): boolean => {
    const elapsedMs = elapsed()
    onRound({ rounds, elapsedMs })
    rounds += 1
    return elapsedMs >= timeLimitMs
  }
  const plan = solvers.packPods(problem, { rounds: MOST_ROUNDS, ignorePreferences, isTimeUp })
  const elapsedMs = elapsed()
  return { problem, plan, elapsedMs, isCutShort: elapsedMs >= timeLimitMs && plan.rounds < MOST_ROUNDS }
}

/**
 * Where a problem is, when it is not where the catalogue is offered by itself: the zones that its running nodes and pools
 * name. Which types AWS has there, and for how much, only overlays can tell.
 */
function foreignZones({ nodes, pools }: ReadProblem['problem']): readonly string[] | undefined {
  const zones = [
    ...nodes.map(({ metadata }) => metadata.labels?.[ZONE]),
    ...pools.flatMap(({ requirements }) =>
      requirements.flatMap(({ key, operator, values = [] }) => (key === ZONE && operator === 'In' ? values : [])),
    ),
  ].filter((zone) => zone !== undefined)
  const isAtHome = zones.every((zone) => zone.startsWith(CATALOGUE_REGION))
  return isAtHome ? undefined : [...new Set(zones)].toSorted()
}
