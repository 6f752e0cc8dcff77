/** What a service's model demands of a value beyond its type. Lengths count characters, elements, entries or bytes. */
export interface Constraint {
  readonly min?: number
  readonly max?: number
  /** Must match as a whole. */
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly element?: Constraint
  readonly key?: Constraint
  readonly value?: Constraint
}

/** Constraints by structure name, then member name. */
export type Overlay = Readonly<Record<string, Readonly<Record<string, Constraint>>>>

const EMPTY: Readonly<Record<string, Constraint>> = {}

export function constraintsOf(overlay: Overlay, structure: string): Readonly<Record<string, Constraint>> {
  return overlay[structure] ?? EMPTY
}

/** Says what `value` violates of its own constraint, in the words of AWS's validation errors; undefined: nothing. */
export function violationOf(value: unknown, constraint: Constraint): string | undefined {
  const size = sizeOf(value)
  const noun = typeof value === 'number' ? 'value' : 'length'
  if (constraint.min !== undefined && size < constraint.min)
    return `Member must have ${noun} greater than or equal to ${constraint.min}`
  if (constraint.max !== undefined && size > constraint.max)
    return `Member must have ${noun} less than or equal to ${constraint.max}`
  return typeof value === 'string' ? textViolation(value, constraint) : undefined
}

function textViolation(text: string, { enum: allowed, pattern }: Constraint): string | undefined {
  if (allowed && !allowed.includes(text)) return `Member must satisfy enum value set: [${allowed.join(', ')}]`
  if (pattern !== undefined && !regexFor(pattern).test(text))
    return `Member must satisfy regular expression pattern: ${pattern}`
  return undefined
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

const compiled = new Map<string, RegExp>()

/** AWS's patterns are Java's: some need Unicode mode (`\p{L}`), others use escapes that Unicode mode forbids. */
function regexFor(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const whole = `^(?:${pattern})$`
  const regex = compile(whole, 'u') ?? new RegExp(whole)
  compiled.set(pattern, regex)
  return regex
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}
