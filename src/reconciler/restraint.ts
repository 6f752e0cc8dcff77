import type { Step } from '../core/plan.ts'
import type { Requests } from './annotations.ts'
import type { Finding } from './outcome.ts'
import { generationOf, hasFinalizer, isBeingDeleted, statusOf } from './managed.ts'
import type { Pass } from './pass.ts'
import type { Target } from './target.ts'

/**
 * What keeps a pass from taking steps:
 * `observe`: the owner wants no write at all · `report`: nobody edited the spec, and drift is only to be reported ·
 * `adopt`: what is taken over stays as it is until its owner has seen what would change.
 */
export type Restraint = 'none' | 'observe' | 'report' | 'adopt'

/** The restraint that the object's owner asks for. */
export function restraintOf(pass: Pass): Exclude<Restraint, 'adopt'> {
  const { requests, object, deps } = pass
  if (requests['mode'] === 'Observe') return 'observe'
  // Deletion is what somebody asked for, whatever AWS has become meanwhile.
  if (isBeingDeleted(object)) return 'none'
  const drift = requests['drift'] ?? deps.settings.drift
  return drift === 'Report' && isUnedited(object) ? 'report' : 'none'
}

/** Whether this generation has been made true before: then every difference is drift. A lost status is no edit either. */
function isUnedited(object: Pass['object']): boolean {
  const { observedGeneration, conditions } = statusOf(object)
  if (observedGeneration === undefined) return hasFinalizer(object)
  const isReady = conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  return isReady && observedGeneration === generationOf(object)
}

/** Whether the owner asks to take over what exists without being ours. */
export function asksToAdopt(requests: Requests): boolean {
  return requests['adopt'] === 'true' || requests['adopt'] === 'accept'
}

/**
 * Whether an adoption waits for its owner: something that is being taken over, or that belongs to the same object, would
 * change, and that has not been accepted.
 */
export function isAdoptionPending(requests: Requests, preview: readonly (readonly [Target, Finding])[]): boolean {
  if (requests['adopt'] === 'accept') return false
  // What leaves is given up, not taken over.
  const isTakingOver = preview.some(
    ([{ type, entry }, { isAdopting }]) => isAdopting || (type === 'wanted' && entry?.origin === 'Adopting'),
  )
  return isTakingOver && preview.some(([, { plan }]) => plan?.steps.some(({ adopts }) => adopts !== true) ?? false)
}

/** The finding with only the steps that may be taken; the others are held. */
export function restrained(finding: Finding, restraint: Restraint): Finding {
  const { plan } = finding
  if (plan === undefined || restraint === 'none') return finding
  const isAllowed = ({ adopts }: Step): boolean => restraint === 'adopt' && adopts === true
  const held = plan.steps.filter((step) => !isAllowed(step))
  return { ...finding, held, plan: { ...plan, steps: plan.steps.filter(isAllowed) } }
}
