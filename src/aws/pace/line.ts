import { Failure } from '../../core/failure.ts'
import type { Owner } from '../../core/owner.ts'
import type { Cancel, Clock, Instant } from '../../core/ports.ts'
import type { Bucket } from './bucket.ts'
import type { Places } from './places.ts'
import { TurnOrder, URGENCIES, type Urgency } from './turn-order.ts'

/** Who makes calls: one object in one pass, or a sweep. A new pass is a new claimant with the same key. */
export interface Claimant {
  /** Keeps its place in the line from pass to pass. */
  readonly key: string
  readonly namespace: string
  readonly urgency: Urgency
  /** The object on whose behalf calls are made: to be named in the user agent, and woken when its turn has come. */
  readonly owner: Owner | undefined
  /** How long a call may wait where it is; when it would take longer, it fails and keeps its place. */
  readonly patienceSeconds: number
}

export interface LineOptions {
  readonly clock: Clock
  readonly bucket: Bucket
  /** Shared by all lines. */
  readonly places: Places
  /** The turn of this claimant, which went away, has come in every line: tokens are kept for it for a while. */
  readonly onTurn: (claimant: Claimant) => void
  readonly onAdmitted: (claimant: Claimant, waitedSeconds: number) => void
}

/** A place in the line. */
interface Claim {
  claimant: Claimant
  urgency: Urgency
  readonly namespace: string
  readonly since: Instant
  /** How many calls the claimant wanted to make in its last pass. */
  calls: number
  /** Those of its calls that wait where they are. */
  readonly waiters: Set<Waiter>
}

interface Waiter {
  readonly go: () => void
}

/** Tokens that are kept for a claimant until it comes back. */
interface Grant {
  readonly since: Instant
  tokens: number
  readonly cancelExpiry: Cancel
}

/** How long tokens are kept: more than a pass needs from being woken to its call. */
const KEPT_SECONDS = 30
/** Sweeps leave this part of the bucket to those who need a call now. */
const LEFT_BY_SWEEPS = 0.5
/** Timers are as exact as this. */
const SHORTEST_TIMER_SECONDS = 0.001

/**
 * Those who wait for a token of one bucket.
 *
 * Guarantees: no more calls than the bucket allows; turns in the order of `TurnOrder`; who goes away keeps its place, is
 * told when its turn has come, and finds its tokens kept for it. Errors: `paced`, with the time until the turn.
 */
export class Line {
  readonly #options: LineOptions
  readonly #order = new TurnOrder<Claim>()
  readonly #claims = new Map<string, Claim>()
  readonly #grants = new Map<string, Grant>()
  #cancelTimer: Cancel = () => {}

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** Resolves when one call may go out. */
  async admit(claimant: Claimant, operation: string, signal: AbortSignal): Promise<void> {
    if (this.#useGrant(claimant) || this.#takeNow(claimant)) return
    const claim = this.#join(claimant)
    if (this.#useGrant(claimant)) return
    const seconds = this.#secondsUntilTurn(claim)
    if (seconds > claimant.patienceSeconds) throw this.#refusal(operation, seconds)
    await this.#wait(claim, operation, signal)
  }

  /** AWS throttled a call of this claimant, which goes back to the line. Answers the seconds until its turn. */
  throttled(claimant: Claimant): number {
    this.#options.bucket.cut(this.#now())
    return this.#secondsUntilTurn(this.#join(claimant))
  }

  /** How many wait, by urgency. */
  waiting(): readonly (readonly [Urgency, number])[] {
    return URGENCIES.map((urgency) => [urgency, this.#order.size(urgency)])
  }

  /** Calls a second at the moment. */
  perSecond(): number {
    return this.#options.bucket.perSecond(this.#now())
  }

  #useGrant(claimant: Claimant): boolean {
    const grant = this.#grants.get(claimant.key)
    if (grant === undefined) return false
    grant.tokens -= 1
    if (grant.tokens === 0) {
      grant.cancelExpiry()
      this.#grants.delete(claimant.key)
    }
    this.#admitted(claimant, grant.since)
    return true
  }

  #takeNow(claimant: Claimant): boolean {
    const { bucket } = this.#options
    const { urgency } = claimant
    if (this.#order.hasBefore(urgency) || this.#secondsUntil(1 + this.#left(urgency)) > 0) return false
    bucket.take(1, this.#now())
    this.#order.passed(urgency)
    this.#admitted(claimant, this.#now())
    return true
  }

  /** What has to be left in the bucket for others. */
  #left(urgency: Urgency): number {
    const { burst } = this.#options.bucket
    return urgency === 'sweep' && Number.isFinite(burst) ? burst * LEFT_BY_SWEEPS : 0
  }

  /** One call more in the line, at the place that the claimant has in it already. */
  #join(claimant: Claimant): Claim {
    const { key, namespace, urgency } = claimant
    const known = this.#claims.get(key)
    const claim = known ?? { claimant, urgency, namespace, since: this.#now(), calls: 0, waiters: new Set() }
    if (known === undefined) this.#enter(claim)
    if (claim.claimant !== claimant) claim.calls = claim.waiters.size
    claim.claimant = claimant
    claim.calls += 1

    if (known !== undefined && isMoreUrgent(urgency, known.urgency)) this.#order.delete(known)
    if (known === undefined || isMoreUrgent(urgency, known.urgency)) {
      claim.urgency = urgency
      this.#order.add(claim)
    }
    this.#handOut()
    return claim
  }

  #enter(claim: Claim): void {
    this.#claims.set(claim.claimant.key, claim)
    this.#options.places.joined(claim.claimant.key)
  }

  #leave({ claimant: { key } }: Claim): void {
    this.#claims.delete(key)
    this.#options.places.left(key)
  }

  #secondsUntilTurn(claim: Claim): number {
    const tokens = this.#order.ahead(claim) + claim.calls + this.#left(claim.urgency)
    return this.#options.bucket.secondsUntil(tokens, this.#now())
  }

  /** Until the bucket holds so many tokens, or is full. */
  #secondsUntil(tokens: number): number {
    const { bucket } = this.#options
    return bucket.secondsUntil(Math.min(tokens, bucket.burst), this.#now())
  }

  /** What does not fit into the bucket at once comes in another turn. */
  #tokensFor({ calls }: Claim): number {
    return Math.min(calls, Math.max(1, Math.floor(this.#options.bucket.burst)))
  }

  #refusal(operation: string, seconds: number): Failure {
    const at = new Date(this.#now() + seconds * 1000).toISOString()
    const message = `${operation} waits for its turn within the request rate of AWS, expected at about ${at.slice(0, 18)}0Z`
    return new Failure('paced', operation, { message, retryAfterSeconds: seconds })
  }

  /** Waits in place, as long as patience lasts. */
  #wait(claim: Claim, operation: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { go: resolve }
    claim.waiters.add(waiter)
    const { claimant } = claim
    const cancel = this.#options.clock.schedule(claimant.patienceSeconds, () => {
      // Its place in the line stays.
      if (claim.waiters.delete(waiter)) reject(this.#refusal(operation, this.#secondsUntilTurn(claim)))
    })
    const onAbort = (): void => {
      if (!claim.waiters.delete(waiter)) return
      claim.calls -= 1
      if (claim.calls === 0) {
        this.#order.delete(claim)
        this.#leave(claim)
      }
      reject(new Failure('aborted', operation, { cause: signal.reason }))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return promise.finally(() => {
      cancel()
      signal.removeEventListener('abort', onAbort)
    })
  }

  /** Gives turns as long as there are tokens, and comes back when there are some again. */
  #handOut(): void {
    this.#cancelTimer()
    const { bucket, clock } = this.#options
    for (let claim = this.#order.next(); claim !== undefined; claim = this.#order.next()) {
      const left = this.#order.isOverdue(claim) ? 0 : this.#left(claim.urgency)
      const tokens = this.#tokensFor(claim)
      const seconds = this.#secondsUntil(tokens + left)
      if (seconds > 0) {
        this.#cancelTimer = clock.schedule(Math.max(SHORTEST_TIMER_SECONDS, seconds), () => this.#handOut())
        return
      }
      bucket.take(tokens, this.#now())
      this.#grant(claim, tokens)
    }
  }

  #grant(claim: Claim, tokens: number): void {
    const { claimant, waiters, since } = claim
    const going = [...waiters].slice(0, tokens)
    this.#order.served(claim)
    this.#leave(claim)
    for (const waiter of going) {
      waiters.delete(waiter)
      this.#admitted(claimant, since)
      waiter.go()
    }
    if (tokens > going.length) this.#keep(claimant, tokens - going.length, since)
    if (waiters.size === 0) return
    claim.calls = waiters.size
    this.#enter(claim)
    this.#order.add(claim)
  }

  /** For a claimant that went away. */
  #keep(claimant: Claimant, tokens: number, since: Instant): void {
    const { places, onTurn } = this.#options
    const { key } = claimant
    const before = this.#grants.get(key)
    before?.cancelExpiry()
    const cancelExpiry = this.#expireLater(key)
    this.#grants.set(key, { tokens: tokens + (before?.tokens ?? 0), since, cancelExpiry })
    if (!places.isWaiting(key)) onTurn(claimant)
  }

  /** What is not fetched in time goes back, unless the claimant cannot come yet because it waits in another line. */
  #expireLater(key: string): Cancel {
    const { clock, bucket, places } = this.#options
    return clock.schedule(KEPT_SECONDS, () => {
      const grant = this.#grants.get(key)
      if (grant === undefined) return
      if (places.isWaiting(key)) {
        this.#grants.set(key, { ...grant, cancelExpiry: this.#expireLater(key) })
        return
      }
      this.#grants.delete(key)
      bucket.give(grant.tokens, this.#now())
      this.#handOut()
    })
  }

  #admitted(claimant: Claimant, since: Instant): void {
    this.#options.onAdmitted(claimant, (this.#now() - since) / 1000)
  }

  #now(): Instant {
    return this.#options.clock.now()
  }
}

function isMoreUrgent(urgency: Urgency, than: Urgency): boolean {
  return URGENCIES.indexOf(urgency) < URGENCIES.indexOf(than)
}
