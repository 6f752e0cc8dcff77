import type { Instant } from '../../core/ports.ts'

/** How many calls may go out now, and when more may. */
export interface Bucket {
  /** Spends tokens. The caller has made sure that they are there. */
  take(tokens: number, now: Instant): void
  /** Puts tokens aside: they still fill the bucket, as AWS sees it, until they are spent or given back. */
  reserve(tokens: number, now: Instant): void
  /** Spends tokens that were put aside. */
  spend(tokens: number, now: Instant): void
  /** Puts back what was put aside. */
  give(tokens: number, now: Instant): void
  /** Seconds until it holds so many tokens; 0: it does. */
  secondsUntil(tokens: number, now: Instant): number
  /** AWS throttled a call although a token was there: somebody else draws from the same bucket. */
  cut(now: Instant): void
  /** Calls a second that it lets through at the moment; Infinity: it does not limit. */
  perSecond(now: Instant): number
  readonly burst: number
}

export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Calls that were under way when AWS began to throttle say nothing new. */
const DEAF_SECONDS = 1
const CUT = 0.5
/** Less than this never helps a neighbour, and would leave us standing. */
const SMALLEST_FACTOR = 0.05
/** Half of the rate is won back in 25 s. */
const RECOVERY_PER_SECOND = 0.02
/** Far less than a token, far more than what adding up fractions of it loses. */
const EPSILON = 1e-6

/** A token bucket that gives way when it is throttled all the same: halves its rate, and wins it back bit by bit. */
export class SharedBucket implements Bucket {
  readonly #rate: Rate
  #tokens: number
  #reserved = 0
  #at: Instant
  #factor: number
  #cutAt: Instant

  /** Full and at its full rate, unless AWS has just throttled: then empty, and at this part of its rate. */
  constructor(rate: Rate, now: Instant, throttled?: { readonly factor: number }) {
    this.#rate = rate
    this.#tokens = throttled === undefined ? rate.burst : 0
    this.#factor = throttled?.factor ?? 1
    this.#cutAt = throttled === undefined ? -Infinity : now
    this.#at = now
  }

  get burst(): number {
    return this.#rate.burst
  }

  take(tokens: number, now: Instant): void {
    this.#refill(now)
    this.#tokens -= tokens
  }

  reserve(tokens: number, now: Instant): void {
    this.take(tokens, now)
    this.#reserved += tokens
  }

  spend(tokens: number, now: Instant): void {
    this.#refill(now)
    this.#reserved = Math.max(0, this.#reserved - tokens)
  }

  give(tokens: number, now: Instant): void {
    this.spend(tokens, now)
    this.#tokens += tokens
  }

  secondsUntil(tokens: number, now: Instant): number {
    this.#refill(now)
    const missing = tokens - this.#tokens
    return missing <= EPSILON ? 0 : this.#secondsFor(missing)
  }

  cut(now: Instant): void {
    this.#refill(now)
    this.#tokens = Math.min(0, this.#tokens)
    if (now - this.#cutAt < DEAF_SECONDS * 1000) return
    this.#factor = Math.max(SMALLEST_FACTOR, this.#factor * CUT)
    this.#cutAt = now
  }

  perSecond(now: Instant): number {
    this.#refill(now)
    return this.#rate.perSecond * this.#factor
  }

  /** Whether it has won back all that AWS made it give up. */
  isWhole(now: Instant): boolean {
    this.#refill(now)
    return this.#factor === 1
  }

  #refill(now: Instant): void {
    const seconds = (now - this.#at) / 1000
    if (seconds <= 0) return
    const recovering = Math.min(seconds, this.#secondsUntilWhole())
    const whole = seconds - recovering
    const refilled = this.#tokens + this.#rate.perSecond * (recovering * this.#meanFactor(recovering) + whole)
    this.#tokens = Math.max(this.#tokens, Math.min(this.burst - this.#reserved, refilled))
    this.#factor = Math.min(1, this.#factor + seconds * RECOVERY_PER_SECOND)
    this.#at = now
  }

  /** How long so many tokens take: the rate rises meanwhile, if it was cut. */
  #secondsFor(tokens: number): number {
    const seconds = tokens / this.#rate.perSecond
    const recovering = this.#secondsUntilWhole()
    const meanwhile = recovering * this.#meanFactor(recovering)
    if (seconds >= meanwhile) return recovering + seconds - meanwhile
    // The t for which t times the mean factor of t seconds is what they take at the whole rate.
    return (Math.sqrt(this.#factor ** 2 + 2 * RECOVERY_PER_SECOND * seconds) - this.#factor) / RECOVERY_PER_SECOND
  }

  #secondsUntilWhole(): number {
    return (1 - this.#factor) / RECOVERY_PER_SECOND
  }

  /** Over so many seconds from now, in which it rises evenly. */
  #meanFactor(seconds: number): number {
    return this.#factor + (RECOVERY_PER_SECOND * seconds) / 2
  }
}

/** At so many times the rate at which AWS throttled, without being throttled again, there is no limit to keep. */
const REOPENS_AT = 2
const SLOWEST_PER_SECOND = 0.5

/** For calls whose rate AWS does not publish: no limit until AWS throttles; then half of what was sent, and more bit by bit. */
export class OpenBucket implements Bucket {
  #limit: SharedBucket | undefined
  #second = -1
  #sent = 0
  #sentBefore = 0

  get burst(): number {
    return this.#limit?.burst ?? Infinity
  }

  take(tokens: number, now: Instant): void {
    this.#count(tokens, now)
    this.#limit?.take(tokens, now)
  }

  reserve(tokens: number, now: Instant): void {
    this.#limit?.reserve(tokens, now)
  }

  spend(tokens: number, now: Instant): void {
    this.#count(tokens, now)
    this.#limit?.spend(tokens, now)
  }

  give(tokens: number, now: Instant): void {
    this.#limit?.give(tokens, now)
  }

  secondsUntil(tokens: number, now: Instant): number {
    return this.#limitAt(now)?.secondsUntil(tokens, now) ?? 0
  }

  cut(now: Instant): void {
    const limit = this.#limitAt(now)
    if (limit !== undefined) {
      limit.cut(now)
      return
    }
    this.#count(0, now)
    const sent = Math.max(SLOWEST_PER_SECOND, this.#sent, this.#sentBefore)
    const rate = { perSecond: sent * REOPENS_AT, burst: Math.max(1, sent) }
    this.#limit = new SharedBucket(rate, now, { factor: CUT / REOPENS_AT })
  }

  perSecond(now: Instant): number {
    return this.#limitAt(now)?.perSecond(now) ?? Infinity
  }

  #limitAt(now: Instant): SharedBucket | undefined {
    if (this.#limit?.isWhole(now) === true) this.#limit = undefined
    return this.#limit
  }

  /** Calls of this second and of the one before. */
  #count(calls: number, now: Instant): void {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#sentBefore = second === this.#second + 1 ? this.#sent : 0
      this.#sent = 0
      this.#second = second
    }
    this.#sent += calls
  }
}
