import type { Block } from '../core/plan.ts'

/** Our annotations on an object, without their prefix: what its owner asks for besides the spec. */
export type Requests = Readonly<Record<string, string>>

/** Every annotation that we know, with the values that it may have; undefined: any text. */
const KNOWN: Readonly<Record<string, readonly string[] | undefined>> = {
  paused: ['true', 'false'],
  mode: ['Manage', 'Observe'],
  drift: ['Repair', 'Report'],
  adopt: ['true', 'accept', 'false'],
  'deletion-policy': ['Delete', 'Retain'],
  ignore: undefined,
  'reconcile-at': undefined,
  'retry-rollout': undefined,
  'allow-references-from': undefined,
}

/** A misspelt annotation must not pass for absent: it may be the one that protects the object. */
export function annotationBlocks(requests: Requests): readonly Block[] {
  return Object.entries(requests).flatMap(([name, value]) => {
    const problem = problemWith(name, value)
    if (problem === undefined) return []
    const field = `metadata.annotations["longshore.dev/${name}"]`
    return [{ reason: 'InvalidSpec', field, message: `${field} ${problem}` }]
  })
}

function problemWith(name: string, value: string): string | undefined {
  if (!Object.hasOwn(KNOWN, name)) return `is not known; known are ${Object.keys(KNOWN).join(', ')}`
  const allowed = KNOWN[name]
  if (allowed === undefined || allowed.includes(value)) return undefined
  return `is "${value}", but must be one of ${allowed.join(', ')}`
}

/** Paths of the fields that `longshore.dev/ignore` names, such as `desiredCount` or `spec.tags`. */
export function ignoredFields({ ignore = '' }: Requests): readonly string[] {
  const fields = ignore.split(',').map((field) => field.trim().replace(/^spec\./, ''))
  return fields.filter((field) => field !== '')
}

/** The spec without some of its fields: absent means not managed. */
export function withoutFields(spec: unknown, fields: readonly string[]): unknown {
  return fields.reduce((rest, field) => withoutPath(rest, field.split('.')), spec)
}

function withoutPath(value: unknown, [member, ...deeper]: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || member === undefined) return value
  const members = Object.entries(value).flatMap(([key, inner]) => {
    if (key !== member) return [[key, inner] as const]
    return deeper.length === 0 ? [] : [[key, withoutPath(inner, deeper)] as const]
  })
  return Object.fromEntries(members)
}
