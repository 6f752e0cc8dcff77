type Tree = Readonly<Record<string, unknown>>

/** Whether `actual` has everything that `wanted` says; what `wanted` leaves out may be anything. */
export function covers(actual: unknown, wanted: unknown): boolean {
  if (!isTree(wanted)) return wanted === undefined || actual === wanted
  return Object.entries(wanted).every(([key, member]) => covers(isTree(actual) ? actual[key] : undefined, member))
}

/** `base` with everything that `wanted` says: for writes that replace a structure of which only a part is managed. */
export function overlay<T extends object>(base: T, wanted: T): T {
  return {
    ...base,
    ...Object.fromEntries(Object.entries(wanted).map(([key, member]) => [key, merged(base, key, member)])),
  }
}

function merged(base: object, key: string, member: unknown): unknown {
  const below: unknown = Reflect.get(base, key)
  if (member === undefined) return below
  return isTree(below) && isTree(member) ? overlay(below, member) : member
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
