import type { KubeObject } from '../kube/cluster.ts'

/** Read side of an informer: frozen, trimmed objects (no managedFields, no last-applied annotation). */
export interface ObjectStore {
  get(key: string): KubeObject | undefined
  list(): readonly KubeObject[]
  /** Objects for which the index function `index`, given at start, answered `value`. */
  byIndex(index: string, value: string): readonly KubeObject[]
}

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function keyOf(object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string {
  const { namespace, name } = object.metadata
  return namespace === undefined ? name : `${namespace}/${name}`
}
