import type { Step } from '../core/plan.ts'
import type { Requests } from './annotations.ts'
import type { Finding } from './outcome.ts'
import type { InventoryEntry } from './inventory.ts'
import { generationOf, hasFinalizer, isBeingDeleted, statusOf } from './managed.ts'
import type { Pass } from './pass.ts'
import type { Target } from './target.ts'

/**
 * What keeps a pass from taking steps:
 * `observe`: the owner wants no write at all · `report`: nobody edited the spec, and drift is only to be reported ·
 * `adopt`: what is taken over stays as it is until its owner has seen what would change.
 */
export type Restraint = 'none' | 'observe' | 'report' | 'adopt'

type Origin = InventoryEntry['origin']

/** The restraint that the object's owner asks for. */
export function restraintOf(pass: Pass): Exclude<Restraint, 'adopt'> {
  const { requests, object, deps } = pass
  if (requests['mode'] === 'Observe') return 'observe'
  // Deletion is what somebody asked for, whatever AWS has become meanwhile.
  if (isBeingDeleted(object)) return 'none'
  const drift = requests['drift'] ?? deps.settings.drift
  return drift === 'Report' && isUnedited(object) ? 'report' : 'none'
}

/**
 * Whether this generation has been made true before: then every difference is drift, also while AWS is busy with what
 * somebody else began. A lost status is no edit either.
 */
function isUnedited(object: Pass['object']): boolean {
  const { observedGeneration, reconciledGeneration } = statusOf(object)
  if (observedGeneration === undefined) return hasFinalizer(object)
  return reconciledGeneration === generationOf(object)
}

/**
 * Whether an adoption waits for its owner: something that is being taken over, or that belongs to the same object, would
 * change, and that has not been accepted.
 */
export function isAdoptionPending(requests: Requests, preview: readonly (readonly [Target, Finding])[]): boolean {
  if (requests['adopt'] === 'accept') return false
  return (
    preview.some(isTakenOver) &&
    preview.some(([, { plan }]) => plan?.steps.some(({ adopts }) => adopts !== true) ?? false)
  )
}

/** What was to be taken over and is not there or not wanted any more hinders nobody. */
function isTakenOver([{ type, entry }, { isAdopting, observation }]: readonly [Target, Finding]): boolean {
  return isAdopting || (type === 'wanted' && entry?.origin === 'Adopting' && exists(observation))
}

/**
 * The origin to put on record. What lost its owner and is taken over again counts as adopted, whoever made it; what is
 * taken over counts as adopted once nothing is held back any more.
 */
export function originOf({ entry }: Target, { isAdopting, observation }: Finding, restraint: Restraint): Origin {
  if (isAdopting) return 'Adopting'
  const before = entry?.origin ?? 'Created'
  if (before !== 'Adopting' || restraint !== 'none' || observation.type !== 'known') return before
  return exists(observation) ? 'Adopted' : 'Created'
}

function exists(observation: Finding['observation']): boolean {
  return observation.type === 'known' && observation.items.length > 0
}

/** The finding with only the steps that may be taken; the others are held. */
export function restrained(finding: Finding, restraint: Restraint): Finding {
  const { plan } = finding
  if (plan === undefined || restraint === 'none') return finding
  const isAllowed = ({ adopts }: Step): boolean => restraint === 'adopt' && adopts === true
  const held = plan.steps.filter((step) => !isAllowed(step))
  return { ...finding, held, plan: { ...plan, steps: plan.steps.filter(isAllowed) } }
}
