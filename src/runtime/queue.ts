import type { Cancel, Clock, Instant, Random } from '../core/ports.ts'
import { Backoff } from './backoff.ts'
import { Heap } from './heap.ts'

/**
 * How long one point of priority can hold back a key. A key from the first list (-100) waits at most
 * 200 × 0.3 s = 60 s behind a stream of users' changes (100): low priority is slower, never starved.
 */
const AGEING_SECONDS_PER_POINT = 0.3

export interface QueueOptions {
  readonly clock: Clock
  readonly random: Random
  readonly backoff?: { readonly firstSeconds?: number; readonly longestSeconds?: number }
}

export interface AddOptions {
  /** Higher first, see `PRIORITY`. */
  readonly priority: number
  /** Not before this time has passed. Default 0. */
  readonly afterSeconds?: number
}

export interface Taken {
  readonly key: string
  readonly priority: number
  /** How long the key was ready before a worker took it. */
  readonly waitedSeconds: number
}

/** What is known of a key that is waiting for a worker; merged from every `add` since it was last taken. */
interface Item {
  readonly key: string
  priority: number
  dueAt: Instant
  readyAt: Instant
  /** Place in the line: the smaller, the sooner. Fixed when the item gets ready, so ageing costs nothing. */
  rank: number
  sequence: number
}

/**
 * A deduplicating queue of keys.
 *
 * Guarantees: a key is never at two workers; a key added while it is worked on is handed out again afterwards; of several
 * adds the highest priority and the shortest delay count; inside a level of priority, first come first served.
 */
export class Queue {
  readonly #clock: Clock
  readonly #backoff: Backoff
  readonly #items = new Map<string, Item>()
  readonly #ready = new Heap<Item>((a, b) => (a.rank === b.rank ? a.sequence < b.sequence : a.rank < b.rank))
  readonly #delayed = new Heap<Item>((a, b) => (a.dueAt === b.dueAt ? a.sequence < b.sequence : a.dueAt < b.dueAt))
  readonly #processing = new Set<string>()
  readonly #waiters = new Set<(taken: Taken | undefined) => void>()
  #sequence = 0
  #cancelTimer: Cancel = () => {}
  #timerAt: Instant = Infinity
  #closed = false

  constructor({ clock, random, backoff = {} }: QueueOptions) {
    this.#clock = clock
    this.#backoff = new Backoff({ random, ...backoff })
  }

  add(key: string, { priority, afterSeconds = 0 }: AddOptions): void {
    if (this.#closed) return
    const dueAt = this.#clock.now() + Math.max(0, afterSeconds) * 1000
    const known = this.#items.get(key)
    if (known === undefined) this.#insert(key, priority, dueAt)
    else this.#merge(known, priority, dueAt)
    this.#handOut()
  }

  /** Adds `key` after its back-off, and not before `minimumSeconds`. */
  retry(key: string, { priority, minimumSeconds }: { priority: number; minimumSeconds: number }): void {
    this.add(key, { priority, afterSeconds: Math.max(minimumSeconds, this.#backoff.nextSeconds(key)) })
  }

  /** Ends the back-off of `key`: its last pass succeeded. */
  forget(key: string): void {
    this.#backoff.forget(key)
  }

  /** How often `key` failed in a row. */
  failures(key: string): number {
    return this.#backoff.failures(key)
  }

  /** The next key, if one is ready: costs far less than `take`, which has to be able to wait. Give it back with `done`. */
  takeReady(): Taken | undefined {
    const item = this.#closed ? undefined : this.#ready.pop()
    return item && this.#takeOut(item)
  }

  /** The next key; undefined once the queue is closed or the signal has fired. Give it back with `done`. */
  take(signal: AbortSignal): Promise<Taken | undefined> {
    if (this.#closed || signal.aborted) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<Taken | undefined>()
    const onAbort = (): void => {
      this.#waiters.delete(waiter)
      resolve(undefined)
    }
    const waiter = (taken: Taken | undefined): void => {
      signal.removeEventListener('abort', onAbort)
      resolve(taken)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#waiters.add(waiter)
    this.#handOut()
    return promise
  }

  /** The worker is through with `key`. */
  done(key: string): void {
    this.#processing.delete(key)
    const again = this.#items.get(key)
    if (again !== undefined && !this.#isDelayed(again)) this.#ready.push(again)
    this.#handOut()
  }

  /** Takes nothing in and hands nothing out any more; work in progress may still be given back. */
  close(): void {
    this.#closed = true
    this.#cancelTimer()
    for (const waiter of this.#waiters) waiter(undefined)
    this.#waiters.clear()
  }

  /** Number of keys that wait for a worker, by priority; those delayed or still in work do not count. */
  depths(): ReadonlyMap<number, number> {
    const depths = new Map<number, number>()
    for (const item of this.#items.values()) {
      const isReady = !this.#isDelayed(item) && !this.#processing.has(item.key)
      if (isReady) depths.set(item.priority, (depths.get(item.priority) ?? 0) + 1)
    }
    return depths
  }

  #isDelayed(item: Item): boolean {
    return item.dueAt > item.readyAt
  }

  #insert(key: string, priority: number, dueAt: Instant): void {
    this.#sequence += 1
    const item: Item = { key, priority, dueAt, readyAt: -Infinity, rank: 0, sequence: this.#sequence }
    this.#items.set(key, item)
    this.#place(item)
  }

  #merge(item: Item, priority: number, dueAt: Instant): void {
    if (priority <= item.priority && dueAt >= item.dueAt) return
    this.#ready.remove(item)
    this.#delayed.remove(item)
    item.priority = Math.max(priority, item.priority)
    item.dueAt = Math.min(dueAt, item.dueAt)
    this.#place(item)
  }

  /** Into the line of delayed keys, the line of ready ones, or (while the key is worked on) into neither. */
  #place(item: Item): void {
    const now = this.#clock.now()
    if (item.dueAt > now) {
      this.#delayed.push(item)
      this.#armTimer()
      return
    }
    this.#makeReady(item, now)
    if (!this.#processing.has(item.key)) this.#ready.push(item)
    this.#armTimer()
  }

  #makeReady(item: Item, now: Instant): void {
    const rank = now - item.priority * AGEING_SECONDS_PER_POINT * 1000
    const wasReady = item.readyAt >= item.dueAt
    // A key whose priority was raised joins the end of its new level, and never loses the place that it had.
    item.rank = wasReady ? Math.min(item.rank, rank) : rank
    item.readyAt = wasReady ? item.readyAt : now
    this.#sequence += 1
    item.sequence = this.#sequence
  }

  #armTimer(): void {
    const next = this.#delayed.peek()
    if (next !== undefined && next.dueAt >= this.#timerAt) return
    this.#cancelTimer()
    this.#timerAt = next?.dueAt ?? Infinity
    if (next === undefined) return
    this.#cancelTimer = this.#clock.schedule((next.dueAt - this.#clock.now()) / 1000, () => {
      this.#timerAt = Infinity
      this.#promoteDue()
    })
  }

  #promoteDue(): void {
    const now = this.#clock.now()
    for (let item = this.#delayed.peek(); item !== undefined && item.dueAt <= now; item = this.#delayed.peek()) {
      this.#delayed.pop()
      this.#place(item)
    }
    this.#armTimer()
    this.#handOut()
  }

  #handOut(): void {
    for (const waiter of this.#waiters) {
      const item = this.#ready.pop()
      if (item === undefined) return
      this.#waiters.delete(waiter)
      waiter(this.#takeOut(item))
    }
  }

  #takeOut({ key, priority, readyAt }: Item): Taken {
    this.#items.delete(key)
    this.#processing.add(key)
    return { key, priority, waitedSeconds: (this.#clock.now() - readyAt) / 1000 }
  }
}
