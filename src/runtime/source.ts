import type { KubeObject } from '../kube/cluster.ts'
import { isSemanticallyEqual } from '../kube/patch.ts'
import type { Informer, InformerChange } from './informer.ts'
import type { AddOptions } from './queue.ts'
import { PRIORITY } from './reconcile.ts'
import { keyOf } from './store.ts'

export type Enqueue = (key: string, options: AddOptions) => void

/** Something that tells a controller which keys to look at. */
export interface Source {
  subscribe(enqueue: Enqueue): void
  hasSynced(): boolean
}

/**
 * The objects that the controller is about. A change that only touches status or finalizers is an echo of our own writes
 * and asks for nothing; everything that a person changes does: spec, labels, annotations, deletion.
 */
export function ownObjects(informer: Informer): Source {
  return mappedObjects(informer, (change) => (isForUs(change) ? [keyOf(change.object)] : []))
}

/** Other objects, each change of which may concern some keys of the controller: at once, unless `when` says otherwise. */
export function mappedObjects(
  informer: Informer,
  keysFor: (change: InformerChange) => readonly string[],
  when: (change: InformerChange) => AddOptions = atOnce,
): Source {
  return {
    subscribe: (enqueue) => {
      informer.onChange((change) => {
        for (const key of keysFor(change)) enqueue(key, when(change))
      })
    },
    hasSynced: () => informer.hasSynced(),
  }
}

function atOnce({ isInitial }: InformerChange): AddOptions {
  return { priority: isInitial ? PRIORITY.initialList : PRIORITY.userChange }
}

function isForUs(change: InformerChange): boolean {
  return change.type !== 'changed' || !isSemanticallyEqual(askedBy(change.previous), askedBy(change.object))
}

function askedBy({ metadata }: KubeObject): object {
  const { generation, deletionTimestamp, labels, annotations } = metadata
  return { generation, deletionTimestamp, labels, annotations }
}
