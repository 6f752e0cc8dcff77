import type { AnyKind } from '../../../reconciler/kind.ts'
import type { KubeObject } from '../../../kube/cluster.ts'
import { parseSpec } from '../../../reconciler/spec.ts'
import { idOf } from '../world/objects.ts'

/** An object and its kind. */
export interface Kinded {
  readonly kind: AnyKind
  readonly object: KubeObject
}

/** The objects, each after what it refers to; otherwise in the order in which they came. A circle is cut somewhere. */
export function inReferenceOrder<T extends Kinded>(items: readonly T[]): readonly T[] {
  const byId = new Map(items.map((item) => [idOf(item.object), item]))
  const ordered = new Set<T>()
  const visit = (item: T, path: ReadonlySet<T>): void => {
    if (ordered.has(item) || path.has(item)) return
    for (const id of referencesOf(item)) {
      const target = byId.get(id)
      if (target !== undefined) visit(target, new Set([...path, item]))
    }
    ordered.add(item)
  }
  for (const item of items) visit(item, new Set())
  return [...ordered]
}

/** What an object refers to: `EcsCluster demo/main`. Nothing when its spec cannot be read. */
function referencesOf({ kind, object }: Kinded): readonly string[] {
  const parsed = parseSpec(kind, object.spec)
  if (parsed.type === 'invalid') return []
  return (kind.references?.(parsed.spec) ?? []).map((reference) => {
    const namespace = reference.namespace ?? object.metadata.namespace ?? ''
    return `${reference.kind} ${namespace}/${reference.name}`
  })
}

/** The namespaces that an object's references lead to. */
export function namespacesOf({ kind, object }: Kinded): readonly string[] {
  const parsed = parseSpec(kind, object.spec)
  const references = parsed.type === 'invalid' ? [] : (kind.references?.(parsed.spec) ?? [])
  return [object.metadata.namespace ?? '', ...references.flatMap(({ namespace }) => namespace ?? [])]
}
