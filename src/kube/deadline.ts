import { Failure } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'

/** A signal that fires with `outer`, when the time is over, or by `abort`. Call `end` once the work is done. */
export interface Deadline {
  readonly signal: AbortSignal
  readonly abort: (reason: Failure) => void
  readonly end: () => void
}

/**
 * Puts a limit on `operation`: the signal's reason is a `Failure` with code `aborted` or `timeout`. Made by hand because
 * `AbortSignal.any` and `AbortSignal.timeout` cost more than a request, and know no clock but the real one.
 */
export function createDeadline(operation: string, seconds: number, outer: AbortSignal, clock: Clock): Deadline {
  const controller = new AbortController()
  const onAbort = (): void => {
    controller.abort(new Failure('aborted', operation, { cause: outer.reason }))
  }
  const cancel = clock.schedule(seconds, () => {
    controller.abort(new Failure('timeout', operation, { message: `${operation} failed: no answer in ${seconds} s` }))
  })
  if (outer.aborted) onAbort()
  else outer.addEventListener('abort', onAbort, { once: true })

  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason)
    },
    end: () => {
      cancel()
      outer.removeEventListener('abort', onAbort)
    },
  }
}
