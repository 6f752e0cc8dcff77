import type { Cancel, Clock, Instant } from '../../core/ports.ts'
import type { Claimant } from './claimant.ts'
import type { Places } from './places.ts'

interface Grant {
  readonly since: Instant
  tokens: number
  readonly keys: Set<string>
  cancelExpiry: Cancel
}

/** How long tokens are kept: more than it takes from being woken to the call. */
const KEPT_SECONDS = 30

interface GrantsOptions {
  readonly clock: Clock
  readonly places: Pick<Places, 'begun' | 'over' | 'isWaiting'>
  readonly isForWrites: boolean
  /** Tokens that were not fetched, or are not needed any more. */
  readonly giveBack: (tokens: number) => void
}

/** Tokens of one line that are kept for claimants who went away, until one of those for whom they are kept comes back. */
export class Grants {
  readonly #options: GrantsOptions
  readonly #byKey = new Map<string, Grant>()

  constructor(options: GrantsOptions) {
    this.#options = options
  }

  /** Fetches one token that is kept for any of these; answers for whom, and since when it had waited. */
  fetch(claimants: readonly Claimant[]): readonly [Claimant, Instant] | undefined {
    const holder = claimants.find(({ key }) => this.#byKey.has(key))
    const grant = holder && this.#byKey.get(holder.key)
    if (holder === undefined || grant === undefined) return undefined
    grant.tokens -= 1
    if (grant.tokens <= 0) this.#forget(grant)
    return [holder, grant.since]
  }

  /** Keeps tokens for all of these together. */
  keep(claimants: readonly Claimant[], tokens: number, since: Instant): void {
    const grant: Grant = { since, tokens, keys: new Set(), cancelExpiry: () => {} }
    for (const { key } of claimants) {
      const before = this.#byKey.get(key)
      if (before !== undefined && before !== grant) this.#join(before, grant)
      this.#hold(key, grant)
    }
    this.#expireLater(grant)
  }

  /** A call of somebody else has done what this claimant wanted a token for. */
  release(key: string): void {
    const grant = this.#byKey.get(key)
    if (grant === undefined) return
    this.#drop(key, grant)
    if (grant.keys.size === 0) this.#giveBack(grant)
  }

  #join(from: Grant, to: Grant): void {
    to.tokens += from.tokens
    from.cancelExpiry()
    for (const key of from.keys) {
      this.#drop(key, from)
      this.#hold(key, to)
    }
  }

  #hold(key: string, grant: Grant): void {
    if (grant.keys.has(key)) return
    grant.keys.add(key)
    this.#byKey.set(key, grant)
    if (this.#options.isForWrites) this.#options.places.begun(key)
  }

  #drop(key: string, grant: Grant): void {
    grant.keys.delete(key)
    this.#byKey.delete(key)
    if (this.#options.isForWrites) this.#options.places.over(key)
  }

  /** What is not fetched in time goes back, unless somebody cannot come yet because it still waits in another line. */
  #expireLater(grant: Grant): void {
    const { clock, places } = this.#options
    grant.cancelExpiry = clock.schedule(KEPT_SECONDS, () => {
      if ([...grant.keys].some((key) => places.isWaiting(key))) this.#expireLater(grant)
      else this.#giveBack(grant)
    })
  }

  #giveBack(grant: Grant): void {
    this.#forget(grant)
    this.#options.giveBack(grant.tokens)
  }

  #forget(grant: Grant): void {
    grant.cancelExpiry()
    for (const key of grant.keys) this.#drop(key, grant)
  }
}
