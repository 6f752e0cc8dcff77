import { AwsFault } from '../service.ts'
import { isRecord, type ParsedInput } from './http.ts'
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from './shape.ts'
import { formatOr, parseTimestamp, writeTimestamp } from './timestamp.ts'

/** Whether the `jsonName` trait counts: REST-JSON honours it, the RPC protocols do not. */
export type JsonNames = 'member-names' | 'json-names'

/** Parses a JSON document for a structure. An empty body counts as `{}`. */
export function parseJsonDocument(text: string, shape: StructureShape, names: JsonNames): ParsedInput {
  const unknownMembers: string[] = []
  const raw = text.trim() === '' ? {} : parseText(text)
  return { value: readStructure(raw, shape, { path: '', names, unknownMembers }), unknownMembers }
}

/** Reads one parsed JSON value, for REST-JSON payloads. */
export function readJsonValue(raw: unknown, member: Member, names: JsonNames): unknown {
  return readValue(raw, member.shape, { path: member.name, names, unknownMembers: [] })
}

export function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AwsFault('SerializationException', 'the body is not JSON')
  }
}

interface Place {
  /** For messages: `tags[0].key`; '' at the root. */
  readonly path: string
  readonly names: JsonNames
  readonly unknownMembers: string[]
}

function within(place: Place, step: string): Place {
  return { ...place, path: place.path === '' ? step.replace(/^\./, '') : place.path + step }
}

function readValue(raw: unknown, shape: Shape, place: Place): unknown {
  switch (shape.type) {
    case 'structure':
      return readStructure(raw, shape, place)
    case 'list':
      return readList(raw, shape, place)
    case 'map':
      return readMap(raw, shape, place)
    case 'timestamp':
      return typeof raw === 'number' || typeof raw === 'string'
        ? parseTimestamp(raw, place.path)
        : refuse(place, 'a timestamp')
    default:
      return readScalar(raw, shape, place)
  }
}

function readStructure(raw: unknown, shape: StructureShape, place: Place): Record<string, unknown> {
  if (!isRecord(raw)) return refuse(place, 'a structure')
  const value: Record<string, unknown> = {}
  const known = membersByWireName(shape, place.names)
  for (const [key, element] of Object.entries(raw)) {
    const member = known.get(key)
    const path = within(place, `.${key}`)
    if (!member) place.unknownMembers.push(path.path)
    // JSON null means absent in every AWS JSON protocol.
    else if (element !== null) value[member.name] = readValue(element, member.shape, path)
  }
  return value
}

const byJsonName = new WeakMap<StructureShape, ReadonlyMap<string, Member>>()

function membersByWireName(shape: StructureShape, names: JsonNames): ReadonlyMap<string, Member> {
  if (names === 'member-names') return shape.members
  const known = byJsonName.get(shape)
  if (known) return known
  const members = new Map([...shape.members.values()].map((member) => [member.traits.jsonName ?? member.name, member]))
  byJsonName.set(shape, members)
  return members
}

function readList(raw: unknown, shape: ListShape, place: Place): unknown[] {
  if (!Array.isArray(raw)) return refuse(place, 'a list')
  return raw.map((element, index) => readValue(element, shape.element.shape, within(place, `[${index}]`)))
}

function readMap(raw: unknown, shape: MapShape, place: Place): Record<string, unknown> {
  if (!isRecord(raw)) return refuse(place, 'a map')
  const entries = Object.entries(raw).filter(([, element]) => element !== null)
  return Object.fromEntries(
    entries.map(([key, element]) => [key, readValue(element, shape.value.shape, within(place, `.${key}`))]),
  )
}

function readScalar(raw: unknown, shape: ScalarShape, place: Place): unknown {
  switch (shape.type) {
    case 'document':
      return raw
    case 'blob':
      return typeof raw === 'string' ? new Uint8Array(Buffer.from(raw, 'base64')) : refuse(place, 'a base64 string')
    case 'string':
    case 'boolean':
      return typeof raw === shape.type ? raw : refuse(place, `a ${shape.type}`)
    case 'number':
      return typeof raw === 'number' || isSpecialNumber(raw) ? Number(raw) : refuse(place, 'a number')
    case 'big-integer':
    case 'big-decimal':
      return typeof raw === 'number' ? raw : refuse(place, 'a number')
  }
}

/** JSON has no notation for these; AWS writes them as strings. */
function isSpecialNumber(raw: unknown): boolean {
  return raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity'
}

function refuse(place: Place, expected: string): never {
  throw new AwsFault('SerializationException', `${place.path || 'the body'} must be ${expected}`)
}

/** Turns a value into what `JSON.stringify` writes for its shape. Members that the shape does not have are left out. */
export function toJson(value: unknown, shape: Shape, names: JsonNames): unknown {
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? structureToJson(value, shape, names) : value
    case 'list':
      return Array.isArray(value) ? value.map((element) => toJson(element, shape.element.shape, names)) : value
    case 'map':
      return isRecord(value) ? mapToJson(value, shape, names) : value
    case 'timestamp':
      return value instanceof Date ? writeTimestamp(value, formatOr(shape.format, 'epoch-seconds')) : value
    case 'blob':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
    case 'number':
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
    default:
      return value
  }
}

function structureToJson(
  value: Readonly<Record<string, unknown>>,
  shape: StructureShape,
  names: JsonNames,
): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  for (const [name, element] of Object.entries(value)) {
    const member = shape.members.get(name)
    if (!member || element === undefined || element === null) continue
    json[names === 'json-names' ? (member.traits.jsonName ?? name) : name] = toJson(element, member.shape, names)
  }
  return json
}

function mapToJson(
  value: Readonly<Record<string, unknown>>,
  shape: MapShape,
  names: JsonNames,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [key, toJson(element, shape.value.shape, names)]),
  )
}
