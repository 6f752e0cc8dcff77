import { isDeepStrictEqual } from 'node:util'
import { isOutput } from '../../../core/output.ts'
import { stringIn } from '../../../core/json.ts'
import { isSecretPath, withoutSecrets } from './secrets.ts'

/** One field before and after, as it may be shown; undefined: absent. */
export interface FieldChange {
  readonly field: string
  readonly before: string | undefined
  readonly after: string | undefined
}

const HIDDEN = '(hidden)'
const LATER = '(known after apply)'
const LONGEST = 200
/** Lists that AWS answers in an order of its own. */
const UNORDERED = /\.(subnets|securityGroups|capacityProviders)$/

/** What differs between two JSON values, leaf by leaf. Values that may be secret are hidden, that they changed is not. */
export function fieldChanges(before: unknown, after: unknown, path: string): readonly FieldChange[] {
  const old = leaves(before, path)
  const now = leaves(after, path)
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !isDeepStrictEqual(old.get(field), now.get(field)))
    .map((field) => ({ field, before: shown(field, old.get(field)), after: shown(field, now.get(field)) }))
}

/**
 * The leaves of a value by path. Elements that have a name are found by it, so that one that moved is none that changed;
 * a list of plain values is one leaf.
 */
function leaves(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (value === undefined || value === null) return new Map()
  if (isOutput(value)) return new Map([[path, LATER]])
  if (Array.isArray(value)) return listLeaves(value, path)
  if (typeof value !== 'object') return new Map([[path, value]])
  return new Map(
    Object.entries(value).flatMap(([key, member]) => [...leaves(member, path === '' ? key : `${path}.${key}`)]),
  )
}

function listLeaves(list: readonly unknown[], path: string): ReadonlyMap<string, unknown> {
  const isPlain = list.every((element) => typeof element !== 'object' || element === null)
  if (isPlain)
    return list.length === 0
      ? new Map()
      : new Map([[path, UNORDERED.test(path) ? list.map(String).toSorted((a, b) => (a < b ? -1 : 1)) : list]])
  return new Map(list.flatMap((element, index) => [...elementLeaves(element, path, index)]))
}

function elementLeaves(element: unknown, path: string, index: number): ReadonlyMap<string, unknown> {
  const member = ['name', 'key'].find((candidate) => stringIn(element, candidate) !== undefined)
  if (member === undefined) return leaves(element, `${path}[${index}]`)
  const named = leaves(element, `${path}[${stringIn(element, member)}]`)
  // The path says the name already, unless there is nothing else to say.
  return named.size === 1 ? named : new Map([...named].filter(([field]) => !field.endsWith(`].${member}`)))
}

function shown(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (isSecretPath(field)) return HIDDEN
  const safe = withoutSecrets(value)
  const text = typeof safe === 'string' ? safe : JSON.stringify(safe)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
