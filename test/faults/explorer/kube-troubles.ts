import { Failure, type FailureCode } from '../../../src/core/failure.ts'
import type { Clock } from '../../../src/core/ports.ts'
import type { Cluster, WatchEvent } from '../../../src/kube/cluster.ts'
import type { KubeTrouble } from './history.ts'

interface Rule {
  readonly trouble: KubeTrouble
  skip: number
  count: number
}

/** An API server as the operator meets it: with troubles. */
export interface TroubledCluster {
  readonly cluster: Cluster
  add(trouble: KubeTrouble, reach: { readonly skip: number; readonly count: number }): void
  /** Ends every watch. */
  cut(): void
  /** For so long what watches have to say arrives that much later, in order. */
  lag(seconds: number): void
  /** No more troubles from now on. */
  end(): void
}

export function withTroubles(cluster: Cluster, clock: Clock): TroubledCluster {
  let rules: Rule[] = []
  let lagUntil = -Infinity
  let cut = Promise.withResolvers<'cut'>()
  const never = new AbortController().signal

  const next = (): KubeTrouble | undefined => {
    const [rule] = rules
    if (rule === undefined) return undefined
    if (rule.skip > 0) {
      rule.skip -= 1
      return undefined
    }
    rule.count -= 1
    if (rule.count === 0) rules = rules.slice(1)
    return rule.trouble
  }
  const write = async <T>(operation: string, call: () => Promise<T>): Promise<T> => {
    const trouble = next()
    if (trouble === undefined) return call()
    if (trouble === 'timeout after effect') await call()
    throw new Failure(CODES[trouble], operation, trouble === 'throttled' ? { retryAfterSeconds: 1 } : {})
  }
  async function* watch(...args: Parameters<Cluster['watch']>): AsyncIterable<WatchEvent> {
    const events = cluster.watch(...args)[Symbol.asyncIterator]()
    const cutNow = cut.promise
    for (;;) {
      const item = await Promise.race([events.next(), cutNow])
      if (item === 'cut' || item.done === true) return
      const lateSeconds = (lagUntil - clock.now()) / 1000
      if (lateSeconds > 0) await clock.sleep(lateSeconds, never)
      yield item.value
    }
  }

  return {
    cluster: {
      ...cluster,
      create: (...args) => write('POST', () => cluster.create(...args)),
      mergePatch: (...args) => write('PATCH', () => cluster.mergePatch(...args)),
      replace: (...args) => write('PUT', () => cluster.replace(...args)),
      remove: (...args) => write('DELETE', () => cluster.remove(...args)),
      watch,
    },
    add: (trouble, { skip, count }) => void rules.push({ trouble, skip, count }),
    cut: () => {
      cut.resolve('cut')
      cut = Promise.withResolvers()
    },
    lag: (seconds) => void (lagUntil = Math.max(lagUntil, clock.now() + seconds * 1000)),
    end: () => {
      rules = []
      lagUntil = -Infinity
    },
  }
}

const CODES: Readonly<Record<KubeTrouble, FailureCode>> = {
  conflict: 'conflict',
  throttled: 'throttled',
  unavailable: 'unavailable',
  'timeout before effect': 'timeout',
  'timeout after effect': 'timeout',
}
