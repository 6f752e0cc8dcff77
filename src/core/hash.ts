import { createHash } from 'node:crypto'

/** JSON with sorted keys and without undefined members: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  )
}

/**
 * Hash of content that must not change by itself, such as a task definition: `v1-` and 32 hexadecimal digits.
 * Frozen: an operator upgrade over a thousand services must not make one AWS write. A change of the algorithm is a new
 * version beside this one.
 */
export function contentHash(value: unknown): string {
  return `v1-${digest(canonicalJson(value), 32)}`
}

/** The first `digits` hexadecimal digits of the SHA-256 of `text`. */
export function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}
