import * as z from 'zod'
import { InputProblem, pathText, wrongField, type Path } from '../input-problem.ts'

/** What the schema makes of a value that stands at `path`. Throws an `InputProblem` about the first thing that is wrong. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path): z.output<Schema> {
  const first = schema.safeParse(value)
  if (first.success) return first.data
  // To Kubernetes null is the same as absent. It is rare, so that only what fails is looked through for it.
  const second = schema.safeParse(withoutNulls(value))
  if (second.success) return second.data
  throw complaintAbout(second.error, value, path, schema)
}

function complaintAbout(error: z.ZodError, value: unknown, path: Path, schema: z.ZodType): InputProblem {
  const [issue] = error.issues
  if (issue === undefined) return wrongField(path, 'something else', value)
  const inside = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const field = [...path, ...inside]
  if (issue.code !== 'unrecognized_keys') return wrongField(field, issue.message, valueAt(value, inside))
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : 'none'
  return new InputProblem(`${pathText([...field, issue.keys[0] ?? ''])} is not known: ${pathText(field)} has ${known}`)
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), value)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]))
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null
}
