import { Failure } from './failure.ts'
import type { Clock } from './ports.ts'

/** A signal that fires with an outer one, or when the time is over. Call `end` once the work is done. */
export interface Deadline {
  readonly signal: AbortSignal
  /** There was a sign of life: the time starts anew. Costs next to nothing. */
  readonly touch: () => void
  /** From now on the time is this long, which must not be shorter than before. */
  readonly extendTo: (seconds: number) => void
  readonly end: () => void
}

/**
 * Puts a limit on `operation`: the signal's reason is a `Failure` with code `aborted` or `timeout`. Made by hand because
 * `AbortSignal.any` and `AbortSignal.timeout` cost more than a request, and know no clock but the real one.
 */
export function createDeadline(operation: string, seconds: number, outer: AbortSignal, clock: Clock): Deadline {
  const controller = new AbortController()
  let limitSeconds = seconds
  let touchedAt = clock.now()
  let cancel = clock.schedule(seconds, fire)

  function fire(): void {
    const leftSeconds = limitSeconds - (clock.now() - touchedAt) / 1000
    if (leftSeconds > 0) {
      cancel = clock.schedule(leftSeconds, fire)
      return
    }
    controller.abort(
      new Failure('timeout', operation, { message: `${operation} failed: no answer in ${limitSeconds} s` }),
    )
  }
  function onAbort(): void {
    controller.abort(new Failure('aborted', operation, { cause: outer.reason }))
  }
  if (outer.aborted) onAbort()
  else outer.addEventListener('abort', onAbort, { once: true })

  return {
    signal: controller.signal,
    touch: () => {
      touchedAt = clock.now()
    },
    extendTo: (longerSeconds) => {
      limitSeconds = longerSeconds
    },
    end: () => {
      cancel()
      outer.removeEventListener('abort', onAbort)
    },
  }
}
