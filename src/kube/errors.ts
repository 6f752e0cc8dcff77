import { Failure, type FailureCode } from '../core/failure.ts'
import { memberOf, numberIn, stringIn } from '../core/json.ts'

/** The members of a `meta/v1` Status that say what went wrong. */
interface Status {
  readonly code?: number | undefined
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** `metav1.StatusReason`: https://kubernetes.io/docs/reference/using-api/api-concepts/ and the API machinery's types. */
const CODE_OF_REASON: Readonly<Record<string, FailureCode>> = {
  AlreadyExists: 'already-exists',
  BadRequest: 'invalid',
  Conflict: 'conflict',
  Expired: 'expired',
  Forbidden: 'denied',
  Gone: 'expired',
  InternalError: 'unavailable',
  Invalid: 'invalid',
  MethodNotAllowed: 'invalid',
  NotAcceptable: 'invalid',
  NotFound: 'not-found',
  RequestEntityTooLarge: 'invalid',
  ServerTimeout: 'unavailable',
  ServiceUnavailable: 'unavailable',
  Timeout: 'timeout',
  TooManyRequests: 'throttled',
  Unauthorized: 'credentials',
  UnsupportedMediaType: 'invalid',
}

const CODE_OF_HTTP: Readonly<Record<number, FailureCode>> = {
  400: 'invalid',
  401: 'credentials',
  403: 'denied',
  404: 'not-found',
  405: 'invalid',
  409: 'conflict',
  410: 'expired',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
  504: 'timeout',
}

/** undici's own deadlines. We switch most of them off and set ours; what is left means that nobody answered. */
const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

/** What the API server's refusal means. `body` is a Status in JSON, or whatever a proxy in between had to say. */
export function failureFromAnswer(
  operation: string,
  answer: { readonly status: number; readonly retryAfter: string | undefined; readonly body: string },
): Failure {
  const status = statusFrom(parse(answer.body))
  const retryAfterSeconds = secondsFrom(answer.retryAfter) ?? status.retryAfterSeconds
  return failureFromStatus(operation, { ...status, code: answer.status, retryAfterSeconds })
}

/** What an ERROR event in a watch means; `object` is a Status. */
export function failureFromErrorEvent(operation: string, object: unknown): Failure {
  return failureFromStatus(operation, statusFrom(object))
}

/** What an error thrown by the HTTP client means. An error that is translated already stays what it is. */
export function failureFromError(operation: string, error: unknown): Failure {
  if (error instanceof Failure) return error
  const code = systemCodeOf(error)
  if (code === undefined) return new Failure('unexpected', operation, { cause: error })
  const message = error instanceof Error ? `${operation} failed: ${error.message || code}` : undefined
  const failure: FailureCode = TIMEOUTS.has(code) ? 'timeout' : 'unavailable'
  return new Failure(failure, operation, { cause: error, ...(message === undefined ? {} : { message }) })
}

/** Something answered, but not the Kubernetes API: treated as if nobody had, and counted apart. */
export class Unreadable extends Failure {
  constructor(operation: string, what: string, cause: unknown) {
    super('unavailable', operation, { message: `${operation} failed: ${what}`, cause })
  }
}

export function malformed(operation: string, what: string, cause?: unknown): Unreadable {
  return new Unreadable(operation, what, cause)
}

function failureFromStatus(operation: string, status: Status): Failure {
  const { message, retryAfterSeconds } = status
  const text = message === undefined ? undefined : { message: `${operation} failed: ${message}` }
  return new Failure(codeOf(status), operation, { retryAfterSeconds, ...text })
}

function codeOf({ reason, code }: Status): FailureCode {
  const known = CODE_OF_REASON[reason ?? ''] ?? CODE_OF_HTTP[code ?? 0]
  if (known !== undefined) return known
  return code !== undefined && code >= 500 ? 'unavailable' : 'unexpected'
}

/** Node's and undici's errors carry a string `code`; an aggregate of refused addresses carries it too. */
function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  return stringIn(error, 'code') ?? systemCodeOf(error.cause)
}

function statusFrom(value: unknown): Status {
  return {
    code: numberIn(value, 'code'),
    reason: stringIn(value, 'reason'),
    message: stringIn(value, 'message'),
    retryAfterSeconds: numberIn(memberOf(value, 'details'), 'retryAfterSeconds'),
  }
}

function secondsFrom(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // A proxy's error page: the HTTP status alone has to do.
    return undefined
  }
}
