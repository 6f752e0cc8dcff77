import type { Step } from '../../../core/plan.ts'
import { fieldChanges, type FieldChange } from './field-changes.ts'

/** Members of a step that say what it is, not what it writes; and ARNs, which say what it writes to. */
const ABOUT: ReadonlySet<string> = new Set(['type', 'effect', 'summary', 'adopts', 'arn', 'keys', 'text'])

/**
 * What a step would change in what AWS has, as far as the step carries values under the names that AWS's answer has
 * them under; a step that does not is told by its summary alone.
 */
export function stepChanges(step: Step, observed: readonly unknown[]): readonly FieldChange[] {
  const [current] = observed
  if (typeof current !== 'object' || current === null) return []
  const now = new Map<string, unknown>(Object.entries(current))
  return Object.entries(step).flatMap(([name, value]) => {
    if (ABOUT.has(name)) return []
    if (now.has(name)) return wantedChanges(now.get(name), value, name)
    return isObject(value) ? memberChanges(now, value) : []
  })
}

/** Some steps hold their values in a member of their own (`change`), AWS's answer at its top. */
function memberChanges(now: ReadonlyMap<string, unknown>, value: object): readonly FieldChange[] {
  return Object.entries(value).flatMap(([name, member]) =>
    now.has(name) ? wantedChanges(now.get(name), member, name) : [],
  )
}

/** Absent in what is wanted means: left as it is. */
function wantedChanges(before: unknown, after: unknown, path: string): readonly FieldChange[] {
  return fieldChanges(before, after, path).filter(({ after: wanted, before: had }) => {
    return wanted !== undefined && !(had === undefined && isOff(wanted))
  })
}

/** AWS leaves out of its answers what is off. */
function isOff(text: string): boolean {
  return ['false', '0', '', 'DISABLED', 'NONE'].includes(text)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
