import { isRecord, type ParsedInput } from './http.ts'
import type { MapShape, Shape, StructureShape } from './shape.ts'

/**
 * Copies a structure as the wire would carry it: nothing shared with the original, absent members left out, and those
 * named that the shape does not have. Scalars are taken as they are: the compiler has seen the caller's types.
 */
export function readDirectly(value: object, shape: StructureShape): ParsedInput {
  const unknownMembers: string[] = []
  return { value: copyOfStructure({ ...value }, shape, { path: '', unknownMembers }), unknownMembers }
}

interface Place {
  /** For messages: `tags[0].key`; '' at the root. */
  readonly path: string
  readonly unknownMembers: string[]
}

function copyOf(value: unknown, shape: Shape, place: Place): unknown {
  if (value instanceof Date) return new Date(value)
  if (value instanceof Uint8Array) return value.slice()
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((element, index) => copyOf(element, shape.element.shape, within(place, `[${index}]`)))
  }
  if (shape.type === 'structure' && isRecord(value)) return copyOfStructure(value, shape, place)
  if (shape.type === 'map' && isRecord(value)) return copyOfMap(value, shape, place)
  return shape.type === 'document' ? structuredClone(value) : value
}

function copyOfStructure(
  value: Readonly<Record<string, unknown>>,
  shape: StructureShape,
  place: Place,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [name, element] of Object.entries(value)) {
    if (element === undefined || element === null) continue
    const member = shape.members.get(name)
    const inside = within(place, place.path === '' ? name : `.${name}`)
    if (member) copy[name] = copyOf(element, member.shape, inside)
    else place.unknownMembers.push(inside.path)
  }
  return copy
}

function copyOfMap(value: Readonly<Record<string, unknown>>, shape: MapShape, place: Place): Record<string, unknown> {
  const present = Object.entries(value).filter(([, element]) => element !== undefined && element !== null)
  return Object.fromEntries(
    present.map(([key, element]) => [key, copyOf(element, shape.value.shape, within(place, `.${key}`))]),
  )
}

function within({ path, unknownMembers }: Place, step: string): Place {
  return { path: path + step, unknownMembers }
}
