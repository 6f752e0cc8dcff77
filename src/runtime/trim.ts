import type { KubeObject } from '../kube/cluster.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The object without what no controller reads (`managedFields` and kubectl's copy of the manifest: more than half of a
 * typical object), and frozen all through, so that readers may share it.
 */
export function trim(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = { managedFields: undefined, ...object.metadata }
  const annotations = withoutLastApplied(metadata.annotations)
  return deepFreeze({ ...object, metadata: annotations === undefined ? metadata : { ...metadata, annotations } })
}

function withoutLastApplied(annotations: KubeObject['metadata']['annotations']): typeof annotations {
  if (annotations?.[LAST_APPLIED] === undefined) return undefined
  const { [LAST_APPLIED]: _, ...others } = annotations
  return others
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}
