import type { Pod } from '../kubernetes.ts'
import type { DisruptionPrice } from './consolidation.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'

/** The largest deletion cost (an int32) adds 16 before the cap, the highest priority of users (a billion) 30. */
const DELETION_COST_UNIT = 2 ** 27
const PRIORITY_UNIT = 2 ** 25
const MOST_PER_POD = 10

/** What it costs to disturb a node itself: a launch, a drain, caches that are cold. */
export const NODE_DISRUPTION = 1

/**
 * What it costs to move a pod: 1, more for one whose owner says that it is dear to delete or important, less for the
 * opposite; 0 to 10. Source: Karpenter, Disruption, "Balanced": 1 + deletion cost ÷ 2²⁷ + priority ÷ 2²⁵.
 */
export function disruptionOf({ metadata, spec }: Pod): number {
  const deletionCost = Number(metadata.annotations?.[DELETION_COST] ?? 0)
  const cost =
    1 + (Number.isFinite(deletionCost) ? deletionCost : 0) / DELETION_COST_UNIT + (spec.priority ?? 0) / PRIORITY_UNIT
  return Math.min(MOST_PER_POD, Math.max(0, cost))
}

/** Sums of prices are not exact: less than this is nothing. */
const LEAST_USD_PER_HOUR = 1e-6

/** Whether a saving is worth a disruption. What saves nothing never is. */
export function pays(
  { savesUsdPerHour, disruption }: { readonly savesUsdPerHour: number; readonly disruption: number },
  price: DisruptionPrice,
): boolean {
  return savesUsdPerHour > LEAST_USD_PER_HOUR && gainOf({ savesUsdPerHour, disruption }, price) > 0
}

/** What is left of a saving over the payback time when its disruption is paid, in US dollars. */
export function gainOf(
  { savesUsdPerHour, disruption }: { readonly savesUsdPerHour: number; readonly disruption: number },
  { usdPerDisruption, paybackHours }: DisruptionPrice,
): number {
  return savesUsdPerHour * paybackHours - disruption * usdPerDisruption
}
