import type { KubeObject } from '../../../kube/cluster.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import { generationOf, isBeingDeleted } from '../../../reconciler/managed.ts'
import { timestamp } from '../../../reconciler/inventory.ts'
import { idOf, readObjects } from '../world/objects.ts'
import type { World } from '../world/reach.ts'
import type { Manifest } from './manifests.ts'
import { merged } from './merge.ts'
import { inReferenceOrder, namespacesOf, type Kinded } from './order.ts'

/** An object as it would stand in the cluster, and as it does. */
export interface Candidate extends Kinded {
  readonly object: KubeObject
  readonly live: KubeObject | undefined
  /** Where it is written; undefined: in no file. */
  readonly place: string | undefined
}

export interface Gathered {
  /** What is planned, each after what it refers to; what goes comes last, users first. */
  readonly candidates: readonly Candidate[]
  /** What the cluster has, by `Kind namespace/name`. */
  readonly live: ReadonlyMap<string, KubeObject>
}

export interface GatherInput {
  readonly kinds: readonly AnyKind[]
  readonly manifests: readonly Manifest[]
  readonly prune: boolean
}

/** Reads what the cluster has of what the files name, and lays one over the other. */
export async function gather(
  { kinds, manifests, prune }: GatherInput,
  world: Pick<World, 'cluster' | 'namespace' | 'clock'>,
  signal: AbortSignal,
): Promise<Gathered> {
  const written = manifests.flatMap((manifest) => {
    const kind = kinds.find((candidate) => candidate.kind === manifest.kind)
    return kind === undefined ? [] : [{ kind, manifest }]
  })
  const namespaces = [
    world.namespace,
    ...written.flatMap(({ kind, manifest }) => namespacesOf({ kind, object: merged(kind, manifest, undefined) })),
  ]
  const { cluster } = world
  const live = cluster ? await readObjects(cluster, { kinds, namespaces }, signal) : new Map<string, KubeObject>()

  const wanted = written.map(({ kind, manifest }): Candidate => {
    const found = live.get(idOf(manifest))
    return { kind, object: merged(kind, manifest, found), live: found, place: manifest.place }
  })
  const leaving = prune ? leavingOf(kinds, live, { manifests, namespace: world.namespace, now: world.clock.now() }) : []
  return { candidates: [...inReferenceOrder(wanted), ...inReferenceOrder(leaving).toReversed()], live }
}

interface Pruning {
  readonly manifests: readonly Manifest[]
  readonly namespace: string
  readonly now: number
}

/** What stands in no file, in the namespaces that the files name or, if they name none, in ours. */
function leavingOf(
  kinds: readonly AnyKind[],
  live: ReadonlyMap<string, KubeObject>,
  { manifests, namespace, now }: Pruning,
): readonly Candidate[] {
  const named = manifests.map(({ metadata }) => metadata.namespace)
  const namespaces = new Set(named.length === 0 ? [namespace] : named)
  const kept = new Set(manifests.map(idOf))
  return [...live].flatMap(([id, object]) => {
    const kind = kinds.find((candidate) => candidate.kind === object.kind)
    if (kind === undefined || kept.has(id) || !namespaces.has(object.metadata.namespace ?? '')) return []
    return [{ kind, object: deleted(object, now), live: object, place: undefined }]
  })
}

/** The object as `kubectl delete` leaves it to the operator. */
function deleted(object: KubeObject, now: number): KubeObject {
  if (isBeingDeleted(object)) return object
  const metadata = { ...object.metadata, deletionTimestamp: timestamp(now), generation: generationOf(object) + 1 }
  return { ...object, metadata }
}
