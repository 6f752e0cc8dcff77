import type { Clock, Instant } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { keyOf, type ObjectStore } from '../runtime/store.ts'

/**
 * Whether the cache can be trusted without asking the API server.
 *
 * Flow: a write of ours is a probe. Events of one watch come in the order of their versions (Kubernetes API concepts, watches):
 * once the cache shows what came of the write, it has everything that was written before the write was sent.
 * Guarantees: what counts as current was so at some moment of the last seconds, after this process began to work, which is
 * what a read at that moment would have told. A watch that is silent, late, or behind proves nothing.
 */
export interface Freshness {
  /** A write is about to be sent; call what this answers with the object that came of it, if it was written. */
  sending(before: KubeObject): (written: KubeObject) => void
  /** Whether nobody can have changed this version more than a moment ago. */
  isCurrent(object: KubeObject): boolean
}

/** About as long as a read, the wait for its turn, and the AWS write after it may take anyway. */
const FRESH_SECONDS = 2

interface FreshnessDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<ObjectStore, 'get'>
  /** Whether each namespace has a watch of its own: then each has to prove what it is worth. Absent: not. */
  readonly isSplit?: boolean
}

interface Probe {
  readonly watch: string
  readonly key: string
  readonly version: bigint
  readonly sentAt: Instant
}

/** Remembers one write and one proof at a time: with more than one watch, that of the busiest counts most often. */
export function createFreshness({ clock, store, isSplit = false }: FreshnessDeps): Freshness {
  let probe: Probe | undefined
  let proof: Pick<Probe, 'watch' | 'sentAt'> | undefined
  const watchOf = ({ metadata: { namespace = '' } }: KubeObject): string => (isSplit ? namespace : '')
  const isRecent = (sentAt: Instant): boolean => clock.now() - sentAt <= FRESH_SECONDS * 1000

  const look = (): void => {
    if (probe === undefined) return
    const shown = store.get(probe.key)
    if (shown === undefined || versionOf(shown) < probe.version) return
    proof = probe
    probe = undefined
  }

  return {
    sending: (before) => {
      const sentAt = clock.now()
      return (written) => {
        look()
        // A write that changes nothing has no event of its own.
        const isWritten = written.metadata.resourceVersion !== before.metadata.resourceVersion
        if (!isWritten || (probe !== undefined && isRecent(probe.sentAt))) return
        probe = { watch: watchOf(written), key: keyOf(written), version: versionOf(written), sentAt }
      }
    },
    isCurrent: (object) => {
      look()
      if (proof === undefined || proof.watch !== watchOf(object) || !isRecent(proof.sentAt)) return false
      const cached = store.get(keyOf(object))
      return cached !== undefined && versionOf(cached) === versionOf(object)
    },
  }
}

/** Versions of objects of one type may be compared as numbers (KEP-5504, Comparable Resource Version, stable since 1.35). */
export function versionOf({ metadata }: KubeObject): bigint {
  return BigInt(metadata.resourceVersion ?? '0')
}

/** For passes that write nothing. */
export const noFreshness: Freshness = { sending: () => () => undefined, isCurrent: () => false }
