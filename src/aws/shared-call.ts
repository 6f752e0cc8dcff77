import { Failure } from '../core/failure.ts'

/**
 * A call whose answer serves everybody who asks while it is under way.
 *
 * Guarantees: a caller that gives up (`aborted`) leaves the others alone; when the last one does, the call is aborted as
 * well. Nothing is remembered: whoever asks after the answer begins another call.
 */
export function createSharedCall<T>(
  operation: string,
  call: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  let flight: Flight<T> | undefined

  function takeOff(): Flight<T> {
    const abandoned = new AbortController()
    const begun: Flight<T> = { answer: call(abandoned.signal), abandoned, waiting: 0 }
    const land = (): void => {
      if (flight === begun) flight = undefined
    }
    begun.answer.then(land, land)
    abandoned.signal.addEventListener('abort', land, { once: true })
    return begun
  }

  return (signal) => {
    if (signal.aborted) return Promise.reject(new Failure('aborted', operation, { cause: signal.reason }))
    flight ??= takeOff()
    return answerFor(flight, operation, signal)
  }
}

interface Flight<T> {
  readonly answer: Promise<T>
  /** Fires when nobody waits any more. */
  readonly abandoned: AbortController
  waiting: number
}

function answerFor<T>(flight: Flight<T>, operation: string, signal: AbortSignal): Promise<T> {
  flight.waiting += 1
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      flight.waiting -= 1
      if (flight.waiting === 0) flight.abandoned.abort()
      reject(new Failure('aborted', operation, { cause: signal.reason }))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    flight.answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
