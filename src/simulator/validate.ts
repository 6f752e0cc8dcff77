import { constraintsOf, violationOf, type Constraint, type Overlay } from './constraint.ts'
import { isRecord } from './protocol/http.ts'
import type { Shape, StructureShape } from './protocol/shape.ts'

/** A place in a value and what is wrong there. */
export interface Violation {
  readonly path: string
  readonly message: string
}

/** Everything in an input that its model forbids: missing members, violated constraints, unions with several members. */
export function inputViolations(value: unknown, shape: StructureShape, overlay: Overlay): readonly Violation[] {
  return structureViolations(value, shape, { path: '', overlay })
}

interface Place {
  readonly path: string
  readonly overlay: Overlay
}

function within(place: Place, step: string): Place {
  return { ...place, path: place.path === '' ? step.replace(/^\./, '') : place.path + step }
}

function structureViolations(value: unknown, shape: StructureShape, place: Place): readonly Violation[] {
  if (!isRecord(value)) return []
  const constraints = constraintsOf(place.overlay, shape.name)
  const missing = shape.required.filter((name) => isMissing(value, name, shape))
  const members = Object.entries(value).flatMap(([name, element]) => {
    const member = shape.members.get(name)
    if (!member || element === undefined) return []
    return valueViolations(element, member.shape, { place: within(place, `.${name}`), constraint: constraints[name] })
  })
  return [
    ...missing.map((name) => ({ path: within(place, `.${name}`).path, message: 'Member must not be null' })),
    ...unionViolations(value, shape, place),
    ...members,
  ]
}

function isMissing(value: Readonly<Record<string, unknown>>, name: string, shape: StructureShape): boolean {
  // Tokens may be left out: models mark some as required that SDKs fill in and other clients omit.
  return value[name] === undefined && !shape.members.get(name)?.traits.isIdempotencyToken
}

function unionViolations(
  value: Readonly<Record<string, unknown>>,
  shape: StructureShape,
  place: Place,
): readonly Violation[] {
  const isBroken = shape.isUnion && Object.keys(value).length !== 1
  return isBroken ? [{ path: place.path, message: 'Union must have exactly one member set' }] : []
}

interface Rules {
  readonly place: Place
  readonly constraint: Constraint | undefined
}

function valueViolations(value: unknown, shape: Shape, { place, constraint }: Rules): readonly Violation[] {
  const own = constraint && violationOf(value, constraint)
  const inner = innerViolations(value, shape, { place, constraint })
  return own === undefined ? inner : [{ path: place.path, message: own }, ...inner]
}

function innerViolations(value: unknown, shape: Shape, { place, constraint }: Rules): readonly Violation[] {
  if (shape.type === 'structure') return structureViolations(value, shape, place)
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.flatMap((element, index) =>
      valueViolations(element, shape.element.shape, {
        place: within(place, `[${index}]`),
        constraint: constraint?.element,
      }),
    )
  }
  if (shape.type !== 'map' || !isRecord(value)) return []
  return Object.entries(value).flatMap(([key, element]) => [
    ...valueViolations(key, shape.key.shape, { place: within(place, `.${key}`), constraint: constraint?.key }),
    ...valueViolations(element, shape.value.shape, { place: within(place, `.${key}`), constraint: constraint?.value }),
  ])
}

/** Says the first thing that makes a handler's result differ from its output shape; undefined: it fits. */
export function outputProblem(value: unknown, shape: Shape, path = 'the result'): string | undefined {
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? structureProblem(value, shape, path) : `${path} must be a structure`
    case 'list':
      if (!Array.isArray(value)) return `${path} must be a list`
      return firstProblem(value.entries(), ([index, element]) =>
        outputProblem(element, shape.element.shape, `${path}[${index}]`),
      )
    case 'map':
      if (!isRecord(value)) return `${path} must be a map`
      return firstProblem(Object.entries(value), ([key, element]) =>
        outputProblem(element, shape.value.shape, `${path}.${key}`),
      )
    case 'timestamp':
      return value instanceof Date ? undefined : `${path} must be a Date`
    case 'blob':
      return value instanceof Uint8Array ? undefined : `${path} must be a Uint8Array`
    case 'document':
      return undefined
    case 'big-integer':
    case 'big-decimal':
      return undefined
    default:
      return typeof value === shape.type ? undefined : `${path} must be a ${shape.type}`
  }
}

function structureProblem(
  value: Readonly<Record<string, unknown>>,
  shape: StructureShape,
  path: string,
): string | undefined {
  const missing = shape.required.find((name) => value[name] === undefined)
  if (missing !== undefined) return `${path}.${missing} is required`
  return firstProblem(Object.entries(value), ([name, element]) => {
    const member = shape.members.get(name)
    if (!member) return `${path}.${name} is no member of ${shape.name}`
    return element === undefined ? undefined : outputProblem(element, member.shape, `${path}.${name}`)
  })
}

function firstProblem<T>(items: Iterable<T>, problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item)
    if (problem !== undefined) return problem
  }
  return undefined
}
