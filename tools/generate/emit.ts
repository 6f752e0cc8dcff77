import * as z from 'zod'
import type { SchemaNode } from './schema-node.ts'

type Schema = z.core.$ZodTypes

const CONVERTED =
  'converts its input, which the API server does not: keep the value as written and convert it in compose'
const UNTYPED = 'has no type that JSON knows: use string, number, boolean, object, array or enum'

/** Zod types whose meaning a CRD cannot carry, each with what to do instead. */
const LOST: Readonly<Partial<Record<Schema['_zod']['def']['type'], string>>> = {
  pipe: CONVERTED,
  transform: CONVERTED,
  catch: 'hides a wrong value behind .catch: use .default',
  prefault: 'uses .prefault: use .default',
  tuple: 'is a tuple: use an object with a field for each member',
  intersection: 'is an intersection: use .extend, so that there is one object',
  bigint: UNTYPED,
  custom: UNTYPED,
  date: UNTYPED,
  file: UNTYPED,
  function: UNTYPED,
  map: UNTYPED,
  nan: UNTYPED,
  never: UNTYPED,
  promise: UNTYPED,
  set: UNTYPED,
  symbol: UNTYPED,
  undefined: UNTYPED,
  void: UNTYPED,
}

/**
 * What zod says about the input of `schema`, as OpenAPI 3.0. What would vanish without a word (transforms, refinements,
 * checks of map keys) leaves a mark (`x-lost`, `x-refined`) for `zodProblems` to find.
 */
export function emitSchema(schema: z.ZodType): SchemaNode {
  const emitted = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    // Defaulted fields stay optional; objects are what users write, not what parsing gives.
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, marksFor(zodSchema)),
  })
  // Zod's result carries hidden members besides the schema; a copy through JSON leaves them behind.
  return JSON.parse(JSON.stringify(emitted))
}

function marksFor(schema: Schema): SchemaNode {
  const lost = LOST[schema._zod.def.type] ?? lostByChecks(schema)
  const refined = checksOf(schema).includes('custom') || checksKeys(schema)
  return { ...(lost !== undefined && { 'x-lost': lost }), ...(refined && { 'x-refined': true }) }
}

function lostByChecks(schema: Schema): string | undefined {
  const def = schema._zod.def
  const converts = ('coerce' in def && def.coerce === true) || checksOf(schema).includes('overwrite')
  return converts ? CONVERTED : undefined
}

function checksOf(schema: Schema): readonly string[] {
  return (schema._zod.def.checks ?? []).map((check) => check._zod.def.check)
}

function checksKeys(schema: Schema): boolean {
  const def = schema._zod.def
  if (def.type !== 'record') return false
  const key = def.keyType._zod.def
  return key.type !== 'string' || (key.checks ?? []).length > 0
}
