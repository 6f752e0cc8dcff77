import type { FailureCode } from './failure.ts'

/** When to try again what failed. */
export type Retry =
  /** The queue's back-off for this key, and at least this long. */
  | { readonly type: 'back-off'; readonly minimumSeconds: number }
  /** Nothing failed: come back at the time that the failure names. */
  | { readonly type: 'in-turn' }
  /** The same call would fail again: wait for a change of the object, or for the next look for drift. */
  | { readonly type: 'until-changed' }

/**
 * How soon to retry a failed call. Waiting longer than AWS needs costs little; hammering a shared bucket costs the
 * neighbours. The queue adds exponential back-off and jitter per key.
 */
export function retryFor(code: FailureCode): Retry {
  switch (code) {
    case 'aborted':
    case 'conflict':
    case 'expired':
    case 'not-found':
    case 'already-exists':
      return { type: 'back-off', minimumSeconds: 0 }
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'unexpected':
      return { type: 'back-off', minimumSeconds: 1 }
    case 'paced':
      return { type: 'in-turn' }
    case 'busy':
      return { type: 'back-off', minimumSeconds: 5 }
    case 'in-use':
      return { type: 'back-off', minimumSeconds: 15 }
    case 'denied':
    case 'credentials':
    case 'limit-exceeded':
      return { type: 'back-off', minimumSeconds: 60 }
    case 'wrong-account':
    case 'invalid':
      return { type: 'until-changed' }
  }
}

/** Whether the call certainly had no effect. After the others the world has to be looked at again. */
export function hadNoEffect(code: FailureCode): boolean {
  switch (code) {
    case 'denied':
    case 'credentials':
    case 'wrong-account':
    case 'invalid':
    case 'throttled':
    case 'paced':
    case 'limit-exceeded':
    case 'in-use':
    case 'busy':
    case 'not-found':
      return true
    case 'already-exists':
    case 'conflict':
    case 'unavailable':
    case 'timeout':
    case 'expired':
    case 'aborted':
    case 'unexpected':
      return false
  }
}

/** Whether the same call is likely to work in a while, without anybody doing anything about it. */
export function isPassing(code: FailureCode): boolean {
  switch (code) {
    case 'throttled':
    case 'paced':
    case 'unavailable':
    case 'timeout':
    case 'aborted':
    case 'busy':
      return true
    case 'not-found':
    case 'already-exists':
    case 'conflict':
    case 'in-use':
    case 'denied':
    case 'credentials':
    case 'wrong-account':
    case 'invalid':
    case 'limit-exceeded':
    case 'expired':
    case 'unexpected':
      return false
  }
}
