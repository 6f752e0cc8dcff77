import { NormalizedSchema } from '@smithy/core/schema'
import { structureFrom, type StructureShape } from './shape.ts'

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]

export interface Operation {
  readonly name: string
  readonly input: StructureShape
  readonly output: StructureShape
  /** REST-JSON only: method, path template and success status. */
  readonly http: { readonly method: string; readonly path: string; readonly status: number } | undefined
}

export interface ErrorModel {
  /** Smithy shape name, which is the code in the JSON protocols. */
  readonly name: string
  /** The code in the Query protocols, also after a move to JSON. */
  readonly queryCode: string
  readonly status: number
  readonly fault: 'client' | 'server'
  readonly shape: StructureShape
}

export interface ServiceModel {
  readonly operations: ReadonlyMap<string, Operation>
  /** By shape name and by Query code. */
  readonly errors: ReadonlyMap<string, ErrorModel>
}

/** Kinds of the schema tuples that SDK packages export, first element of each tuple. */
const OPERATION = 9
const ERROR = -3

/** Indexes the exports of an SDK client package: its schema tuples are the wire format of the service. */
export function modelFrom(packageExports: Readonly<Record<string, unknown>>): ServiceModel {
  const tuples = Object.values(packageExports).filter(isTuple)
  const operations = tuples.filter((tuple) => tuple[0] === OPERATION).map(operationFrom)
  const errors = tuples.filter((tuple) => tuple[0] === ERROR).map(errorFrom)
  return {
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: new Map(errors.flatMap((error) => [[error.queryCode, error] as const, [error.name, error] as const])),
  }
}

/** `[kind, namespace, name, traits, …]`; operations go on with input and output. */
type Tuple = readonly [number, string, string, TraitSet, SchemaRef, SchemaRef]
type TraitSet = Readonly<Record<string, unknown>> | number

function isTuple(value: unknown): value is Tuple {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[2] === 'string' && value.length >= 5
}

function operationFrom([, , name, traits, input, output]: Tuple): Operation {
  return { name, input: structureFrom(input), output: structureFrom(output), http: httpFrom(traits) }
}

function httpFrom(traits: TraitSet): Operation['http'] {
  const http = typeof traits === 'object' ? traits['http'] : undefined
  if (!Array.isArray(http)) return undefined
  const [method, path, status]: unknown[] = http
  return { method: String(method), path: String(path), status: Number(status) }
}

function errorFrom(tuple: Tuple): ErrorModel {
  const [, , name, traitSet] = tuple
  const traits = typeof traitSet === 'object' ? traitSet : {}
  const query: unknown[] = Array.isArray(traits['awsQueryError']) ? traits['awsQueryError'] : []
  const fault = traits['error'] === 'server' ? 'server' : 'client'
  const status = Number(traits['httpError'] ?? query[1] ?? (fault === 'server' ? 500 : 400))
  return { name, queryCode: typeof query[0] === 'string' ? query[0] : name, status, fault, shape: errorShape(tuple) }
}

/** A tuple is itself a schema; only its parts are typed above, so that the compiler checks how they are used. */
function errorShape(tuple: unknown): StructureShape {
  if (!isSchemaRef(tuple)) throw new Error('an error schema must be a tuple')
  return structureFrom(tuple)
}

function isSchemaRef(value: unknown): value is SchemaRef {
  return Array.isArray(value)
}
