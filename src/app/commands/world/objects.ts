import { Failure } from '../../../core/failure.ts'
import type { KubeObject } from '../../../kube/cluster.ts'
import { Pages } from '../../../kube/pages.ts'
import { resourceTypeOf } from '../../../reconciler/api.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import type { ReadableCluster } from './reach.ts'

/** Everything of ours in some namespaces, by `Kind namespace/name`. A kind whose CRD is not installed has no objects. */
export async function readObjects(
  cluster: ReadableCluster,
  { kinds, namespaces }: { readonly kinds: readonly AnyKind[]; readonly namespaces: Iterable<string> },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> {
  const lists = [...new Set(namespaces)].flatMap((namespace) =>
    kinds.map((kind) => readKind(cluster, { kind, namespace }, signal)),
  )
  const objects = (await Promise.all(lists)).flat()
  return new Map(objects.map((object) => [idOf(object), object]))
}

async function readKind(
  cluster: ReadableCluster,
  { kind, namespace }: { readonly kind: AnyKind; readonly namespace: string },
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const type = resourceTypeOf(kind)
  try {
    const pages = new Pages({ cluster, type, selection: { namespace }, prepare: (object) => object })
    return (await pages.read(signal)).objects
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-found') return []
    throw error
  }
}

/** `EcsService demo/hello`: what people read, and what objects are found by. */
export function idOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
}
