import { NormalizedSchema } from '@smithy/core/schema'

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]

export type TimestampFormat = 'default' | 'date-time' | 'http-date' | 'epoch-seconds'

/** What a value on the wire looks like: the SDK's schema in the simulator's own words. */
export type Shape = StructureShape | ListShape | MapShape | TimestampShape | ScalarShape

export interface StructureShape {
  readonly type: 'structure'
  /** Smithy shape name; '' for the empty input or output of operations without one. */
  readonly name: string
  /** Exactly one member is set. */
  readonly isUnion: boolean
  readonly members: ReadonlyMap<string, Member>
  readonly required: readonly string[]
}
export interface ListShape {
  readonly type: 'list'
  readonly element: Member
}
export interface MapShape {
  readonly type: 'map'
  readonly key: Member
  readonly value: Member
}
export interface TimestampShape {
  readonly type: 'timestamp'
  readonly format: TimestampFormat
}
export interface ScalarShape {
  readonly type: 'string' | 'boolean' | 'number' | 'big-integer' | 'big-decimal' | 'blob' | 'document'
}

/** A member of a structure, the element of a list, the key or value of a map. */
export interface Member {
  readonly name: string
  /** Resolved on first use, because shapes may contain themselves. */
  readonly shape: Shape
  readonly traits: Traits
}

export interface Traits {
  readonly jsonName: string | undefined
  readonly xmlName: string | undefined
  readonly ec2QueryName: string | undefined
  readonly isFlattened: boolean
  readonly isSensitive: boolean
  readonly isStreaming: boolean
  readonly isIdempotencyToken: boolean
  readonly binding: HttpBinding
}

/** Where REST-JSON carries a member. */
export type HttpBinding =
  | { readonly in: 'body' | 'label' | 'payload' | 'status' | 'query-map' }
  | { readonly in: 'query' | 'header' | 'prefix-headers'; readonly name: string }

/** The empty structure, for operations without input or output. */
const UNIT: StructureShape = { type: 'structure', name: '', isUnion: false, members: new Map(), required: [] }

/** Reads one of the schema tuples that SDK packages export. */
export function structureFrom(ref: SchemaRef): StructureShape {
  const schema = NormalizedSchema.of(ref)
  if (schema.isUnitSchema()) return UNIT
  const shape = shapeFrom(schema)
  if (shape.type !== 'structure') throw new Error(`${schema.getName() ?? 'a schema'} is no structure`)
  return shape
}

const compiled = new WeakMap<object, Shape>()

function shapeFrom(schema: NormalizedSchema): Shape {
  const tuple = schema.getSchema()
  if (typeof tuple !== 'object') return compile(schema)
  const known = compiled.get(tuple)
  if (known) return known
  const shape = compile(schema)
  compiled.set(tuple, shape)
  return shape
}

function compile(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) return compileStructure(schema)
  if (schema.isListSchema()) return { type: 'list', element: memberFrom('member', schema.getValueSchema()) }
  if (schema.isMapSchema()) {
    return {
      type: 'map',
      key: memberFrom('key', schema.getKeySchema()),
      value: memberFrom('value', schema.getValueSchema()),
    }
  }
  if (schema.isTimestampSchema()) return { type: 'timestamp', format: timestampFormat(schema.getSchema()) }
  return { type: scalarType(schema) }
}

function compileStructure(schema: NormalizedSchema): StructureShape {
  const members = [...schema.structIterator()].map(([name, member]) => memberFrom(name, member))
  return {
    type: 'structure',
    name: schema.getName() ?? '',
    isUnion: schema.isUnionSchema(),
    members: new Map(members.map((member) => [member.name, member])),
    required: members.slice(0, requiredCount(schema)).map((member) => member.name),
  }
}

/** The last element of a structure's tuple counts its required members, which come first. */
function requiredCount(schema: NormalizedSchema): number {
  const tuple: unknown = schema.getSchema()
  const count: unknown = Array.isArray(tuple) ? tuple[6] : 0
  return typeof count === 'number' ? count : 0
}

function memberFrom(name: string, schema: NormalizedSchema): Member {
  let shape: Shape | undefined
  return {
    name,
    traits: traitsFrom(schema),
    get shape() {
      return (shape ??= shapeFrom(schema))
    },
  }
}

function traitsFrom(schema: NormalizedSchema): Traits {
  const traits = schema.getMergedTraits()
  return {
    jsonName: traits.jsonName,
    // Of the XML names only the member's own counts: a structure's own name is for documents that have it as root.
    xmlName: schema.getMemberTraits().xmlName,
    ec2QueryName: textOf(traits['ec2QueryName']),
    isFlattened: Boolean(traits.xmlFlattened),
    isSensitive: Boolean(traits.sensitive),
    isStreaming: schema.isStreaming(),
    isIdempotencyToken: schema.isIdempotencyToken(),
    binding: bindingFrom(traits),
  }
}

function bindingFrom(traits: ReturnType<NormalizedSchema['getMergedTraits']>): HttpBinding {
  if (traits.httpLabel) return { in: 'label' }
  if (traits.httpQuery) return { in: 'query', name: traits.httpQuery }
  if (traits.httpHeader) return { in: 'header', name: traits.httpHeader.toLowerCase() }
  if (traits.httpPrefixHeaders) return { in: 'prefix-headers', name: traits.httpPrefixHeaders.toLowerCase() }
  if (traits.httpPayload) return { in: 'payload' }
  if (traits.httpResponseCode) return { in: 'status' }
  return { in: traits.httpQueryParams ? 'query-map' : 'body' }
}

function scalarType(schema: NormalizedSchema): ScalarShape['type'] {
  if (schema.isStringSchema()) return 'string'
  if (schema.isBooleanSchema()) return 'boolean'
  if (schema.isNumericSchema()) return 'number'
  if (schema.isBlobSchema()) return 'blob'
  if (schema.isBigIntegerSchema()) return 'big-integer'
  if (schema.isBigDecimalSchema()) return 'big-decimal'
  if (schema.isDocumentSchema()) return 'document'
  throw new Error(`the schema of ${schema.getName() ?? 'a member'} has a type that the simulator does not know`)
}

/** Smithy's numeric codes of timestamps: 4 leaves the format to the protocol. */
function timestampFormat(code: unknown): TimestampFormat {
  switch (code) {
    case 5:
      return 'date-time'
    case 6:
      return 'http-date'
    case 7:
      return 'epoch-seconds'
    default:
      return 'default'
  }
}

function textOf(trait: unknown): string | undefined {
  return typeof trait === 'string' ? trait : undefined
}
