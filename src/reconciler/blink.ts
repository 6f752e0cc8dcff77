import type { Clock } from '../core/ports.ts'
import type { Cluster } from '../kube/cluster.ts'

/** How long a pass may last before it says that it has seen a change. */
export interface Blink {
  seconds(): number
  /** The cluster, with its writes timed. */
  timing(cluster: Cluster): Cluster
}

/** About as many writes and reads as an edit takes: a pass that only waits for those has nothing to say before. */
const WRITES = 4
/** Of the newest write in what writes usually take. */
const WEIGHT = 0.1
/** Users want to know whether anybody is there at all. */
const LONGEST_SECONDS = 5

/**
 * The longer the API server takes for a write, the later a word in between is worth another one: while it is overloaded,
 * acknowledging everything would double the load, and delay everything further.
 */
export function createBlink(clock: Pick<Clock, 'now'>, shortestSeconds: number): Blink {
  let usualSeconds = 0
  return {
    seconds: () => Math.max(shortestSeconds, Math.min(LONGEST_SECONDS, shortestSeconds + WRITES * usualSeconds)),
    timing: (cluster) => ({
      ...cluster,
      mergePatch: async (...call) => {
        const startedAt = clock.now()
        const written = await cluster.mergePatch(...call)
        usualSeconds += ((clock.now() - startedAt) / 1000 - usualSeconds) * WEIGHT
        return written
      },
    }),
  }
}
