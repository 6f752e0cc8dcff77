import { failureCodeFrom, type Failure } from '../core/failure.ts'
import type { Clock, Logger, Metrics, Random } from '../core/ports.ts'
import type { Cluster, KubeObject, ListOptions, ResourceType, WatchEvent } from './cluster.ts'
import { createDeadline } from './deadline.ts'
import { failureFromError } from './errors.ts'
import { createWatchMetrics, type WatchMetrics } from './watch-metrics.ts'

// The figures of client-go 1.36.
const PAGE_SIZE = 500
const FIRST_BACKOFF_SECONDS = 0.8
const LONGEST_BACKOFF_SECONDS = 30
const HEALTHY_SECONDS = 120
const SHORTEST_WATCH_SECONDS = 300
/** Bookmarks come about once a minute: who hears nothing for longer has a dead connection. */
const IDLE_SECONDS = 100
/** A server that ends watches faster than this is not well. */
const SUSPICIOUSLY_SHORT_SECONDS = 1

/** Where a reflector puts what it sees. Must not throw. */
export interface ReflectorSink {
  /** Makes an object small, as soon as it arrives. */
  prepare(object: KubeObject): KubeObject
  /** This is everything there is; given only when it is complete. */
  replace(objects: readonly KubeObject[]): void
  apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void
}

export interface ReflectorOptions {
  readonly cluster: Pick<Cluster, 'list' | 'watch'>
  readonly type: ResourceType
  readonly selection?: ListOptions
  readonly sink: ReflectorSink
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

/**
 * Keeps a sink equal to what the API server holds.
 *
 * Flow: a list in pages, then watches from its version on, each from where the last one ended. Guarantees: no error of
 * server or network ends it; every failure costs a growing pause; only an expired version costs a new list; a silent
 * connection is cut. Assumes that bookmarks are served (they are, since Kubernetes 1.17).
 */
export class Reflector {
  readonly #options: ReflectorOptions
  readonly #operation: string
  readonly #metrics: WatchMetrics
  /** Version up to which the sink is complete; undefined: it has to be listed. */
  #version: string | undefined
  /** Failures since the watch was last healthy. */
  #failures = 0
  /** The server turned a page too late for its own token: next time everything at once. */
  #mayPage = true

  constructor(options: ReflectorOptions) {
    this.#options = options
    this.#operation = `WATCH ${options.type.plural}`
    this.#metrics = createWatchMetrics(options.metrics, options.type.plural, options.clock)
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitSeconds = await this.#follow(signal)
      if (waitSeconds > 0) await this.#options.clock.sleep(waitSeconds, signal).catch(() => {})
    }
  }

  /** One list, if there has to be one, and one watch; answers how long to wait before the next. */
  async #follow(signal: AbortSignal): Promise<number> {
    let watchedAt = Infinity
    const watchedSeconds = (): number => (this.#options.clock.now() - watchedAt) / 1000
    try {
      this.#version ??= await this.#list(signal)
      watchedAt = this.#options.clock.now()
      await this.#watch(this.#version, signal)
      this.#forgive(watchedSeconds())
      return watchedSeconds() < SUSPICIOUSLY_SHORT_SECONDS ? this.#backOff() : 0
    } catch (error) {
      this.#forgive(watchedSeconds())
      return signal.aborted ? 0 : this.#recover(failureFromError(this.#operation, error))
    }
  }

  #forgive(watchedSeconds: number): void {
    if (watchedSeconds >= HEALTHY_SECONDS) this.#failures = 0
  }

  #recover(failure: Failure): number {
    const { log, type } = this.#options
    if (failure.code === 'expired') this.#version = undefined
    const waitSeconds = Math.max(this.#backOff(), failure.retryAfterSeconds ?? 0)

    this.#metrics.failed(failure.code)
    const fields = { resource: type.plural, code: failure.code, waitSeconds, error: failure }
    if (failure.code === 'unexpected') log.error(fields, 'watch failed unexpectedly')
    else log.warn(fields, 'watch failed')
    return waitSeconds
  }

  /** Full jitter: after an outage all the watches of all the operators come back at different times. */
  #backOff(): number {
    const seconds = Math.min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** this.#failures)
    this.#failures += 1
    return seconds * this.#options.random.fraction()
  }

  /** Fills the sink; answers the version of what it got. Never from a cache of the server, which might go back in time. */
  async #list(signal: AbortSignal): Promise<string> {
    const { cluster, type, selection, sink } = this.#options
    const limit = this.#mayPage ? { limit: PAGE_SIZE } : {}
    const objects: KubeObject[] = []
    let page = await cluster.list(type, { ...selection, ...limit }, signal)
    for (;;) {
      for (const item of page.items) objects.push(sink.prepare(item))
      if (page.continue === undefined) break
      page = await this.#nextPage(page.continue, signal)
    }

    this.#mayPage = true
    this.#metrics.listed()
    sink.replace(objects)
    return page.resourceVersion
  }

  async #nextPage(token: string, signal: AbortSignal): ReturnType<Cluster['list']> {
    const { cluster, type, selection } = this.#options
    try {
      return await cluster.list(type, { ...selection, limit: PAGE_SIZE, continue: token }, signal)
    } catch (error) {
      if (failureCodeFrom(error) === 'expired') this.#mayPage = false
      throw error
    }
  }

  /** Follows one watch to its end. Throws `Failure`. */
  async #watch(version: string, signal: AbortSignal): Promise<void> {
    const { cluster, type, selection, clock, random } = this.#options
    const timeoutSeconds = Math.round(SHORTEST_WATCH_SECONDS * (1 + random.fraction()))
    const idle = createDeadline(this.#operation, IDLE_SECONDS, signal, clock)
    this.#metrics.connected()
    try {
      const options = { ...selection, resourceVersion: version, timeoutSeconds }
      for await (const event of cluster.watch(type, options, idle.signal)) {
        idle.touch()
        this.#metrics.heard()
        this.#take(event)
      }
      idle.signal.throwIfAborted()
    } finally {
      idle.end()
    }
  }

  #take(event: WatchEvent): void {
    if (event.type === 'BOOKMARK') {
      this.#version = event.resourceVersion
      return
    }
    this.#options.sink.apply(event.type, this.#options.sink.prepare(event.object))
    this.#version = event.object.metadata.resourceVersion ?? this.#version
  }
}
