import { Failure, type FailureCode } from '../core/failure.ts'
import type { Clock, Instant, Logger, Metrics, Random } from '../core/ports.ts'
import type { Cluster, KubeObject, ListOptions, ResourceType, WatchEvent, WatchOptions } from './cluster.ts'
import { createDeadline, type Deadline } from '../core/deadline.ts'
import { failureFromError } from './errors.ts'
import { InitialEvents, type Snapshot } from './initial-events.ts'
import { Pages } from './pages.ts'
import { createStreamingLists, type StreamingLists } from './streaming-lists.ts'
import { createWatchMetrics, type WatchMetrics } from './watch-metrics.ts'

// The figures of client-go 1.36.
const FIRST_BACKOFF_SECONDS = 0.8
const LONGEST_BACKOFF_SECONDS = 30
const HEALTHY_SECONDS = 120
const SHORTEST_WATCH_SECONDS = 300
/**
 * Bookmarks come about once a minute, where anything happens at all. Longer silence may be a dead connection or a quiet
 * cluster: a new watch tells.
 */
const IDLE_SECONDS = 100
/** A server that streams a list never pauses that long in it. */
const INITIAL_IDLE_SECONDS = 30
/** A server that ends watches faster than this is not well. */
const SUSPICIOUSLY_SHORT_SECONDS = 1
/** Streaming lists that fail in a row, for whatever reason, before pages get a try. */
const MOST_STREAMING_FAILURES = 3

/** The version is too old, or none of this server's any more: asking for it again would never help. */
const NEEDS_NEW_LIST: ReadonlySet<FailureCode> = new Set(['expired', 'invalid'])

/** Where a reflector puts what it sees. Must not throw. */
export interface ReflectorSink {
  /** Makes an object small, as soon as it arrives. */
  prepare(object: KubeObject): KubeObject
  /** This is everything there is; given only when it is complete. Nothing else is given before it resolves. */
  replace(objects: readonly KubeObject[]): Promise<void>
  apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void
  /** Resolves when others have had their turn, where it was time for that: asked after each event, of which many may wait. */
  breathe(): Promise<void>
}

export interface ReflectorOptions {
  readonly cluster: Pick<Cluster, 'list' | 'watch'>
  readonly type: ResourceType
  readonly selection?: ListOptions
  readonly sink: ReflectorSink
  /** What is known about the server; share it among all reflectors of one. */
  readonly streamingLists?: StreamingLists
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

/**
 * Keeps a sink equal to what the API server holds.
 *
 * Flow: a streaming list, or a list in pages where the server has none, then watches from its version on, each from where
 * the last one ended. Guarantees: no error of server or network ends it; every failure costs a growing pause; only a
 * version that the server does not know any more costs a new list; a silent connection is cut; the sink sees complete lists only.
 */
export class Reflector {
  readonly #options: ReflectorOptions
  readonly #operation: string
  readonly #metrics: WatchMetrics
  readonly #streamingLists: StreamingLists
  readonly #pages: Pages
  /** Version up to which the sink is complete; undefined: it has to be listed. */
  #version: string | undefined
  /** Failures since the watch was last healthy. */
  #failures = 0
  #heardAt: Instant

  constructor(options: ReflectorOptions) {
    const { type, clock, sink, streamingLists = createStreamingLists() } = options
    this.#options = options
    this.#operation = `WATCH ${type.plural}`
    this.#streamingLists = streamingLists
    this.#pages = new Pages({ ...options, prepare: (object) => sink.prepare(object) })
    this.#heardAt = clock.now()
    this.#metrics = createWatchMetrics(options.metrics, type.plural, () => this.silentSeconds())
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitSeconds = await this.#follow(signal)
      if (waitSeconds > 0) await this.#options.clock.sleep(waitSeconds, signal).catch(() => {})
    }
  }

  /** How long the server has said nothing: no event, no bookmark, no "yes" to a new watch. */
  silentSeconds(): number {
    return (this.#options.clock.now() - this.#heardAt) / 1000
  }

  /** One list, if there has to be one, and one watch; answers how long to wait before the next. */
  async #follow(signal: AbortSignal): Promise<number> {
    const isStreaming = this.#version === undefined && this.#mayStream()
    let watchedAt = Infinity
    const watchedSeconds = (): number => (this.#options.clock.now() - watchedAt) / 1000
    try {
      if (this.#version === undefined && !isStreaming) await this.#fill(await this.#pages.read(signal))
      watchedAt = this.#options.clock.now()
      await this.#watch(signal)
      this.#forgive(watchedSeconds())
      return watchedSeconds() < SUSPICIOUSLY_SHORT_SECONDS ? this.#backOff() : 0
    } catch (error) {
      this.#forgive(watchedSeconds())
      if (signal.aborted) return 0
      const failure = failureFromError(this.#operation, error)
      this.#metrics.failed(failure)
      return isStreaming && this.#meansPages(failure) ? this.#fallBack(failure) : this.#recover(failure)
    }
  }

  /** Whether a streaming list failed because there is none. What befalls a watch after its list says nothing of lists. */
  #meansPages({ code }: Failure): boolean {
    return this.#version === undefined && this.#streamingLists.failed(code)
  }

  #mayStream(): boolean {
    return this.#streamingLists.isServed() && this.#failures < MOST_STREAMING_FAILURES
  }

  #forgive(watchedSeconds: number): void {
    if (watchedSeconds >= HEALTHY_SECONDS) this.#failures = 0
  }

  /** Pages, at once: nothing is wrong. */
  #fallBack({ code, message }: Failure): number {
    const { log, type } = this.#options
    log.info({ resource: type.plural, code, answer: message }, 'the API server streams no lists, reading pages')
    return 0
  }

  #recover(failure: Failure): number {
    const { log, type } = this.#options
    if (NEEDS_NEW_LIST.has(failure.code)) this.#version = undefined
    const waitSeconds = Math.max(this.#backOff(), failure.retryAfterSeconds ?? 0)

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

  /** Follows one watch to its end; without a version it begins with a streaming list. Throws `Failure`. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { cluster, type, clock } = this.#options
    const initial = this.#version === undefined ? this.#initialEvents() : undefined
    const idle = createDeadline(this.#operation, initial ? INITIAL_IDLE_SECONDS : IDLE_SECONDS, signal, clock)
    let isOpen = false
    const onOpen = (): void => {
      isOpen = true
      this.#hear(idle)
    }
    this.#metrics.connected()
    try {
      for await (const event of cluster.watch(type, { ...this.#watchOptions(), onOpen }, idle.signal)) {
        await this.#take(event, initial)
        this.#hear(idle)
        await this.#options.sink.breathe()
      }
      idle.signal.throwIfAborted()
      if (this.#version === undefined) throw incomplete(this.#operation)
    } catch (error) {
      const isSilence = idle.signal.aborted && !signal.aborted
      if (!isSilence) throw error
      if (!isOpen || this.#version === undefined) throw silent(this.#operation)
      this.#metrics.wentSilent()
    } finally {
      idle.end()
    }
  }

  #initialEvents(): InitialEvents {
    return new InitialEvents((object) => this.#options.sink.prepare(object))
  }

  #watchOptions(): WatchOptions {
    const { selection, random } = this.#options
    const timeoutSeconds = Math.round(SHORTEST_WATCH_SECONDS * (1 + random.fraction()))
    if (this.#version !== undefined) return { ...selection, resourceVersion: this.#version, timeoutSeconds }
    return { ...selection, resourceVersion: '', sendInitialEvents: true, timeoutSeconds }
  }

  #hear(idle: Deadline): void {
    idle.touch()
    if (this.#version !== undefined) idle.extendTo(IDLE_SECONDS)
    this.#heardAt = this.#options.clock.now()
  }

  /** Until the sink has been filled for the first time, `initial` gets what arrives. */
  async #take(event: WatchEvent, initial: InitialEvents | undefined): Promise<void> {
    if (this.#version === undefined) {
      const snapshot = initial?.take(event)
      if (snapshot !== undefined) await this.#fill(snapshot)
    } else if (event.type === 'BOOKMARK') {
      this.#version = event.resourceVersion
    } else {
      this.#options.sink.apply(event.type, this.#options.sink.prepare(event.object))
      this.#version = event.object.metadata.resourceVersion ?? this.#version
    }
  }

  async #fill({ resourceVersion, objects }: Snapshot): Promise<void> {
    await this.#options.sink.replace(objects)
    this.#version = resourceVersion
    this.#heardAt = this.#options.clock.now()
    this.#metrics.listed()
  }
}

function silent(operation: string): Failure {
  return new Failure('timeout', operation, { message: `${operation} failed: the server does not answer` })
}

/** Not an error of the network, which would have said so: the server has no notion of where the list ends. */
function incomplete(operation: string): Failure {
  return new Failure('timeout', operation, { message: `${operation} failed: the streaming list was never complete` })
}
