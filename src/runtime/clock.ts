import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Cancel, Clock, Random } from '../core/ports.ts'

/** Node fires a longer timer at once (its delay is a signed 32-bit number of milliseconds). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Real time. It never steps: the wall clock is read once at start and the monotonic clock counts from there, so that a
 * corrected system clock can neither stretch a lease nor fire every delayed key at once.
 */
export function createSystemClock(): Clock {
  const now = (): number => Math.floor(performance.timeOrigin + performance.now())
  return { now, schedule: scheduleTimer, sleep: (seconds, signal) => sleepBy(scheduleTimer, seconds, signal) }
}

/** Begins to measure; what it answers tells how many milliseconds have passed since, with their fractions. */
export function startStopwatch(): () => number {
  const start = performance.now()
  return () => performance.now() - start
}

export function createSystemRandom(): Random {
  return { fraction: Math.random, uuid: randomUUID }
}

/** `Clock.sleep` made of a `Clock.schedule`. */
export function sleepBy(schedule: Clock['schedule'], seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (signal.aborted) {
    reject(reasonOf(signal))
    return promise
  }

  const cancel = schedule(seconds, () => {
    signal.removeEventListener('abort', onAbort)
    resolve()
  })
  function onAbort(): void {
    cancel()
    reject(reasonOf(signal))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return promise
}

/** Resolves once everything else that is ready to run has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function scheduleTimer(seconds: number, run: () => void): Cancel {
  const delayMs = Math.max(0, seconds * 1000)
  if (delayMs > LONGEST_TIMER_MS) return scheduleInParts(delayMs, run)
  const timer = setTimeout(run, delayMs)
  return () => {
    clearTimeout(timer)
  }
}

function scheduleInParts(delayMs: number, run: () => void): Cancel {
  let cancelRest: Cancel = () => {}
  const timer = setTimeout(() => {
    cancelRest = scheduleTimer((delayMs - LONGEST_TIMER_MS) / 1000, run)
  }, LONGEST_TIMER_MS)
  return () => {
    clearTimeout(timer)
    cancelRest()
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
