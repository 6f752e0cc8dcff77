/**
 * Why a call to AWS or to the Kubernetes API did not do its work. Adapters translate foreign errors into this closed
 * list once; retry policy, observations and conditions read only the code.
 */
export type FailureCode =
  | 'not-found'
  | 'already-exists'
  | 'conflict' // somebody else changed it in between, or an idempotency token was used for something else
  | 'in-use' // refused because something still depends on it
  | 'busy' // refused because a change is in progress
  | 'throttled'
  | 'paced' // not sent: it has to wait for its turn within the request rates; no fault of anybody
  | 'unavailable' // 5xx, refused connection, reset
  | 'timeout' // no answer: the effect may or may not have happened
  | 'denied' // authorisation refused
  | 'credentials' // missing, expired or invalid credentials
  | 'wrong-account' // credentials belong to another account than the one pinned in status
  | 'invalid' // the input is refused
  | 'limit-exceeded' // a quota; never retried as throttling
  | 'expired' // Kubernetes 410: the version is too old
  | 'aborted' // our own signal fired
  | 'unexpected' // anything else: a bug, ours or theirs

/** A failed call. `operation` names it (`ecr:CreateRepository`, `PATCH ecrservices/status`); the cause is the foreign error. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly operation: string
  /** What the other side asked us to wait, when it said so. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: FailureCode, operation: string, options: FailureOptions = {}) {
    super(options.message ?? `${operation} failed: ${code}`, { cause: options.cause })
    this.name = 'Failure'
    this.code = code
    this.operation = operation
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

interface FailureOptions {
  readonly message?: string
  readonly cause?: unknown
  readonly retryAfterSeconds?: number | undefined
}

export function failureCodeFrom(error: unknown): FailureCode {
  return error instanceof Failure ? error.code : 'unexpected'
}
