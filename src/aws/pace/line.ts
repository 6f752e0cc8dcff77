import { Failure } from '../../core/failure.ts'
import type { Cancel, Clock, Instant } from '../../core/ports.ts'
import type { Bucket } from './bucket.ts'
import { isShared, type Claim, type Waiter } from './claim.ts'
import { comesBack, type Claimant, type Sharing } from './claimant.ts'
import { Grants } from './grants.ts'
import type { Places } from './places.ts'
import { LEVELS, TurnOrder, type Level } from './turn-order.ts'

export interface LineOptions {
  readonly clock: Clock
  readonly bucket: Bucket
  /** Shared by all lines. */
  readonly places: Places
  /** Whether its calls are writes: whose turn to write has come goes first wherever it has to read before. */
  readonly isForWrites: boolean
  /** The turn of this claimant, which went away, has come: tokens are kept for it for a while. */
  readonly onTurn: (claimant: Claimant) => void
  readonly onAdmitted: (claimant: Claimant, waitedSeconds: number) => void
}

/** Sweeps leave this part of the bucket to those who need a call now. */
const LEFT_BY_SWEEPS = 0.5
/** No more are called together to share a call than make passes at the same time. */
const CALLED_TOGETHER = 16
/** Timers are as exact as this. */
const SHORTEST_TIMER_SECONDS = 0.001

/**
 * Those who wait for a token of one bucket.
 *
 * Guarantees: no more calls than the bucket allows; turns in the order of `TurnOrder`, those who can share a call
 * together; who goes away keeps its place, is told when its turn has come, and finds its token kept, unless nobody can
 * tell it (sweeps). Errors: `paced`, with the time until the turn.
 */
export class Line {
  readonly #options: LineOptions
  readonly #order = new TurnOrder<Claim>()
  readonly #claims = new Map<string, Claim>()
  readonly #grants: Grants
  #cancelTimer: Cancel = () => {}

  constructor(options: LineOptions) {
    const { clock, places, bucket, isForWrites } = options
    this.#options = options
    const giveBack = (tokens: number): void => {
      bucket.give(tokens, this.#now())
      this.#handOut()
    }
    this.#grants = new Grants({ clock, places, isForWrites, giveBack })
  }

  /** Resolves when one call may go out, which serves all of `claimants`. */
  async admit(sharing: Sharing, operation: string, signal: AbortSignal): Promise<void> {
    const { claimants, most } = sharing
    const [leader] = claimants
    if (this.#useGrant(claimants) || this.#takeNow(leader)) return this.#serve(sharing)
    const claim = this.#join(leader, most)
    // Here, and after a wait in vain, a token may be there for another one of them, or for the leader since it joined.
    if (this.#useGrant(claimants)) return this.#serveInstead(claim, sharing)
    const isNear = this.#secondsUntilTurn(claim) <= leader.patienceSeconds
    if (isNear && (await this.#hasTurnSoon(claim, operation, signal))) return this.#serve(sharing)
    if (this.#useGrant(claimants)) return this.#serveInstead(claim, sharing)
    this.#keepPlaces(claim, sharing)
    throw this.#refusal(operation, this.#secondsUntilTurn(claim))
  }

  /**
   * AWS throttled a call. Who made it goes back to the line; those who share it come by themselves, for to them it has
   * failed. Answers the seconds until its turn.
   */
  throttled({ claimants: [leader], most }: Sharing): number {
    this.#options.bucket.cut(this.#now())
    if (!comesBack(leader)) return this.#secondsUntil(1)
    return this.#secondsUntilTurn(this.#join(leader, most))
  }

  /** How many wait, by level. */
  waiting(): readonly (readonly [Level, number])[] {
    return LEVELS.map((level) => [level, this.#order.size(level)])
  }

  /** Calls a second at the moment. */
  perSecond(): number {
    return this.#options.bucket.perSecond(this.#now())
  }

  #useGrant(claimants: readonly Claimant[]): boolean {
    const fetched = this.#grants.fetch(claimants)
    if (fetched === undefined) return false
    this.#options.bucket.spend(1, this.#now())
    this.#admitted(...fetched)
    return true
  }

  #takeNow(claimant: Claimant): boolean {
    const level = this.#levelOf(claimant)
    if (this.#order.hasBefore(level) || this.#secondsUntil(1 + this.#left(level)) > 0) return false
    this.#options.bucket.take(1, this.#now())
    this.#order.passed(level)
    this.#admitted(claimant, this.#now())
    return true
  }

  /** The call goes out: what those whom it serves wanted in an earlier pass is done, other calls of this one are not. */
  #serve({ claimants, most }: Sharing): void {
    if (most === 1) return
    for (const claimant of claimants) {
      if (this.#stands(claimant)) continue
      const claim = this.#claims.get(claimant.key)
      if (claim !== undefined && claim.waiters.size === 0 && claim.calls === 1) this.#leave(claim)
      this.#grants.release(claimant.key)
    }
  }

  /** The same for a call that has joined the line already. */
  #serveInstead(claim: Claim, sharing: Sharing): void {
    this.#giveUp(claim)
    this.#serve(sharing)
  }

  /** The call does not go out now: all whom it would serve have a place, but those that nobody can call. */
  #keepPlaces(claim: Claim, { claimants: [leader, ...others], most }: Sharing): void {
    if (!comesBack(leader)) this.#giveUp(claim)
    for (const other of others) if (comesBack(other) && !this.#stands(other)) this.#join(other, most)
  }

  /** Whether it waits for another call of the same pass. */
  #stands(claimant: Claimant): boolean {
    return this.#claims.get(claimant.key)?.claimant === claimant
  }

  /** What has to be left in the bucket for others. */
  #left(level: Level): number {
    const { burst } = this.#options.bucket
    return level === 'sweep' && Number.isFinite(burst) ? burst * LEFT_BY_SWEEPS : 0
  }

  /** One call more in the line, at the place that the claimant has in it already. */
  #join(claimant: Claimant, most: number): Claim {
    const known = this.#claims.get(claimant.key)
    const claim = known ?? this.#enter(claimant, most)
    // A new pass: what the last one wanted does not count any more.
    if (claim.claimant !== claimant) claim.calls = claim.waiters.size
    claim.claimant = claimant
    claim.calls += 1
    this.#raise(claim, this.#levelOf(claimant))
    this.#handOut()
    return claim
  }

  #levelOf({ key, urgency }: Claimant): Level {
    return this.#options.places.isInTurn(key) ? 'in-turn' : urgency
  }

  #raise(claim: Claim, level: Level): void {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(claim.level)) return
    this.#order.delete(claim)
    claim.level = level
    this.#order.add(claim)
  }

  /** See `Places`. */
  hurry(key: string): void {
    const claim = this.#claims.get(key)
    if (claim !== undefined) this.#raise(claim, 'in-turn')
  }

  #enter(claimant: Claimant, most: number): Claim {
    const { namespace } = claimant
    const level = this.#levelOf(claimant)
    const claim = { claimant, level, namespace, since: this.#now(), calls: 0, most, waiters: new Set<Waiter>() }
    this.#stand(claim)
    return claim
  }

  #stand(claim: Claim): void {
    this.#claims.set(claim.claimant.key, claim)
    this.#options.places.joined(claim.claimant.key, this)
    this.#order.add(claim)
  }

  #leave(claim: Claim): void {
    this.#order.delete(claim)
    this.#claims.delete(claim.claimant.key)
    this.#options.places.left(claim.claimant.key, this)
  }

  /** One of its calls will not be made. */
  #giveUp(claim: Claim): void {
    claim.calls -= 1
    if (claim.calls === 0 && this.#claims.get(claim.claimant.key) === claim) this.#leave(claim)
  }

  #secondsUntilTurn(claim: Claim): number {
    const tokens = this.#order.ahead(claim) / claim.most + claim.calls + this.#left(claim.level)
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

  /** Waits in place, as long as patience lasts. Answers whether its turn came; if not, its place in the line stays. */
  #hasTurnSoon(claim: Claim, operation: string, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const waiter: Waiter = { go: () => resolve(true) }
    claim.waiters.add(waiter)
    // The estimate was within its patience, and others may still go first.
    const cancel = this.#options.clock.schedule(2 * claim.claimant.patienceSeconds, () => {
      if (claim.waiters.delete(waiter)) resolve(false)
    })
    const onAbort = (): void => {
      if (!claim.waiters.delete(waiter)) return
      this.#giveUp(claim)
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
      const left = this.#order.isOverdue(claim) ? 0 : this.#left(claim.level)
      const tokens = this.#tokensFor(claim)
      const seconds = this.#secondsUntil(tokens + left)
      if (seconds > 0) {
        this.#cancelTimer = clock.schedule(Math.max(SHORTEST_TIMER_SECONDS, seconds), () => this.#handOut())
        return
      }
      bucket.reserve(tokens, this.#now())
      if (isShared(claim)) this.#grantTogether(claim)
      else this.#grant(claim, tokens)
    }
  }

  #grant(claim: Claim, tokens: number): void {
    const { claimant, waiters, since } = claim
    const going = [...waiters].slice(0, tokens)
    this.#order.served(claim)
    this.#leave(claim)
    this.#options.bucket.spend(going.length, this.#now())
    for (const waiter of going) {
      waiters.delete(waiter)
      this.#admitted(claimant, since)
      waiter.go()
    }
    if (tokens > going.length) return this.#keep([claimant], tokens - going.length, since)
    // Some of its calls wait here, others were refused: all that had no token keep their place.
    claim.calls -= tokens
    if (claim.calls > 0) this.#stand(claim)
  }

  /** One token for this claim and the next ones, as many as can share a call. */
  #grantTogether(first: Claim): void {
    const group: Claimant[] = []
    for (let claim: Claim | undefined = first; claim !== undefined; claim = this.#order.next()) {
      if (!isShared(claim) || group.length >= Math.min(first.most, CALLED_TOGETHER)) break
      this.#order.served(claim)
      this.#leave(claim)
      group.push(claim.claimant)
    }
    this.#keep(group, 1, first.since)
  }

  /** For claimants that went away. */
  #keep(claimants: readonly Claimant[], tokens: number, since: Instant): void {
    this.#grants.keep(claimants, tokens, since)
    for (const claimant of claimants) this.#options.onTurn(claimant)
  }

  #admitted(claimant: Claimant, since: Instant): void {
    this.#options.onAdmitted(claimant, (this.#now() - since) / 1000)
  }

  #now(): Instant {
    return this.#options.clock.now()
  }
}
