import { isRecord, textOf, type HttpAnswer, type HttpRequest, type ParsedInput } from './http.ts'
import { parseJsonDocument, parseText, readJsonValue, toJson } from './json.ts'
import type { Operation } from './model.ts'
import { readScalar } from './query.ts'
import type { Member, Shape, StructureShape } from './shape.ts'
import { formatOr, writeTimestamp } from './timestamp.ts'

/** Finds the operation whose method and path template fit, the one with the most literal segments first. */
export function matchRoute(operations: Iterable<Operation>, request: HttpRequest): Operation | undefined {
  const matches = [...operations].filter((operation) => labelsIn(operation, request) !== undefined)
  return matches.toSorted((left, right) => literalCount(right) - literalCount(left))[0]
}

function literalCount(operation: Operation): number {
  return segmentsOf(operation.http?.path ?? '').filter((segment) => !segment.startsWith('{')).length
}

function segmentsOf(path: string): string[] {
  return (path.split('?')[0] ?? '').split('/').filter((segment) => segment !== '')
}

type Labels = Readonly<Record<string, string>>

function labelsIn(operation: Operation, request: HttpRequest): Labels | undefined {
  if (operation.http?.method !== request.method) return undefined
  const template = segmentsOf(operation.http.path)
  const actual = segmentsOf(request.path)
  const labels: Record<string, string> = {}
  for (const [index, segment] of template.entries()) {
    const isGreedy = segment.endsWith('+}')
    const text = isGreedy ? actual.slice(index).join('/') : (actual[index] ?? '')
    if (!segmentFits(segment, text)) return undefined
    if (segment.startsWith('{')) labels[segment.replace(/^\{|\+?\}$/g, '')] = decodeURIComponent(text)
    if (isGreedy) return labels
  }
  return template.length === actual.length ? labels : undefined
}

function segmentFits(template: string, text: string): boolean {
  return template.startsWith('{') ? text !== '' : template === text
}

/** Reads an operation's input from path, query, headers and body. */
export function parseRestRequest(request: HttpRequest, operation: Operation): ParsedInput {
  const labels = labelsIn(operation, request) ?? {}
  const members = [...operation.input.members.values()]
  const bound = members.flatMap((member) => {
    const value = boundValue(member, request, labels)
    return value === undefined ? [] : [[member.name, value] as const]
  })
  const body = bodyOf(request, operation.input)
  return { value: { ...body.value, ...Object.fromEntries(bound) }, unknownMembers: body.unknownMembers }
}

function boundValue(member: Member, request: HttpRequest, labels: Labels): unknown {
  const { binding } = member.traits
  switch (binding.in) {
    case 'label':
      return fromText(labels[member.name], member)
    case 'query':
      return fromQuery(request.query[binding.name], member)
    case 'header':
      return fromText(request.headers[binding.name], member)
    case 'prefix-headers':
      return headersWithPrefix(request.headers, binding.name)
    case 'query-map':
      return Object.fromEntries(Object.entries(request.query).filter(([, value]) => typeof value === 'string'))
    case 'payload':
    case 'body':
    case 'status':
      return undefined
  }
}

function fromText(text: string | undefined, member: Member): unknown {
  if (text === undefined) return undefined
  const { shape } = member
  if (shape.type === 'list') return text.split(',').map((part) => fromText(part.trim(), shape.element))
  if (shape.type === 'structure' || shape.type === 'map') return undefined
  return readScalar(text, shape, member.name)
}

function fromQuery(raw: HttpRequest['query'][string], member: Member): unknown {
  if (raw === undefined || raw === null) return undefined
  const { shape } = member
  const texts = typeof raw === 'string' ? [raw] : raw
  if (shape.type === 'list') return texts.map((text) => fromText(text, shape.element))
  return fromText(texts[0], member)
}

function headersWithPrefix(headers: HttpRequest['headers'], prefix: string): Record<string, string> {
  const matching = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(matching.map(([name, value]) => [name.slice(prefix.length), value]))
}

function bodyOf(request: HttpRequest, input: StructureShape): ParsedInput {
  const payload = [...input.members.values()].find((member) => member.traits.binding.in === 'payload')
  if (!payload) return parseJsonDocument(textOf(request.body), bodyShape(input), 'json-names')
  if (request.body.length === 0) return { value: {}, unknownMembers: [] }
  return { value: { [payload.name]: payloadFrom(request.body, payload) }, unknownMembers: [] }
}

function payloadFrom(body: Uint8Array, member: Member): unknown {
  if (member.shape.type === 'blob') return body
  if (member.shape.type === 'string') return textOf(body)
  return readJsonValue(parseText(textOf(body)), member, 'json-names')
}

const bodyShapes = new WeakMap<StructureShape, StructureShape>()

/** A structure without the members that travel outside the body. */
function bodyShape(shape: StructureShape): StructureShape {
  const known = bodyShapes.get(shape)
  if (known) return known
  const members = new Map([...shape.members].filter(([, member]) => member.traits.binding.in === 'body'))
  const narrowed = { ...shape, members }
  bodyShapes.set(shape, narrowed)
  return narrowed
}

/** Writes a result to status, headers and body. */
export function writeRestAnswer(value: Readonly<Record<string, unknown>>, operation: Operation): HttpAnswer {
  const shape = operation.output
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  let status = operation.http?.status ?? 200
  let body = JSON.stringify(toJson(value, bodyShape(shape), 'json-names'))
  for (const member of shape.members.values()) {
    const element = value[member.name]
    if (element === undefined) continue
    const { binding } = member.traits
    if (binding.in === 'status') status = Number(element)
    if (binding.in === 'payload') body = payloadText(element, member.shape)
    Object.assign(headers, headersFor(element, member))
  }
  return { status, headers, body }
}

function payloadText(value: unknown, shape: Shape): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return textOf(value)
  return JSON.stringify(toJson(value, shape, 'json-names'))
}

function headersFor(value: unknown, member: Member): Record<string, string> {
  const { binding } = member.traits
  if (binding.in === 'header') return { [binding.name]: headerText(value, member.shape) }
  if (binding.in !== 'prefix-headers' || !isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [binding.name + name, String(text)]))
}

function headerText(value: unknown, shape: Shape): string {
  if (!(value instanceof Date)) return String(value)
  return String(writeTimestamp(value, formatOr(shape.type === 'timestamp' ? shape.format : 'default', 'http-date')))
}
