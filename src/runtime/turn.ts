import type { Clock, Instant } from '../core/ports.ts'
import { nextTurn } from './clock.ts'

/** Longest stretch without letting the event loop see its sockets and timers: the lease wants to be renewed. */
const SLICE_MS = 10

/** Work that never has to wait for anything, cut into slices. */
export class Slices {
  readonly #clock: Clock
  #startedAt: Instant

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  /** Lets others have their turn, if this slice is used up. */
  async breathe(): Promise<void> {
    if (this.#clock.now() - this.#startedAt < SLICE_MS) return
    await nextTurn()
    this.#startedAt = this.#clock.now()
  }
}
