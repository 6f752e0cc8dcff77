import type { KubeObject } from '../kube/cluster.ts'
import type { ObjectStore } from '../runtime/store.ts'

/** Remembers what we wrote until the cache has caught up, so that a pass never works from a version older than our own write. */
export interface NewestObjects {
  remember(key: string, object: KubeObject): void
  /** The newer of what the cache has and what we wrote. */
  newest(key: string): KubeObject | undefined
}

export function createNewestObjects(store: Pick<ObjectStore, 'get'>): NewestObjects {
  /** Oldest first. */
  const written = new Map<string, KubeObject>()
  return {
    remember: (key, object) => {
      written.delete(key)
      written.set(key, object)
      forgetCaughtUp(written, store)
    },
    newest: (key) => {
      const cached = store.get(key)
      const own = written.get(key)
      if (own !== undefined && cached !== undefined && isNewer(own, cached)) return own
      written.delete(key)
      return cached
    },
  }
}

/** How many of the oldest to look at when one more is remembered: more than come, so that only what is on its way stays. */
const FORGET_AT_ONCE = 2

/** Most objects have their next pass in hours: until then what we wrote would stay beside what the cache has. */
function forgetCaughtUp(written: Map<string, KubeObject>, store: Pick<ObjectStore, 'get'>): void {
  for (let looked = 0; looked < FORGET_AT_ONCE; looked += 1) {
    const [oldest] = written
    if (oldest === undefined) return
    const [key, own] = oldest
    const cached = store.get(key)
    if (cached !== undefined && isNewer(own, cached)) return
    written.delete(key)
  }
}

/** Versions of one object may be compared as numbers (Kubernetes API concepts, resource versions, since 1.35). */
function isNewer(a: KubeObject, b: KubeObject): boolean {
  if (a.metadata.uid !== b.metadata.uid) return false
  return BigInt(a.metadata.resourceVersion ?? '0') > BigInt(b.metadata.resourceVersion ?? '0')
}
