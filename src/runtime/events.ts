import { failureCodeFrom, type FailureCode } from '../core/failure.ts'
import type { Cancel, Clock, Counter, Instant, Logger, Metrics, Random } from '../core/ports.ts'
import type { Cluster, KubeObject, ResourceType } from '../kube/cluster.ts'
import { microTimeFrom } from '../kube/lease.ts'
import { Burst } from './burst.ts'
import type { EventRecorder, RecordedEvent } from './event-recorder.ts'

// client-go's figures: a queue of 1000, a series that ends after 6 quiet minutes and is written every 30.
const LONGEST_QUEUE = 1000
const SERIES_END_SECONDS = 360
const SERIES_REFRESH_SECONDS = 1800
const SWEEP_SECONDS = 60
/**
 * Events must not crowd out what they tell of: one costs the API server half as much as a change. So many go out at once,
 * then so many a second; the others wait in the queue.
 */
const MOST_AT_ONCE = 100
const PER_SECOND = 10
/** A write that fails three times is dropped: events are news, not state. */
const MOST_ATTEMPTS = 3
/** Limit of `events.k8s.io/v1` for `note`, in bytes. */
const LONGEST_NOTE = 1024

const EVENTS: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
}

export interface EventRecorderOptions {
  readonly cluster: Pick<Cluster, 'create' | 'mergePatch'>
  /** `longshore.dev/operator`: who reports, and the field manager. */
  readonly controller: string
  /** Which process of it: the pod's name. */
  readonly instance: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

/** An event that was said, maybe several times. */
interface Series {
  readonly event: RecordedEvent
  readonly name: string
  readonly firstAt: Instant
  lastAt: Instant
  count: number
  /** How much of `count` the API server knows; 0: the event is not there yet. */
  written: number
  writtenAt: Instant
  isQueued: boolean
}

interface TokenBucket {
  /** Less than none: somebody waits for one. */
  readonly left: number
  readonly at: Instant
}

/** An event recorder that can be asked to write what it still has. */
export interface FlushedEventRecorder extends EventRecorder {
  /** Resolves when everything is written, or soon after the signal fired. Call it once, at the end. */
  flush(signal: AbortSignal): Promise<void>
}

/** Writes `events.k8s.io/v1` events, sums up repetitions as series, and never makes anybody wait for it. */
export function createEventRecorder(options: EventRecorderOptions): FlushedEventRecorder {
  return new KubernetesEventRecorder(options)
}

class KubernetesEventRecorder implements FlushedEventRecorder {
  readonly #options: EventRecorderOptions
  readonly #dropped: Counter
  readonly #burst: Burst
  readonly #series = new Map<string, Series>()
  readonly #queue: Series[] = []
  readonly #stop = new AbortController()
  #writing: Promise<void> | undefined
  /** Fires when the process is about to end: nothing waits any more. */
  readonly #hurry = new AbortController()
  #tokens: TokenBucket
  #cancelSweep: Cancel | undefined

  constructor(options: EventRecorderOptions) {
    this.#options = options
    this.#burst = new Burst(options.clock)
    this.#tokens = { left: MOST_AT_ONCE, at: options.clock.now() }
    this.#dropped = options.metrics.counter({
      name: 'longshore_events_dropped_total',
      help: 'Events that were not written, by reason: burst, full, or the code of the failure.',
      labels: ['reason'],
    })
  }

  record(event: RecordedEvent): void {
    const now = this.#options.clock.now()
    const key = keyOfEvent(event)
    const known = this.#series.get(key)
    if (known !== undefined && secondsBetween(known.lastAt, now) < SERIES_END_SECONDS) {
      this.#repeat(known, now)
      return
    }
    if (!this.#burst.takes(event.regarding.metadata.uid ?? event.regarding.metadata.name)) {
      this.#dropped.add({ reason: 'burst' })
      return
    }
    const series = this.#begin(event, now)
    if (!this.#enqueue(series)) return
    this.#series.set(key, series)
    this.#armSweep()
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#cancelSweep?.()
    this.#hurry.abort()
    for (const series of this.#series.values()) if (series.count > series.written) this.#enqueue(series)
    const onAbort = (): void => {
      this.#stop.abort(signal.reason)
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    await this.#writing
    signal.removeEventListener('abort', onAbort)
  }

  #begin(event: RecordedEvent, now: Instant): Series {
    const suffix = this.#options.random.uuid().replaceAll('-', '').slice(-16)
    // A name has 253 characters at most; the object's own may have that many already.
    const name = `${event.regarding.metadata.name.slice(0, 200)}.${suffix}`
    return { event, name, firstAt: now, lastAt: now, count: 1, written: 0, writtenAt: now, isQueued: false }
  }

  #repeat(series: Series, now: Instant): void {
    series.count += 1
    series.lastAt = now
    // The first repetition is news; the others can wait for the next refresh.
    if (series.count === 2) this.#enqueue(series)
  }

  #enqueue(series: Series): boolean {
    if (series.isQueued) return true
    if (this.#queue.length >= LONGEST_QUEUE) {
      this.#dropped.add({ reason: 'full' })
      return false
    }
    series.isQueued = true
    this.#queue.push(series)
    this.#writing ??= this.#writeAll()
    return true
  }

  async #writeAll(): Promise<void> {
    // The caller of `record` goes on first.
    await Promise.resolve()
    for (let series = this.#queue.shift(); series !== undefined; series = this.#queue.shift()) {
      await this.#untilMayWrite()
      series.isQueued = false
      await this.#writePatiently(series)
    }
    this.#writing = undefined
  }

  async #untilMayWrite(): Promise<void> {
    const { clock } = this.#options
    const now = clock.now()
    const left = Math.min(MOST_AT_ONCE, this.#tokens.left + secondsBetween(this.#tokens.at, now) * PER_SECOND) - 1
    this.#tokens = { left, at: now }
    if (left < 0) await clock.sleep(-left / PER_SECOND, this.#hurry.signal).catch(() => {})
  }

  async #writePatiently(series: Series): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#write(series)
      if (failure === undefined) return
      const mayRetry = isPassing(failure) && attempt < MOST_ATTEMPTS && !this.#stop.signal.aborted
      if (!mayRetry) {
        this.#dropped.add({ reason: failure })
        return
      }
      await this.#options.clock.sleep(2 ** attempt, this.#stop.signal).catch(() => {})
    }
  }

  /** Answers the code of what went wrong. */
  async #write(series: Series): Promise<FailureCode | undefined> {
    const { count } = series
    try {
      if (series.written === 0) await this.#create(series)
      else await this.#update(series)
      series.written = count
      series.writtenAt = this.#options.clock.now()
      return undefined
    } catch (error) {
      const code = failureCodeFrom(error)
      this.#options.log.debug({ error, reason: series.event.reason }, 'event not written')
      // The API server forgets events after an hour: begin anew.
      if (code === 'not-found' && series.written > 0) {
        series.written = 0
        return 'unavailable'
      }
      if (code !== 'already-exists') return code
      // An answer got lost: the event is there.
      series.written = 1
      return undefined
    }
  }

  async #create(series: Series): Promise<void> {
    const { cluster, controller, instance } = this.#options
    const { event } = series
    const object: KubeObject & Readonly<Record<string, unknown>> = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: series.name, namespace: namespaceOf(event) },
      eventTime: microTimeFrom(series.firstAt),
      reportingController: controller,
      reportingInstance: instance,
      action: event.action,
      reason: event.reason,
      type: event.type,
      note: truncated(event.note),
      regarding: referenceTo(event.regarding),
      ...(series.count > 1 ? seriesOf(series) : {}),
    }
    await cluster.create(EVENTS, object, controller, this.#stop.signal)
  }

  async #update(series: Series): Promise<void> {
    const { cluster, controller } = this.#options
    const ref = { namespace: namespaceOf(series.event), name: series.name }
    await cluster.mergePatch(EVENTS, ref, { body: seriesOf(series), fieldManager: controller }, this.#stop.signal)
  }

  /** Only while there is something to sweep: who never works, as a standby, has nothing that keeps it from ending. */
  #armSweep(): void {
    if (this.#cancelSweep !== undefined || this.#hurry.signal.aborted) return
    this.#cancelSweep = this.#options.clock.schedule(SWEEP_SECONDS, () => {
      this.#cancelSweep = undefined
      this.#sweep()
      if (this.#series.size > 0) this.#armSweep()
    })
  }

  /** Writes how often series went on, and forgets those that ended. */
  #sweep(): void {
    const now = this.#options.clock.now()
    this.#burst.sweep()
    for (const [key, series] of this.#series) {
      const isOver = secondsBetween(series.lastAt, now) >= SERIES_END_SECONDS
      const isDue = isOver || secondsBetween(series.writtenAt, now) >= SERIES_REFRESH_SECONDS
      if (series.count > series.written && isDue) this.#enqueue(series)
      if (isOver) this.#series.delete(key)
    }
  }
}

function keyOfEvent({ regarding, type, reason, action, note }: RecordedEvent): string {
  const { uid, namespace, name } = regarding.metadata
  return JSON.stringify([uid ?? [regarding.kind, namespace, name], type, reason, action, note])
}

function isPassing(code: FailureCode): boolean {
  return code === 'unavailable' || code === 'timeout' || code === 'throttled'
}

/** Events about cluster-scoped objects live in `default`. */
function namespaceOf({ regarding }: RecordedEvent): string {
  return regarding.metadata.namespace ?? 'default'
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): object {
  const { namespace, name, uid, resourceVersion } = metadata
  return { apiVersion, kind, namespace, name, uid, resourceVersion }
}

function seriesOf({ count, lastAt }: Series): { readonly series: object } {
  return { series: { count, lastObservedTime: microTimeFrom(lastAt) } }
}

function truncated(note: string): string {
  const bytes = Buffer.from(note)
  if (bytes.length <= LONGEST_NOTE) return note
  // The cut may fall into a character: what is left of it goes.
  return `${bytes
    .subarray(0, LONGEST_NOTE - 3)
    .toString()
    .replace(/\uFFFD+$/, '')}…`
}

function secondsBetween(from: Instant, to: Instant): number {
  return (to - from) / 1000
}
