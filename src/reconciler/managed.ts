import type { Condition } from '../core/conditions.ts'
import type { Instant } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import type { InventoryEntry } from './inventory.ts'
import { UNSEEN_GENERATION } from './schema/common-status.ts'

export const FINALIZER = 'longshore.dev/finalizer'
export const FIELD_MANAGER = 'longshore'
const ANNOTATION_PREFIX = 'longshore.dev/'

/** What every kind's status has; the kind's own fields stand beside these. */
export interface CommonStatus {
  readonly observedGeneration?: number
  /** The generation of the spec that AWS matched last: since then, every difference is drift. */
  readonly reconciledGeneration?: number
  readonly conditions?: readonly Condition[]
  readonly accountId?: string
  readonly region?: string
  /** Missing: never written, or lost. Empty: nothing in AWS is ours. */
  readonly inventory?: readonly InventoryEntry[]
  /** Steps that are held back. */
  readonly plan?: readonly HeldStep[]
  readonly waitingFor?: { readonly message: string; readonly since: string }
  /** The `longshore.dev/reconcile-at` that was followed last: a request to look now is done once it stands here. */
  readonly lastHandledReconcileAt?: string
}

export interface HeldStep {
  readonly resource: string
  readonly id: string
  readonly effect: 'create' | 'change' | 'delete'
  readonly summary: string
}

/**
 * The status as the API server keeps it. Only the operator writes it, and the CRD's schema has checked it. What the CRD gives
 * an object that has none counts as nothing.
 */
export function statusOf(object: KubeObject): ObjectStatus {
  const status = (object.status ?? {}) as ObjectStatus
  if (status.observedGeneration !== UNSEEN_GENERATION) return status
  const { observedGeneration: _, ...written } = status
  return written
}

export type ObjectStatus = CommonStatus & Readonly<Record<string, unknown>>

const NO_REQUESTS: Readonly<Record<string, string>> = {}

/** Values of our annotations, without the prefix. */
export function requestsOf(object: KubeObject): Readonly<Record<string, string>> {
  const { annotations } = object.metadata
  // Most objects have none, and each is asked several times in a sweep.
  if (annotations === undefined) return NO_REQUESTS
  const ours = Object.entries(annotations).filter(([key]) => key.startsWith(ANNOTATION_PREFIX))
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(ANNOTATION_PREFIX.length), value]))
}

export function hasFinalizer(object: KubeObject): boolean {
  return object.metadata.finalizers?.includes(FINALIZER) ?? false
}

export function isBeingDeleted(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined
}

/** Whether AWS matched this generation when we last looked, and nothing is asked for that has not been done. */
export function isSettled(object: KubeObject): boolean {
  const { observedGeneration, conditions = [], inventory } = statusOf(object)
  if (isBeingDeleted(object) || inventory === undefined || observedGeneration !== generationOf(object)) return false
  if (requestsOf(object)['paused'] === 'true' || isLookWanted(object)) return false
  const ready = conditions.find(({ type }) => type === 'Ready')
  return ready?.status === 'True' && ready.reason === 'InSync'
}

/** Whether somebody asked to look now and nobody did yet. */
export function isLookWanted(object: KubeObject): boolean {
  const wanted = lookWantedBy(requestsOf(object))
  return wanted !== undefined && wanted !== statusOf(object).lastHandledReconcileAt
}

/** A time in any form fits. */
const MAX_REQUEST_LENGTH = 256

/** What `longshore.dev/reconcile-at` says, as far as status keeps it. */
export function lookWantedBy({ 'reconcile-at': wanted }: Readonly<Record<string, string>>): string | undefined {
  return wanted?.slice(0, MAX_REQUEST_LENGTH)
}

/** Whether status does not say any more what every pass leaves in it. */
export function isForgotten(object: KubeObject): boolean {
  const { observedGeneration, conditions = [], inventory } = statusOf(object)
  if (!hasFinalizer(object) || requestsOf(object)['paused'] === 'true') return false
  const hasReady = conditions.some(({ type }) => type === 'Ready')
  return observedGeneration === undefined || inventory === undefined || !hasReady
}

/**
 * Whether it says since longer ago than this that it is not as it should be. Whoever wrote that comes back to it sooner, if
 * it is there any more: it may have been a leader of before, or a backup.
 */
export function isLeftUnsettled(object: KubeObject, now: Instant, seconds: number): boolean {
  if (isBeingDeleted(object) || requestsOf(object)['paused'] === 'true') return false
  const ready = statusOf(object).conditions?.find(({ type }) => type === 'Ready')
  return ready?.status === 'False' && now - Date.parse(ready.lastTransitionTime) >= seconds * 1000
}

export function generationOf(object: KubeObject): number {
  return object.metadata.generation ?? 0
}
