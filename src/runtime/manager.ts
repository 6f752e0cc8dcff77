import { Failure } from '../core/failure.ts'
import type { Clock, Logger } from '../core/ports.ts'
import type { Controller } from './controller.ts'
import type { Informer } from './informer.ts'
import type { Elector } from './leader.ts'

/** How long the caches may take to fill, as in controller-runtime. */
const SYNC_SECONDS = 120
/** A silent watch is begun anew after 100 s; if that has not worked by now, we do not know what users want. */
const STALE_SECONDS = 180
/** For what is left to say after the workers are gone. */
const FAREWELL_SECONDS = 5

export interface ManagerOptions {
  readonly informers: readonly Informer[]
  readonly controllers: readonly Controller[]
  /** Absent: works without a lease. */
  readonly elector?: Elector | undefined
  /** Writes what is still to be written (events) when the work is over. */
  readonly flush: (signal: AbortSignal) => Promise<void>
  /** How long passes in progress may take on shutdown. Default 30. */
  readonly drainSeconds?: number | undefined
  readonly clock: Clock
  readonly log: Logger
}

/**
 * The life of the operator.
 *
 * Flow: stores fill → the lease is won → workers start → (stop) → no new passes, those in progress get time to end →
 * events are flushed → the lease is released → the watches end. Errors: `run` throws `Failure` when the stores do not
 * fill in time or leadership is lost; the process should exit then.
 */
export class Manager {
  readonly #options: ManagerOptions

  constructor(options: ManagerOptions) {
    this.#options = options
  }

  /** Whether every store is filled: a standby is ready as well. */
  isReady(): boolean {
    return this.#options.informers.every((informer) => informer.hasSynced())
  }

  /** Whether no store has been without news for minutes. */
  isUpToDate(): boolean {
    return this.#options.informers.every((informer) => informer.silentSeconds() < STALE_SECONDS)
  }

  /** Whether all workers are free or about to be. */
  isWorking(): boolean {
    return this.#options.controllers.every((controller) => !controller.isStuck())
  }

  /** Resolves when all is over after `stop` fired. */
  async run(stop: AbortSignal): Promise<void> {
    const { informers, log } = this.#options
    const watching = new AbortController()
    const watches = informers.map((informer) => informer.run(watching.signal))
    try {
      const hasBegun = (await this.#untilSynced(stop)) && (await this.#untilLeading(stop))
      if (!hasBegun) return
      log.info({ controllers: this.#options.controllers.map(({ name }) => name) }, 'started')
      await this.#work(stop)
    } finally {
      watching.abort()
      await Promise.all(watches)
    }
  }

  async #untilSynced(stop: AbortSignal): Promise<boolean> {
    const { informers, clock, log } = this.#options
    const all = Promise.all(informers.map(({ synced }) => synced))
    const result = await within(SYNC_SECONDS, all, { clock, stop })
    if (stop.aborted) return false
    if (result === 'done') {
      log.info({ objects: informers.reduce((sum, { store }) => sum + store.list().length, 0) }, 'stores are filled')
      return true
    }
    throw new Failure('timeout', 'fill stores', { message: `the stores were not filled in ${SYNC_SECONDS} s` })
  }

  async #untilLeading(stop: AbortSignal): Promise<boolean> {
    try {
      await this.#options.elector?.acquire(stop)
      return true
    } catch (error) {
      if (stop.aborted) return false
      throw error
    }
  }

  /** Leads, works, and gives back what it has. */
  async #work(stop: AbortSignal): Promise<void> {
    const { elector, controllers } = this.#options
    const holding = new AbortController()
    const aborting = new AbortController()
    const stopping = new AbortController()
    const onStop = (): void => {
      stopping.abort(stop.reason)
    }
    if (stop.aborted) onStop()
    stop.addEventListener('abort', onStop, { once: true })

    const workers = Promise.all(controllers.map((each) => each.run(stopping.signal, aborting.signal)))
    const lost = elector?.hold(holding.signal).catch((error: unknown) => {
      // What is in flight may overlap with the next leader's work: cut it at once.
      aborting.abort(error)
      stopping.abort(error)
      return error
    })
    await aborted(stopping.signal)
    await this.#drain(workers, aborting)
    await this.#limited(this.#options.flush)
    // Renewals stop last, so that nobody else leads while we still speak.
    holding.abort()
    const failure = await lost
    if (failure instanceof Error) throw failure
    if (elector !== undefined) await this.#limited((signal) => elector.release(signal))
    this.#options.log.info({}, 'stopped')
  }

  async #drain(workers: Promise<unknown>, aborting: AbortController): Promise<void> {
    const { clock, log, drainSeconds = 30 } = this.#options
    const isOver = await within(drainSeconds, workers, { clock, stop: aborting.signal })
    if (isOver === 'done') return
    log.warn({ drainSeconds }, 'cutting passes in progress')
    aborting.abort(new Failure('aborted', 'drain'))
    await within(FAREWELL_SECONDS, workers, { clock, stop: never() })
  }

  async #limited(farewell: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const limit = new AbortController()
    const cancel = this.#options.clock.schedule(FAREWELL_SECONDS, () => {
      limit.abort(new Failure('timeout', 'shut down'))
    })
    await farewell(limit.signal)
    cancel()
  }
}

/** Whether `work` was done before the time was over or `stop` fired. Its errors are thrown. */
async function within(
  seconds: number,
  work: Promise<unknown>,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<'done' | 'not-done'> {
  const over = new AbortController()
  const onStop = (): void => {
    over.abort()
  }
  if (stop.aborted) onStop()
  stop.addEventListener('abort', onStop, { once: true })
  try {
    const patience = clock.sleep(seconds, over.signal).then(
      () => 'not-done' as const,
      () => 'not-done' as const,
    )
    return await Promise.race([work.then(() => 'done' as const), patience])
  } finally {
    stop.removeEventListener('abort', onStop)
    over.abort()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve()
      },
      { once: true },
    )
  })
}

function never(): AbortSignal {
  return new AbortController().signal
}
