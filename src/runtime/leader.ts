import { Failure, failureCodeFrom } from '../core/failure.ts'
import type { Clock, Counter, Gauge, Instant, Logger, Metrics, Random } from '../core/ports.ts'
import type { LeaseClient, ReadLease } from '../kube/lease.ts'

// The figures of client-go: a lease of 15 s, given up when it could not be renewed for 10 s, tried every 2 s.
const LEASE_SECONDS = 15
const RENEW_SECONDS = 10
const RETRY_SECONDS = 2
/** Of the time to renew in, one attempt may take a third: a connection that has vanished must not cost the lease. */
const ATTEMPT_SECONDS = RENEW_SECONDS / 3
/** Until a renewal that failed is tried again. */
const FAILED_SECONDS = 0.5
/** How often a standby looks whether the lease is free: it is to lead within two seconds of a release. */
const LOOK_SECONDS = 1
/** client-go's jitter of acquiring, so that candidates do not all ask at once. */
const RETRY_JITTER = 1.2
/** An AWS call that starts later might still be on its way when somebody else leads. */
const NO_WRITE_SECONDS = 5

export interface ElectorOptions {
  readonly lease: LeaseClient
  /** Unique to this process: host name and a UUID. */
  readonly identity: string
  /** Name of the lease, for the metric. */
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

/** Whose the lease is after an attempt to get it; `failed`: nobody knows. */
type Attempt = 'ours' | 'taken' | 'failed'

/**
 * Makes sure that one operator works at a time.
 *
 * Flow: `acquire`, then `hold` beside the work, then `release`. Guarantees, as long as clocks run at about the same speed:
 * two never lead at once. Remote times are never compared with ours: a lease is free once we have seen it unchanged for as
 * long as it lasts. A process that was stopped (garbage collection, a stalled event loop) finds out before it goes on.
 */
export class Elector {
  readonly #options: ElectorOptions
  readonly #status: Gauge
  readonly #slowPaths: Counter
  /** The lease as last seen, and when we first saw it like that. */
  #seen: { readonly lease: ReadLease; readonly at: Instant } | undefined
  /** When the last successful write was begun: the lease lasts from then. */
  #renewedAt: Instant = -Infinity
  #isHolder = false

  constructor(options: ElectorOptions) {
    this.#options = options
    this.#status = options.metrics.gauge({
      name: 'leader_election_master_status',
      help: 'Whether this process leads: 1 or 0.',
      labels: ['name'],
    })
    this.#slowPaths = options.metrics.counter({
      name: 'leader_election_slowpath_total',
      help: 'Renewals that had to read the lease first, because somebody else had written it.',
      labels: ['name'],
    })
    this.#slowPaths.add({ name: options.name }, 0)
    this.#setHolder(false)
  }

  /** Whether the lease is ours, by our own clock. */
  isLeading(): boolean {
    return this.#isHolder && this.#secondsSinceRenewal() < LEASE_SECONDS
  }

  /** Whether a write that begins now is sure to be over before anybody else may lead. */
  mayStartWrite(): boolean {
    return this.#isHolder && this.#secondsSinceRenewal() < LEASE_SECONDS - NO_WRITE_SECONDS
  }

  /** Resolves when we lead; rejects only when the signal fires. */
  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, log, identity } = this.#options
    for (;;) {
      const result = await this.#try(signal)
      if (result === 'ours') break
      await clock.sleep(this.#pauseSeconds(result), signal)
    }
    log.info({ identity }, 'leading')
  }

  /** A look is one cheap read; a server that fails is left alone for longer. */
  #pauseSeconds(result: 'taken' | 'failed'): number {
    const fraction = this.#options.random.fraction()
    return result === 'taken' ? LOOK_SECONDS * (0.5 + fraction / 2) : RETRY_SECONDS * (1 + RETRY_JITTER * fraction)
  }

  /** Renews until the signal fires. Throws `Failure` as soon as leadership is lost or in doubt: stop everything then. */
  async hold(signal: AbortSignal): Promise<void> {
    let result: Attempt = 'ours'
    while (!signal.aborted) {
      const pauseSeconds = result === 'ours' ? RETRY_SECONDS : FAILED_SECONDS
      await this.#options.clock.sleep(pauseSeconds, signal).catch(() => {})
      if (signal.aborted) return
      // Checked before asking: after a stall the answer could be yes, and our work still overlap with somebody else's.
      this.#assertInTime()
      result = await this.#try(signal)
      if (signal.aborted) return
      if (result !== 'ours') this.#assertNotTaken()
      this.#assertInTime()
    }
  }

  /** Lets the next candidate lead at once. Never throws: the lease ends by itself. */
  async release(signal: AbortSignal): Promise<void> {
    const { lease: client, clock, log } = this.#options
    const held = this.#seen?.lease
    if (!this.isLeading() || held === undefined) return
    this.#setHolder(false)
    try {
      const now = clock.now()
      const free = { ...held, holderIdentity: '', leaseDurationSeconds: 1, renewTime: now, acquireTime: now }
      await client.update(free, RENEW_SECONDS / 2, signal)
    } catch (error) {
      log.warn({ error }, 'could not release the lease')
    }
  }

  /** One attempt to get or renew the lease. */
  async #try(signal: AbortSignal): Promise<Attempt> {
    const { log } = this.#options
    try {
      return await this.#claim(signal)
    } catch (error) {
      const code = failureCodeFrom(error)
      const isRace = code === 'conflict' || code === 'already-exists'
      if (isRace && this.#isHolder) return this.#reclaim(signal)
      if (!isRace && !signal.aborted) log.warn({ error, code }, 'could not get or renew the lease')
      return isRace ? 'taken' : 'failed'
    }
  }

  /** Somebody touched our lease, or an answer was lost: what is written in it now? */
  async #reclaim(signal: AbortSignal): Promise<Attempt> {
    this.#slowPaths.add({ name: this.#options.name })
    this.#seen = undefined
    try {
      return await this.#claim(signal)
    } catch (error) {
      if (!signal.aborted) this.#options.log.warn({ error }, 'could not renew a lease that somebody touched')
      return 'failed'
    }
  }

  async #claim(signal: AbortSignal): Promise<Attempt> {
    const begunAt = this.#options.clock.now()
    const written = await this.#write(begunAt, signal)
    if (written === undefined) return 'taken'
    this.#see(written)
    this.#renewedAt = begunAt
    this.#setHolder(true)
    return 'ours'
  }

  /** Writes our claim, if there is nobody else to respect; undefined: there is. */
  async #write(now: Instant, signal: AbortSignal): Promise<ReadLease | undefined> {
    const { lease: client, identity } = this.#options
    const deadlineSeconds = this.#deadlineSeconds()
    // While it is ours nobody else writes it: no need to read it every time.
    const known = this.#isHolder ? this.#seen?.lease : undefined
    const current = known ?? (await client.read(deadlineSeconds, signal))
    const claim = { holderIdentity: identity, leaseDurationSeconds: LEASE_SECONDS, acquireTime: now, renewTime: now }
    if (current === undefined) return client.create({ ...claim, leaseTransitions: 0 }, deadlineSeconds, signal)

    this.#see(current)
    if (current.holderIdentity === identity) {
      const { acquireTime, leaseTransitions } = current
      return client.update({ ...current, ...claim, acquireTime, leaseTransitions }, deadlineSeconds, signal)
    }
    if (!this.#isFree(current)) return undefined
    return client.update(
      { ...current, ...claim, leaseTransitions: current.leaseTransitions + 1 },
      deadlineSeconds,
      signal,
    )
  }

  #isFree({ holderIdentity, leaseDurationSeconds }: ReadLease): boolean {
    if (holderIdentity === '') return true
    const unchangedSeconds = (this.#options.clock.now() - (this.#seen?.at ?? Infinity)) / 1000
    return unchangedSeconds > leaseDurationSeconds
  }

  #see(lease: ReadLease): void {
    if (this.#seen?.lease.version !== lease.version) this.#seen = { lease, at: this.#options.clock.now() }
  }

  /** A holder has only so long, but a second at least. */
  #deadlineSeconds(): number {
    if (!this.#isHolder) return RENEW_SECONDS / 2
    return Math.max(1, Math.min(ATTEMPT_SECONDS, RENEW_SECONDS - this.#secondsSinceRenewal()))
  }

  #assertInTime(): void {
    const seconds = this.#secondsSinceRenewal()
    if (seconds <= RENEW_SECONDS) return
    this.#setHolder(false)
    throw lost(`the lease was not renewed for ${Math.round(seconds)} s`)
  }

  #assertNotTaken(): void {
    const holder = this.#seen?.lease.holderIdentity
    if (holder === undefined || holder === this.#options.identity) return
    this.#setHolder(false)
    throw lost(holder === '' ? 'the lease was taken from us' : `the lease is held by ${holder}`)
  }

  #secondsSinceRenewal(): number {
    return (this.#options.clock.now() - this.#renewedAt) / 1000
  }

  #setHolder(isHolder: boolean): void {
    this.#isHolder = isHolder
    this.#status.set({ name: this.#options.name }, isHolder ? 1 : 0)
  }
}

function lost(why: string): Failure {
  return new Failure('conflict', 'hold lease', { message: `leadership lost: ${why}` })
}
