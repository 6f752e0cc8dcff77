import { CORE_LEDGER } from './core-ledger.ts'
import { AwsFault } from './service.ts'
import type { HttpRequest } from './protocol/http.ts'

/** Who signed a request, for which region and service. */
export interface Signature {
  readonly accessKeyId: string
  readonly region: string
  readonly service: string
  /** When it says it was signed; milliseconds since the epoch. */
  readonly signedAtMs: number
}

/**
 * Reads the Signature Version 4 header; undefined: the request is not signed. Presence and scope are checked, the
 * signature itself cannot be, because nobody gave the simulator a secret. Source: "Signature Version 4 for API requests", IAM user guide.
 */
export function readSignature(request: HttpRequest): Signature | undefined {
  const header = request.headers['authorization']
  if (header === undefined) return undefined
  const [algorithm, rest] = splitOnce(header, ' ')
  const fields = new Map(rest.split(',').map((field) => splitOnce(field.trim(), '=')))
  const scope = fields.get('Credential')?.split('/') ?? []
  if (algorithm !== 'AWS4-HMAC-SHA256' || !fields.has('SignedHeaders') || !fields.has('Signature')) throw incomplete()
  return signatureFrom(scope, request.headers['x-amz-date'] ?? '')
}

function signatureFrom(scope: readonly string[], amzDate: string): Signature {
  const [accessKeyId = '', day = '', region = '', service = '', terminator] = scope
  if ([accessKeyId, region, service].includes('') || terminator !== 'aws4_request') throw incomplete()
  const signedAtMs = parseAmzDate(amzDate)
  if (!amzDate.startsWith(day) || Number.isNaN(signedAtMs)) {
    throw new AwsFault(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${amzDate}'`,
    )
  }
  return { accessKeyId, region, service, signedAtMs }
}

function incomplete(): AwsFault {
  return new AwsFault(
    'IncompleteSignatureException',
    'the Authorization header must be AWS4-HMAC-SHA256 with Credential (key/day/region/service/aws4_request), SignedHeaders and Signature',
  )
}

/** `20261121T101500Z` to milliseconds; NaN when it is none. */
function parseAmzDate(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number)
  if (!parts) return Number.NaN
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const MAX_SKEW_SECONDS = CORE_LEDGER.signatureSkewSeconds.value

/** Refuses signatures that are too old or from the future. `nowMs` must be wall-clock time: callers sign with theirs. */
export function checkFreshness(signature: Signature, nowMs: number): void {
  if (Math.abs(nowMs - signature.signedAtMs) <= MAX_SKEW_SECONDS * 1000) return
  const [signed, now] = [signature.signedAtMs, nowMs].map((instant) => new Date(instant).toISOString())
  throw new AwsFault(
    'InvalidSignatureException',
    `Signature expired: signed at ${signed}, now ${now}, at most 5 min apart`,
  )
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)]
}
