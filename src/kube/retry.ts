import type { Failure } from '../core/failure.ts'

/** Sends after the first one. More is the caller's business: a worker should not be parked here. */
const MOST_RETRIES = 3
const FIRST_SECONDS = 0.1
/** Who is asked to wait longer than this had better put the key back into the queue. */
const LONGEST_SECONDS = 5

export interface Attempt {
  readonly method: string
  /** Retries made so far. */
  readonly retries: number
  /** Uniform in [0, 1). */
  readonly jitter: number
}

/**
 * How long to wait before a failed request is sent again; undefined: not at all. A throttled request was refused before
 * it was looked at, so any may be repeated; a lost or failed one may have had its effect, so only reads are.
 */
export function retryAfterSeconds(failure: Failure, { method, retries, jitter }: Attempt): number | undefined {
  if (retries >= MOST_RETRIES || !isRepeatable(failure, method)) return undefined
  const seconds = Math.max(failure.retryAfterSeconds ?? 0, FIRST_SECONDS * 2 ** retries)
  return seconds > LONGEST_SECONDS ? undefined : seconds * (1 + jitter / 2)
}

function isRepeatable({ code }: Failure, method: string): boolean {
  if (code === 'throttled') return true
  return code === 'unavailable' && method === 'GET'
}
