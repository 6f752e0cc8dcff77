import { getEventListeners } from 'node:events'
import type { Metrics } from '../../../src/core/ports.ts'
import type { ObjectStore } from '../../../src/runtime/store.ts'
import { noMetrics } from './no-metrics.ts'

/** What a life holds on to, by what it is and where it was made: `Map at newest.ts:11` holds so many entries. */
export type Holdings = ReadonlyMap<string, number>

/** Everything in which a life can keep things: handed out at its birth, looked into at its end. */
export interface Belongings {
  /** Notes all maps and sets that are made meanwhile. */
  noting<T>(birth: () => T): T
  /** Keeps an eye on who listens to a signal that is handed in. */
  watch(name: string, signal: AbortSignal): void
  /** Keeps an eye on a store. */
  watchStore(store: Pick<ObjectStore, 'list'>): void
  /** Metrics of which only gauges that are asked count: those that count what waits. */
  readonly metrics: Metrics
  holdings(): Holdings
}

interface Made {
  readonly collection: { readonly size: number }
  /** Formatting where it was made costs time, and is put off until somebody asks. */
  readonly made: Error
}

/** Name under which the objects of all stores are counted. */
export const STORED = 'objects in stores'

/** Counts of things that wait, as the operator's own metrics tell them. */
const WAITING = /_depth$|_waiting$|_unfinished/

export function createBelongings(): Belongings {
  const made: Made[] = []
  const signals: (readonly [string, AbortSignal])[] = []
  const stores: Pick<ObjectStore, 'list'>[] = []
  const gauges: (readonly [string, () => Iterable<readonly [unknown, number]>])[] = []
  return {
    noting: (birth) => noting(birth, (collection) => void made.push({ collection, made: new Error('made here') })),
    watchStore: (store) => void stores.push(store),
    watch: (name, signal) => void signals.push([name, signal]),
    metrics: {
      ...noMetrics,
      observedGauge: ({ name }, read) => {
        if (WAITING.test(name)) gauges.push([name, read])
      },
    },
    holdings: () =>
      summed([
        ...made.flatMap(({ collection, made: error }) => {
          const place = placeIn(error)
          return place === undefined
            ? []
            : [[`${collection.constructor.name} made at ${place}`, collection.size] as const]
        }),
        ...signals.map(
          ([name, signal]) => [`listeners to ${name}`, getEventListeners(signal, 'abort').length] as const,
        ),
        ...stores.map((store) => [STORED, store.list().length] as const),
        ...gauges.flatMap(([name, read]) => [...read()].map(([, count]) => [name, count] as const)),
      ]),
  }
}

function summed(entries: readonly (readonly [string, number])[]): Holdings {
  const sums = new Map<string, number>()
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count)
  return sums
}

/** Where the operator's own code made a collection; undefined: it was not the operator's code. */
function placeIn({ stack = '' }: Error): string | undefined {
  const [, , caller = ''] = stack.split('\n').filter((line) => line.startsWith('    at '))
  return /\/(src\/[^?:)]+:\d+)/.exec(caller)?.[1]
}

/** Runs `birth` while the global `Map` and `Set` tell of each that is made. It must not wait for anything. */
function noting<T>(birth: () => T, note: (collection: Made['collection']) => void): T {
  const { Map: OwnMap, Set: OwnSet } = globalThis
  globalThis.Map = class Map<K, V> extends OwnMap<K, V> {
    constructor(entries?: Iterable<readonly [K, V]> | null) {
      super(entries)
      note(this)
    }
  } as MapConstructor
  globalThis.Set = class Set<T> extends OwnSet<T> {
    constructor(values?: Iterable<T> | null) {
      super(values)
      note(this)
    }
  }
  try {
    return birth()
  } finally {
    Object.assign(globalThis, { Map: OwnMap, Set: OwnSet })
  }
}
