import type { KubeObject } from '../kube/cluster.ts'

/** Remembers what we wrote until the cache has caught up, so that a pass never works from a version older than our own write. */
export interface NewestObjects {
  remember(key: string, object: KubeObject): void
  /** The newer of what the cache has and what we wrote. */
  newest(key: string, cached: KubeObject | undefined): KubeObject | undefined
}

export function createNewestObjects(): NewestObjects {
  const written = new Map<string, KubeObject>()
  return {
    remember: (key, object) => void written.set(key, object),
    newest: (key, cached) => {
      const own = written.get(key)
      if (own !== undefined && cached !== undefined && isNewer(own, cached)) return own
      written.delete(key)
      return cached
    },
  }
}

/** Versions of one object may be compared as numbers (Kubernetes API concepts, resource versions, since 1.35). */
function isNewer(a: KubeObject, b: KubeObject): boolean {
  if (a.metadata.uid !== b.metadata.uid) return false
  return BigInt(a.metadata.resourceVersion ?? '0') > BigInt(b.metadata.resourceVersion ?? '0')
}
