import { Failure, type FailureCode } from '../../../src/core/failure.ts'
import type { Clock } from '../../../src/core/ports.ts'
import type { Cluster, WatchEvent } from '../../../src/kube/cluster.ts'
import type { KubeTrouble, WatchTrouble } from './step.ts'
import { createTroublePlan, type Extent } from './trouble-plan.ts'

/** That a version is gone is a matter of the cluster, which forgets it. */
type Refusal = Exclude<WatchTrouble, 'gone'>

interface WatchRule {
  readonly trouble: Refusal
  count: number
}

/** An API server as the operator meets it: with troubles. */
export interface TroubledCluster {
  readonly cluster: Cluster
  add(trouble: KubeTrouble, extent: Extent): void
  /** Ends every watch; the next ones meet this. */
  cut(trouble?: Refusal, count?: number): void
  /** For so long what watches have to say arrives that much later, in order. */
  lag(seconds: number): void
  /** For so long it answers nobody. */
  fail(seconds: number): void
  /** No more troubles from now on. */
  end(): void
}

type WatchInput = Parameters<Cluster['watch']>

export function withTroubles(cluster: Cluster, clock: Clock): TroubledCluster {
  const plan = createTroublePlan<KubeTrouble>()
  let watchRules: WatchRule[] = []
  let lagUntil = -Infinity
  let downUntil = -Infinity
  let cut = Promise.withResolvers<'cut'>()
  const never = new AbortController().signal

  const next = (reach: 'read' | 'write'): KubeTrouble | undefined => {
    if (clock.now() < downUntil) return 'unavailable'
    return plan.next(reach)
  }
  const nextOfWatch = (): Refusal | undefined => {
    if (clock.now() < downUntil) return 'unavailable'
    const [rule] = watchRules
    if (rule === undefined) return undefined
    rule.count -= 1
    if (rule.count === 0) watchRules = watchRules.filter((other) => other !== rule)
    return rule.trouble
  }
  const call = async <T>(operation: string, reach: 'read' | 'write', make: () => Promise<T>): Promise<T> => {
    const trouble = next(reach)
    if (trouble === undefined) return make()
    if (trouble === 'timeout after effect') await make()
    // Nobody's read conflicts with anything.
    if (trouble === 'conflict' && reach === 'read') return make()
    throw new Failure(CODES[trouble], operation, trouble === 'throttled' ? { retryAfterSeconds: 1 } : {})
  }
  async function* watch(...input: WatchInput): AsyncGenerator<WatchEvent, void> {
    const trouble = nextOfWatch()
    if (trouble === 'silent') return aborted(input[2])
    if (trouble !== undefined) throw new Failure(WATCH_CODES[trouble], 'WATCH')
    const events = cluster.watch(...input)[Symbol.asyncIterator]()
    const cutNow = cut.promise
    for (;;) {
      const item = await Promise.race([events.next(), cutNow])
      if (item === 'cut' || item.done === true) return
      const lateSeconds = (lagUntil - clock.now()) / 1000
      if (lateSeconds > 0) await clock.sleep(lateSeconds, never)
      yield item.value
    }
  }
  const cutWatches = (): void => {
    cut.resolve('cut')
    cut = Promise.withResolvers()
  }

  return {
    cluster: {
      get: (...args) => call('GET', 'read', () => cluster.get(...args)),
      list: (...args) => call('LIST', 'read', () => cluster.list(...args)),
      create: (...args) => call('POST', 'write', () => cluster.create(...args)),
      mergePatch: (...args) => call('PATCH', 'write', () => cluster.mergePatch(...args)),
      replace: (...args) => call('PUT', 'write', () => cluster.replace(...args)),
      remove: (...args) => call('DELETE', 'write', () => cluster.remove(...args)),
      watch,
    },
    add: (trouble, extent) => plan.add(trouble, extent),
    cut: (trouble, count = 1) => {
      if (trouble !== undefined) watchRules.push({ trouble, count })
      cutWatches()
    },
    lag: (seconds) => void (lagUntil = Math.max(lagUntil, clock.now() + seconds * 1000)),
    fail: (seconds) => {
      downUntil = Math.max(downUntil, clock.now() + seconds * 1000)
      cutWatches()
    },
    end: () => {
      plan.clear()
      watchRules = []
      lagUntil = -Infinity
      downUntil = -Infinity
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (signal.aborted) resolve()
  return promise
}

const CODES: Readonly<Record<KubeTrouble, FailureCode>> = {
  conflict: 'conflict',
  throttled: 'throttled',
  unavailable: 'unavailable',
  'timeout before effect': 'timeout',
  'timeout after effect': 'timeout',
}

const WATCH_CODES: Readonly<Record<Exclude<Refusal, 'silent'>, FailureCode>> = {
  throttled: 'throttled',
  unavailable: 'unavailable',
}
