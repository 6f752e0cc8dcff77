import type { Clock } from '../../src/core/ports.ts'
import { createSystemClock, sleepBy } from '../../src/runtime/clock.ts'

/** Real time, `speed` times as fast: for deadlines of minutes over real sockets. */
export function createFastClock(speed: number): Clock {
  const clock = createSystemClock()
  const startedAt = clock.now()
  const schedule: Clock['schedule'] = (seconds, run) => clock.schedule(seconds / speed, run)
  return {
    now: () => startedAt + (clock.now() - startedAt) * speed,
    schedule,
    sleep: (seconds, signal) => sleepBy(schedule, seconds, signal),
  }
}
