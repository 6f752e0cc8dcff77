import { memberOf } from '../core/json.ts'

type JsonObject = Readonly<Record<string, unknown>>

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`; undefined when they mean the same. A merge patch can
 * neither store null nor tell it from an absent member, so null and undefined count as absent; arrays are replaced.
 */
export function mergePatchBetween(from: object, to: object): JsonObject | undefined {
  if (isSemanticallyEqual(from, to)) return undefined
  const members: [string, unknown][] = []
  for (const [key, value] of Object.entries(from)) {
    if (isPresent(value) && !isPresent(memberOf(to, key))) members.push([key, null])
  }
  for (const [key, value] of Object.entries(to)) {
    const change = isPresent(value) ? changeBetween(memberOf(from, key), value) : undefined
    if (change !== undefined) members.push([key, change])
  }
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

/** Whether two JSON values mean the same to the API server: null and undefined members count as absent. */
export function isSemanticallyEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((e, i) => isSemanticallyEqual(e, b[i]))
  if (isObject(a) && isObject(b)) return hasEqualMembers(a, b)
  return (a ?? undefined) === (b ?? undefined)
}

/** Without making the patch: most comparisons find nothing. */
function hasEqualMembers(a: JsonObject, b: JsonObject): boolean {
  // Own members only: a label may be called `constructor`.
  for (const key in a) if (!isSemanticallyEqual(a[key], memberOf(b, key))) return false
  for (const key in b) if (!Object.hasOwn(a, key) && isPresent(b[key])) return false
  return true
}

/** What a server makes of `target` when it gets the merge patch `patch` (RFC 7386, section 2). */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const members = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue
    if (change === null) members.delete(key)
    else members.set(key, applyMergePatch(members.get(key), change))
  }
  return Object.fromEntries(members)
}

/** The value that a patch must carry for one member; undefined: it may stay as it is. */
function changeBetween(from: unknown, to: unknown): unknown {
  if (isObject(from) && isObject(to)) return mergePatchBetween(from, to)
  return isSemanticallyEqual(from, to) ? undefined : withoutAbsent(to)
}

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => isPresent(member))
  return Object.fromEntries(members.map(([key, member]) => [key, withoutAbsent(member)]))
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
