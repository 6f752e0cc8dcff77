import type {
  ConsolidationOptions,
  ConsolidationProblem,
} from '../../../core/scheduling/consolidation/consolidation.ts'
import type { PackSettings } from './schema/settings.ts'

/** What `options` say about moves, and sentences about what was taken for granted. */
export interface AskedMoves {
  readonly settings: Pick<ConsolidationOptions, 'budgetNodes' | 'moveRounds' | 'price' | 'barePods'>
  readonly notes: readonly string[]
}

/**
 * A pod that starts again costs about what it costs to run it for some minutes; a day is twice as long as loads stay the
 * same. Together: a node of 0.10 $/h with ten pods goes for a saving of 2 % or more.
 */
const USD_PER_DISRUPTION = 0.002
const PAYBACK_HOURS = 12

/** What is not asked for is one round within a tenth of the nodes. */
export function consolidationSettings(
  {
    budgetNodes,
    moveRounds = 1,
    usdPerDisruption = USD_PER_DISRUPTION,
    paybackHours = PAYBACK_HOURS,
    barePods,
  }: PackSettings,
  { pods }: Pick<ConsolidationProblem, 'pods'>,
): AskedMoves {
  const isSilent = barePods === undefined && !pods.some(({ metadata }) => metadata.ownerReferences !== undefined)
  const hasBound = pods.some(({ spec }) => (spec.nodeName ?? '') !== '')
  return {
    settings: {
      budgetNodes,
      moveRounds,
      price: { usdPerDisruption, paybackHours },
      // Where no pod at all has an owner, whoever made the list has left owners out.
      barePods: barePods ?? (isSilent ? 'move' : 'stay'),
    },
    notes:
      isSilent && hasBound
        ? ['no pod says who owns it: each is taken to be made again when it is moved (options.barePods)']
        : [],
  }
}
