import type { Clock, Instant } from '../core/ports.ts'
import { nextTurn } from './clock.ts'

/** Longest stretch without letting the event loop see its sockets and timers: the lease wants to be renewed. */
const SLICE_MS = 10
const AT_ONCE = Promise.resolve()

/**
 * Work that never has to wait for anything, cut into slices. Many may share one: together they work no longer than a slice
 * before others have their turn.
 */
export class Slices {
  readonly #clock: Clock
  #startedAt: Instant
  #turn: Promise<void> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  /** Lets others have their turn, if this slice is used up. */
  breathe(): Promise<void> {
    return this.#isUsedUp() ? this.#wait() : AT_ONCE
  }

  async #wait(): Promise<void> {
    // Those who waited for the same turn go on one after the other, and the first ones may use up the next slice.
    while (this.#isUsedUp()) await (this.#turn ??= this.#next())
  }

  #isUsedUp(): boolean {
    return this.#clock.now() - this.#startedAt >= SLICE_MS
  }

  async #next(): Promise<void> {
    await nextTurn()
    this.#turn = undefined
    this.#startedAt = this.#clock.now()
  }
}
