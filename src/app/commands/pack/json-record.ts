/** An object as JSON gives it. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of these names, as far as they are there; what is no object stays as it is. */
export function membersOf(value: unknown, keys: readonly string[]): unknown {
  if (!isRecord(value)) return value
  const members: Record<string, unknown> = {}
  for (const key of keys) {
    const member = value[key]
    if (member !== undefined && member !== null) members[key] = member
  }
  return members
}

/** Each element of a list; what is no list stays as it is. */
export function mapped(value: unknown, convert: (element: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(convert) : value
}
