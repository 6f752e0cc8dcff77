import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Instant } from '../../src/core/ports.ts'
import { sleepBy } from '../../src/runtime/clock.ts'
import { Heap } from '../../src/runtime/heap.ts'

/** A clock that stands still until it is wound. */
export interface HandClock extends Clock {
  /**
   * Moves time forward, running what is due in order of its instant (and, for one instant, in the order in which it was
   * scheduled); between two timers everything that can go on without time or I/O does so.
   */
  advance(seconds: number): Promise<void>
  /** Number of timers that are waiting. */
  pending(): number
  /** How long until the next timer; undefined: none is waiting. */
  nextSeconds(): number | undefined
}

interface Timer {
  readonly at: Instant
  /** Order of scheduling: settles ties. */
  readonly number: number
  readonly run: () => void
}

export function createHandClock(startAt: Instant = Date.UTC(2026, 0, 1)): HandClock {
  let now = startAt
  const timers = new Heap<Timer>((a, b) => (a.at === b.at ? a.number < b.number : a.at < b.at))
  let scheduled = 0

  function schedule(seconds: number, run: () => void): () => void {
    const timer = { at: now + Math.max(0, seconds) * 1000, number: (scheduled += 1), run }
    timers.push(timer)
    return () => {
      timers.remove(timer)
    }
  }

  async function advance(seconds: number): Promise<void> {
    const target = now + seconds * 1000
    await settle()
    for (let timer = timers.peek(); timer !== undefined && timer.at <= target; timer = timers.peek()) {
      timers.pop()
      now = timer.at
      timer.run()
      await settle()
    }
    now = target
  }

  return {
    now: () => now,
    schedule,
    sleep: (seconds, signal) => sleepBy(schedule, seconds, signal),
    advance,
    pending: () => timers.size,
    nextSeconds: () => {
      const timer = timers.peek()
      return timer && (timer.at - now) / 1000
    },
  }
}

/** Work that lets others have their turn goes on in the next one. */
const TURNS = 3

/** Lets every promise that can settle without time or I/O settle: each turn of the event loop drains all microtasks. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn()
}
