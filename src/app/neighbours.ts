import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../kube/cluster.ts'
import type { AnyKind } from '../reconciler/kind.ts'
import { statusOf } from '../reconciler/managed.ts'
import { parseSpec } from '../reconciler/spec.ts'
import type { Informer, InformerChange } from '../runtime/informer.ts'
import { PRIORITY } from '../runtime/reconcile.ts'
import { mappedObjects, type Source } from '../runtime/source.ts'
import { keyOf, type ObjectStore } from '../runtime/store.ts'

/** One kind with what is known of its objects. */
export interface Watched {
  readonly kind: AnyKind
  /** One for each namespace that is watched. */
  readonly informers: readonly Informer[]
  readonly store: ObjectStore
}

/** Index of objects by what they refer to: `EcsCluster demo/main`. */
export const REFERENCES = 'references'

/** What an object refers to, in the words of the index. */
export function referencesOf(kind: AnyKind, object: KubeObject): readonly string[] {
  if (kind.references === undefined) return []
  const parsed = parseSpec(kind, object.spec)
  if (parsed.type === 'invalid') return []
  return kind.references(parsed.spec).map((reference) => {
    const namespace = reference.namespace ?? object.metadata.namespace
    return `${reference.kind} ${namespace}/${reference.name}`
  })
}

/** What happens to objects of one kind because of objects of another. */
export function neighboursOf(own: Watched, other: Watched): readonly Source[] {
  const isReferrer = own.kind.references !== undefined
  const isUser = other.kind.references !== undefined
  return [
    ...(isReferrer ? referrers(own, other) : []),
    ...(isUser ? [...departures(own, other), ...footprints(own, other)] : []),
  ]
}

/** Objects are reconciled the moment something that they refer to changes in what it provides. */
function referrers(own: Watched, target: Watched): readonly Source[] {
  const keysFor = (change: InformerChange): readonly string[] =>
    matters(target.kind, change)
      ? own.store.byIndex(REFERENCES, `${target.kind.kind} ${keyOf(change.object)}`).map(keyOf)
      : []
  return target.informers.map((informer) => mappedObjects(informer, keysFor))
}

/** What waits to be deleted until nothing uses it any more goes on the moment that a user of it is gone. */
function departures(own: Watched, user: Watched): readonly Source[] {
  const keysFor = ({ type, object }: InformerChange): readonly string[] =>
    type === 'deleted' ? keysUsedBy(own, user, object) : []
  return user.informers.map((informer) => mappedObjects(informer, keysFor))
}

/** Keys of our objects that this one refers to. */
function keysUsedBy(own: Watched, user: Watched, object: KubeObject): readonly string[] {
  const prefix = `${own.kind.kind} `
  const references = referencesOf(user.kind, object).filter((reference) => reference.startsWith(prefix))
  return references.map((reference) => reference.slice(prefix.length))
}

/** Many services of a cluster change in the same moments: one look at the cluster does for all of them. */
const FOOTPRINT_SECONDS = 5

/** What counts its users is looked at again when they change: AWS tells nobody, and the next look for drift is far off. */
function footprints(own: Watched, user: Watched): readonly Source[] {
  const footprintOf = (object: KubeObject): unknown => user.kind.footprint?.(statusOf(object))
  const isMoved = (before: KubeObject, after: KubeObject): boolean =>
    !isDeepStrictEqual(footprintOf(before), footprintOf(after))
  const keysFor = (change: InformerChange): readonly string[] =>
    change.type === 'changed' && isMoved(change.previous, change.object) ? keysUsedBy(own, user, change.object) : []
  const later = { priority: PRIORITY.drift, afterSeconds: FOOTPRINT_SECONDS }
  return user.informers.map((informer) => mappedObjects(informer, keysFor, () => later))
}

/** A count in the status of a cluster must not wake the thousand services in it. */
function matters(kind: AnyKind, change: InformerChange): boolean {
  if (change.type !== 'changed') return true
  return !isDeepStrictEqual(offered(kind, change.previous), offered(kind, change.object))
}

function offered(kind: AnyKind, object: KubeObject): object {
  const { deletionTimestamp, annotations } = object.metadata
  return { deletionTimestamp, annotations, outputs: kind.provides(statusOf(object)) }
}
