import { isDeepStrictEqual } from 'node:util'

type JsonObject = Readonly<Record<string, unknown>>

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`; undefined: they are equal. Arrays are replaced whole;
 * members that are missing or undefined in `to` are removed.
 */
export function mergePatchBetween(from: JsonObject, to: JsonObject): JsonObject | undefined {
  const members = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .map((key) => [key, memberPatch(from[key], to[key])] as const)
    .filter(([, patch]) => patch !== undefined)
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

function memberPatch(from: unknown, to: unknown): unknown {
  if (to === undefined) return from === undefined ? undefined : null
  if (isObject(from) && isObject(to)) return mergePatchBetween(from, to)
  return isDeepStrictEqual(from, to) ? undefined : to
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
