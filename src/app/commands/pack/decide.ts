import { overlayTypes } from '../../../core/scheduling/overlays/overlay-types.ts'
import type { Overlay } from '../../../core/scheduling/overlays/overlay.ts'
import type {
  Consolidation,
  ConsolidationOptions,
  ConsolidationProblem,
} from '../../../core/scheduling/consolidation/consolidation.ts'
import type { PackOptions, Plan, ProvisioningProblem } from '../../../core/scheduling/problem.ts'
import { consolidationSettings } from './consolidation-settings.ts'
import { InputProblem } from './input-problem.ts'
import type { ReadProblem } from './problem-reader.ts'

/** The functions that decide; the same that the provisioner calls. */
export interface Solvers {
  readonly packPods: (problem: ProvisioningProblem, options: PackOptions) => Plan
  readonly consolidate: (problem: ConsolidationProblem, options: ConsolidationOptions) => Consolidation
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
  /** What the new nodes cost that are planned by now, in US dollars an hour. */
  readonly usdPerHour?: number
}

/** A plan, and what it was made for. */
export interface Decision {
  readonly problem: ConsolidationProblem
  readonly plan: Plan
  /** Which running nodes could go; undefined: nobody asked. */
  readonly consolidation: Consolidation | undefined
  /** Without reading and checking the problem. */
  readonly elapsedMs: number
  /** Sentences about what may be a slip in the input. */
  readonly notes: readonly string[]
  /** Whether the time limit ended the search: there would have been more rounds. */
  readonly isCutShort: boolean
}

/** With many pods a round, which changes a few nodes, matters little and costs more. */
const ROUNDS = { most: 300, least: 10, pods: 100_000 }
const DEFAULT_TIME_LIMIT_MS = 1000
/** Moves are many questions to the solver, and nobody waits for them to start. */
const DEFAULT_MOVES_TIME_LIMIT_MS = 30_000
const ZONE = 'topology.kubernetes.io/zone'
const CATALOGUE_REGION = 'us-east-1'

/** Decides which nodes the pending pods of a problem get. Throws an `InputProblem` for what only shows when it is put together. */
export function decide({ problem: read, settings, overlays }: ReadProblem, tools: DecisionTools): Decision {
  const { solvers, startStopwatch, onRound = () => {} } = tools
  const { ignorePreferences = false } = settings
  const timeLimitMs =
    settings.timeLimitMs ?? (settings.consolidate === true ? DEFAULT_MOVES_TIME_LIMIT_MS : DEFAULT_TIME_LIMIT_MS)
  const types = read.instanceTypes ?? solvers.shippedTypes(foreignZones(read))
  const { instanceTypes, notes } = underOverlays(types, overlays)
  const problem = { ...read, instanceTypes }
  const elapsed = startStopwatch()
  let rounds = 0
  let isCutShort = false
  const isTimeUp = (usdPerHour?: number): boolean => {
    const elapsedMs = elapsed()
    onRound({ rounds, elapsedMs, ...(usdPerHour !== undefined && { usdPerHour }) })
    rounds += 1
    isCutShort ||= elapsedMs >= timeLimitMs
    return isCutShort
  }
  const options = { rounds: roundsFor(problem), ignorePreferences, isTimeUp }
  if (settings.consolidate !== true) {
    const plan = solvers.packPods(problem, options)
    return { problem, plan, consolidation: undefined, elapsedMs: elapsed(), notes, isCutShort }
  }
  const asked = consolidationSettings(settings, problem)
  const consolidation = solvers.consolidate(problem, { ...options, ...asked.settings })
  const allNotes = [...notes, ...asked.notes]
  return { problem, plan: consolidation.plan, consolidation, elapsedMs: elapsed(), notes: allNotes, isCutShort }
}

function roundsFor({ pods }: ProvisioningProblem): number {
  const pending = pods.filter(({ spec }) => (spec.nodeName ?? '') === '').length
  return Math.max(ROUNDS.least, Math.min(ROUNDS.most, Math.round(ROUNDS.pods / Math.max(1, pending))))
}

/** Throws an `InputProblem` when overlays disagree. */
function underOverlays(types: ProvisioningProblem['instanceTypes'], overlays: readonly Overlay[]) {
  const result = overlayTypes(types, overlays)
  if (result.type === 'disputed') throw new InputProblem(result.problems[0] ?? 'overlays disagree')
  const notes = result.unmet.map(
    (name) => `overlay ${JSON.stringify(name)} meets no instance type: is a label misspelt?`,
  )
  return { instanceTypes: result.types, notes }
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
