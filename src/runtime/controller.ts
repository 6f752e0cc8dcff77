import { Failure } from '../core/failure.ts'
import type { Clock, Logger, Metrics, Random } from '../core/ports.ts'
import { createDeadline } from '../core/deadline.ts'
import { createControllerMetrics, type ControllerMetrics, type PassResult } from './controller-metrics.ts'
import { createQueueMetrics, type QueueMetrics } from './queue-metrics.ts'
import { Queue, type AddOptions, type Taken } from './queue.ts'
import { PASS_SECONDS, type Reconcile, type ReconcileResult } from './reconcile.ts'
import type { Enqueue, Source } from './source.ts'
import type { Sweeper } from './sweeper.ts'
import { Slices } from './turn.ts'

export interface ControllerOptions {
  /** Label of its metrics and log lines: the kind, in lower case. */
  readonly name: string
  readonly reconcile: Reconcile
  readonly sources: readonly Source[]
  /**
   * What a pass over this key would come to, if that is known without one: most keys of the first list need nothing but a
   * date. Undefined, the default: a pass has to tell.
   */
  readonly foregone?: ((key: string, priority: number) => ReconcileResult | undefined) | undefined
  /** Whose turn comes here at all; default: everybody's. */
  readonly accepts?: ((key: string) => boolean) | undefined
  /** Works beside the passes. */
  readonly sweeper?: Sweeper | undefined
  /** Passes at the same time. Default 16. */
  readonly workers?: number
  /** How long one pass may take before its signal fires. Default `PASS_SECONDS`. */
  readonly timeoutSeconds?: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

/** A pass that has not ended so long after its signal fired never will. */
const GRACE_SECONDS = 60

/**
 * Feeds the keys of its sources to a reconcile function.
 *
 * Guarantees: at most one pass per key at a time; a key that failed comes again after its back-off; an exception is
 * logged as the bug it is and retried. Assumes that a pass ends soon after its signal fires.
 */
export class Controller {
  readonly name: string
  readonly #options: ControllerOptions
  readonly #queue: Queue
  readonly #queueMetrics: QueueMetrics
  readonly #metrics: ControllerMetrics
  readonly #log: Logger
  readonly #workers: number
  readonly #slices: Slices
  /** Passes that went on after their time and a grace. */
  #stuck = 0

  /** Keys are gathered from now on, passes begin with `run`. */
  constructor(options: ControllerOptions) {
    const { name, clock, log, metrics, workers = 16 } = options
    this.name = name
    this.#options = options
    this.#workers = workers
    this.#log = log.child({ controller: name })
    this.#queue = new Queue(options)
    this.#queueMetrics = createQueueMetrics(metrics, this.#queue, { name, clock })
    this.#metrics = createControllerMetrics(metrics, name, workers)
    this.#slices = new Slices(clock)
    for (const source of options.sources) {
      source.subscribe((key, add) => {
        this.enqueue(key, add)
      })
    }
  }

  enqueue(key: string, options: AddOptions): void {
    if (this.#options.accepts?.(key) === false) return
    this.#queueMetrics.added()
    this.#queue.add(key, options)
  }

  /** Whether every source has told what was there at first. */
  hasSynced(): boolean {
    return this.#options.sources.every((source) => source.hasSynced())
  }

  /** Whether a pass ignores that its time is over: its worker and its key are lost until the process starts anew. */
  isStuck(): boolean {
    return this.#stuck > 0
  }

  /**
   * Works until `stop` fires and the passes in progress are over; `abort` fires into those. Nothing is taken in after
   * that.
   */
  async run(stop: AbortSignal, abort: AbortSignal): Promise<void> {
    const enqueue: Enqueue = (key, options) => this.enqueue(key, options)
    const sweep = this.#options.sweeper?.run(enqueue, stop)
    await Promise.all([sweep, ...Array.from({ length: this.#workers }, () => this.#work(stop, abort))])
    this.#queue.close()
  }

  async #work(stop: AbortSignal, abort: AbortSignal): Promise<void> {
    for (;;) {
      const taken = (stop.aborted ? undefined : this.#queue.takeReady()) ?? (await this.#queue.take(stop))
      if (taken === undefined) return
      if (!this.#skip(taken)) await this.#pass(taken, abort)
      await this.#slices.breathe()
    }
  }

  /** Settles a key that needs no pass; answers whether it did. */
  #skip(taken: Taken): boolean {
    const result = this.#options.foregone?.(taken.key, taken.priority)
    if (result === undefined) return false
    this.#settle(taken, result)
    this.#queue.done(taken.key)
    return true
  }

  async #pass(taken: Taken, abort: AbortSignal): Promise<void> {
    const { clock, timeoutSeconds = PASS_SECONDS } = this.#options
    const startedAt = clock.now()
    const workDone = this.#queueMetrics.taken(taken)
    const passDone = this.#metrics.began()
    const deadline = createDeadline(`reconcile ${this.name}`, timeoutSeconds, abort, clock)

    const unwatch = this.#watchOver(taken.key, timeoutSeconds + GRACE_SECONDS)

    const result = await this.#reconcile(taken, deadline.signal)
    if (isTimeout(deadline.signal)) this.#metrics.timedOut()
    deadline.end()
    unwatch()
    passDone(this.#settle(taken, result), (clock.now() - startedAt) / 1000)
    workDone()
    this.#queue.done(taken.key)
  }

  /** Notices a pass that does not end; answers what to call when it has ended. */
  #watchOver(key: string, seconds: number): () => void {
    let isStuck = false
    const cancel = this.#options.clock.schedule(seconds, () => {
      isStuck = true
      this.#stuck += 1
      this.#log.error({ key, seconds }, 'pass does not end')
    })
    return () => {
      cancel()
      if (isStuck) this.#stuck -= 1
    }
  }

  async #reconcile({ key, priority }: Taken, signal: AbortSignal): Promise<ReconcileResult> {
    try {
      return await this.#options.reconcile(key, signal, priority)
    } catch (error) {
      // Cut by our own signal is no bug; all other failures a pass has to turn into a result itself.
      if (!signal.aborted) {
        this.#metrics.panicked()
        this.#log.error({ key, error }, 'pass threw')
      }
      return { type: 'retry', minimumSeconds: 0 }
    }
  }

  #settle({ key, priority }: Taken, result: ReconcileResult): PassResult {
    switch (result.type) {
      case 'done':
        this.#queue.forget(key)
        return 'success'
      case 'requeue-after':
        this.#queue.forget(key)
        this.#queue.add(key, { priority: result.priority, afterSeconds: result.seconds })
        return requeued(result)
      case 'retry':
        this.#queueMetrics.retried()
        this.#queue.retry(key, { priority, minimumSeconds: result.minimumSeconds })
        return 'error'
    }
  }
}

function requeued({ seconds, needsPerson = false }: ReconcileResult & { readonly type: 'requeue-after' }): PassResult {
  if (needsPerson) return 'terminal-error'
  return seconds === 0 ? 'requeue' : 'requeue_after'
}

function isTimeout(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof Failure && signal.reason.code === 'timeout'
}
