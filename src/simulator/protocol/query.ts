import { AwsFault } from '../service.ts'
import type { ParsedInput } from './http.ts'
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from './shape.ts'
import { parseTimestamp } from './timestamp.ts'

/** How member names become form keys. */
export type QueryDialect = 'query' | 'ec2'

/** A form body as a tree: `Tags.member.1.Key=a` is four levels deep. */
export interface FormNode {
  readonly value: string | undefined
  readonly children: ReadonlyMap<string, FormNode>
}

interface GrowingNode extends FormNode {
  value: string | undefined
  readonly children: Map<string, GrowingNode>
}

export function parseForm(text: string): FormNode {
  const root: GrowingNode = { value: undefined, children: new Map() }
  for (const [key, value] of new URLSearchParams(text)) {
    let node = root
    for (const step of key.split('.')) node = childOf(node, step)
    node.value = value
  }
  return root
}

function childOf(node: GrowingNode, step: string): GrowingNode {
  const existing = node.children.get(step)
  if (existing) return existing
  const child: GrowingNode = { value: undefined, children: new Map() }
  node.children.set(step, child)
  return child
}

/** Form keys that belong to the protocol, not to the operation's input. */
const PROTOCOL_KEYS = new Set(['Action', 'Version'])

/** Reads the members of a structure from a form. */
export function readForm(form: FormNode, shape: StructureShape, dialect: QueryDialect): ParsedInput {
  const unknownMembers: string[] = []
  const children = new Map([...form.children].filter(([key]) => !PROTOCOL_KEYS.has(key)))
  const place = { path: '', dialect, unknownMembers }
  return { value: readStructure({ value: undefined, children }, shape, place), unknownMembers }
}

interface Place {
  readonly path: string
  readonly dialect: QueryDialect
  readonly unknownMembers: string[]
}

function within(place: Place, step: string): Place {
  return { ...place, path: place.path === '' ? step : `${place.path}.${step}` }
}

function readStructure(node: FormNode, shape: StructureShape, place: Place): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const known = new Map([...shape.members.values()].map((member) => [structureKey(member, place.dialect), member]))
  for (const [key, child] of node.children) {
    const member = known.get(key)
    if (member) value[member.name] = readMember(child, member, within(place, key))
    else place.unknownMembers.push(within(place, key).path)
  }
  return value
}

function readMember(node: FormNode, member: Member, place: Place): unknown {
  const { shape } = member
  switch (shape.type) {
    case 'structure':
      return readStructure(node, shape, place)
    case 'list':
      return readList(node, shape, member, place)
    case 'map':
      return readMap(node, shape, member, place)
    default:
      return readScalar(node.value ?? '', shape, place.path)
  }
}

function readList(node: FormNode, shape: ListShape, member: Member, place: Place): unknown[] {
  const isFlat = place.dialect === 'ec2' || member.traits.isFlattened
  const holder = isFlat ? node : node.children.get(elementKey(shape.element, 'member', place.dialect))
  return numbered(holder).map(([index, child]) => readMember(child, shape.element, within(place, index)))
}

function readMap(node: FormNode, shape: MapShape, member: Member, place: Place): Record<string, unknown> {
  const holder = member.traits.isFlattened ? node : node.children.get('entry')
  const keyName = elementKey(shape.key, 'key', place.dialect)
  const valueName = elementKey(shape.value, 'value', place.dialect)
  const entries = numbered(holder).map(([index, child]) => {
    const key = child.children.get(keyName)?.value ?? ''
    const value = child.children.get(valueName)
    return [key, value ? readMember(value, shape.value, within(place, `${index}.${valueName}`)) : undefined]
  })
  return Object.fromEntries(entries)
}

/** Children in the order of their numbers, which need not be the order in which they were sent. */
function numbered(node: FormNode | undefined): readonly (readonly [string, FormNode])[] {
  return [...(node?.children ?? [])].sort(([left], [right]) => Number(left) - Number(right))
}

function structureKey(member: Member, dialect: QueryDialect): string {
  const { xmlName, ec2QueryName } = member.traits
  if (dialect === 'query') return xmlName ?? member.name
  if (ec2QueryName !== undefined) return ec2QueryName
  const key = xmlName ?? member.name
  return key.charAt(0).toUpperCase() + key.slice(1)
}

function elementKey(member: Member, fallback: string, dialect: QueryDialect): string {
  const own = dialect === 'ec2' ? member.traits.ec2QueryName : undefined
  return own ?? member.traits.xmlName ?? fallback
}

type FormScalar = Extract<Shape, ScalarShape | { type: 'timestamp' }>

/** Reads a scalar that travels as text: in forms, path labels, query strings and headers. */
export function readScalar(text: string, shape: FormScalar, path: string): unknown {
  switch (shape.type) {
    case 'timestamp':
      return parseTimestamp(text, path)
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'))
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : refuse(path, 'true or false')
    case 'number':
    case 'big-integer':
    case 'big-decimal':
      return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : refuse(path, 'a number')
    case 'string':
    case 'document':
      return text
  }
}

function refuse(path: string, expected: string): never {
  throw new AwsFault('MalformedInput', `${path} must be ${expected}`)
}
