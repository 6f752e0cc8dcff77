import type { Random } from '../core/ports.ts'

export interface BackoffOptions {
  readonly random: Random
  /** First delay; doubles with every failure. Default 0.005. */
  readonly firstSeconds?: number
  /** Longest delay. Default 300: AWS forgets throttling within seconds, people within minutes. */
  readonly longestSeconds?: number
}

/** Exponential back-off per key: a key that fails again waits twice as long, with up to half of it shaved off by chance. */
export class Backoff {
  readonly #random: Random
  readonly #firstSeconds: number
  readonly #longestSeconds: number
  readonly #failures = new Map<string, number>()

  constructor({ random, firstSeconds = 0.005, longestSeconds = 300 }: BackoffOptions) {
    this.#random = random
    this.#firstSeconds = firstSeconds
    this.#longestSeconds = longestSeconds
  }

  /** Counts one more failure of `key` and answers how long to wait now. */
  nextSeconds(key: string): number {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    const seconds = Math.min(this.#longestSeconds, this.#firstSeconds * 2 ** failures)
    return seconds * (0.5 + this.#random.fraction() / 2)
  }

  /** How often `key` failed since it last succeeded. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }
}
