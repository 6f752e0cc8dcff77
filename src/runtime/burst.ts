import type { Clock, Instant } from '../core/ports.ts'

/** As in client-go's older recorder: an object may say 25 things at once, then one more every 5 minutes. */
const BURST = 25
const REFILL_SECONDS = 300

interface Bucket {
  tokens: number
  at: Instant
}

/** Keeps one noisy object from filling the event list: a token bucket per object. */
export class Burst {
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether the object with this key may say one more thing now; counts it. */
  takes(key: string): boolean {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, at: now }
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / 1000 / REFILL_SECONDS)
    bucket.at = now
    this.#buckets.set(key, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  /** Forgets objects that could say everything again. */
  sweep(): void {
    const fullAfterMs = BURST * REFILL_SECONDS * 1000
    for (const [key, { at }] of this.#buckets) if (this.#clock.now() - at >= fullAfterMs) this.#buckets.delete(key)
  }
}
