import type { KubeObject } from '../kube/cluster.ts'
import type { ObjectStore } from '../runtime/store.ts'
import { versionOf } from './freshness.ts'

/** Remembers what we wrote until the cache has caught up, so that a pass never works from a version older than our own write. */
export interface NewestObjects {
  remember(key: string, object: KubeObject): void
  /** The newer of what the cache has and what we wrote or were shown. */
  newest(key: string): KubeObject | undefined
  /** What we wrote is there no more. */
  forget(key: string): void
}

interface Written {
  readonly object: KubeObject
  /** Which object of this name the cache had then. */
  readonly cachedUid: string | undefined
}

export function createNewestObjects(store: Pick<ObjectStore, 'get'>): NewestObjects {
  /** Oldest first. */
  const written = new Map<string, Written>()
  return {
    remember: (key, object) => {
      const cachedUid = store.get(key)?.metadata.uid ?? written.get(key)?.cachedUid
      written.delete(key)
      written.set(key, { object, cachedUid })
      forgetCaughtUp(written, store)
    },
    newest: (key) => {
      const cached = store.get(key)
      const own = written.get(key)
      if (own !== undefined && isStillToCome(own, cached)) return own.object
      written.delete(key)
      return cached
    },
    forget: (key) => void written.delete(key),
  }
}

/** How many of the oldest to look at when one more is remembered: more than come, so that only what is on its way stays. */
const FORGET_AT_ONCE = 2

/** Most objects have their next pass in hours: until then what we wrote would stay beside what the cache has. */
function forgetCaughtUp(written: Map<string, Written>, store: Pick<ObjectStore, 'get'>): void {
  for (let looked = 0; looked < FORGET_AT_ONCE; looked += 1) {
    const [oldest] = written
    if (oldest === undefined) return
    const [key, own] = oldest
    const cached = store.get(key)
    const isAwaited = isStillToCome(own, cached)
    if (isAwaited && cached !== undefined) return
    written.delete(key)
    // It may never come, if nobody told the cache before it went as well: it must not keep the others here.
    if (isAwaited) written.set(key, own)
  }
}

/**
 * Whether the cache has not heard of it yet. A cache that lags loses an object before it hears of the one that was made again
 * under its name, and that we may have been shown already: what it has lost is not that one.
 */
function isStillToCome({ object, cachedUid }: Written, cached: KubeObject | undefined): boolean {
  if (cached !== undefined) return isNewer(object, cached)
  return cachedUid !== undefined && cachedUid !== object.metadata.uid
}

/** Also when they are an object and the one that was made again under its name. */
function isNewer(a: KubeObject, b: KubeObject): boolean {
  return versionOf(a) > versionOf(b)
}
