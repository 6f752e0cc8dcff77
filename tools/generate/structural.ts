import { type SchemaNode, withChildren } from './schema-node.ts'

/**
 * Formats that the API server checks (apiextensions-apiserver, supported formats); it strips all others. `duration` is
 * left out: there it means Go's notation, in zod ISO 8601.
 */
const SERVER_FORMATS: ReadonlySet<string> = new Set(
  'uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 byte date date-time password'.split(' '),
)
const MAX_INT32 = 2 ** 31 - 1

/** Rewrites what zod emits into the form that CRDs call structural; what has no such form stays for the problem lists. */
export function structuralFrom(node: SchemaNode): SchemaNode {
  const rewritten = REWRITES.reduce((schema, rewrite) => rewrite(schema), node)
  return withChildren(rewritten, structuralFrom)
}

const REWRITES: readonly ((node: SchemaNode) => SchemaNode)[] = [
  withoutNoise,
  withOpenObjects,
  withIntegerFormat,
  withIntOrString,
  withPlainAllOf,
  withServerFormat,
]

function withoutNoise(node: SchemaNode): SchemaNode {
  const noise = new Set(['$schema', 'readOnly', 'x-lost', 'x-refined'])
  return pick(node, (key, value) => !noise.has(key) && !(key === 'additionalProperties' && value === false))
}

/** `additionalProperties` excludes `properties` and `required`: a loose object says it in Kubernetes' own word. */
function withOpenObjects(node: SchemaNode): SchemaNode {
  if (typeof node.additionalProperties !== 'object') return node
  if (node.properties === undefined) return pick(node, (key) => key !== 'required')
  return { ...pick(node, (key) => key !== 'additionalProperties'), 'x-kubernetes-preserve-unknown-fields': true }
}

/** Bounds at the edge of what JavaScript or 32 bits can hold say nothing that the format does not. */
function withIntegerFormat(node: SchemaNode): SchemaNode {
  if (node.type !== 'integer') return node
  const { minimum = -Infinity, maximum = Infinity } = node
  const format = minimum >= -MAX_INT32 - 1 && maximum <= MAX_INT32 ? 'int32' : 'int64'
  const bounds = new Set<unknown>([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -MAX_INT32 - 1, MAX_INT32])
  return { ...pick(node, (key, value) => !(isBound(key) && bounds.has(value))), format }
}

function isBound(key: string): boolean {
  return key === 'minimum' || key === 'maximum'
}

/** The one union that may keep types inside `anyOf`, and only in exactly this form. */
function withIntOrString(node: SchemaNode): SchemaNode {
  const { anyOf } = node
  if (!isIntOrString(anyOf)) return node
  return { ...node, anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true }
}

export function isIntOrString(anyOf: readonly SchemaNode[] | undefined): boolean {
  const types = anyOf?.map((option) => option.type).sort()
  return types?.join() === 'integer,string'
}

/** Several patterns come as `allOf` with the type repeated inside, where types are forbidden. */
function withPlainAllOf(node: SchemaNode): SchemaNode {
  if (node.allOf === undefined) return node
  return { ...node, allOf: node.allOf.map((part) => pick(part, (key) => key !== 'type')) }
}

/** The server's own check replaces zod's pattern for the same format, which may need look-around. */
function withServerFormat(node: SchemaNode): SchemaNode {
  if (node.type !== 'string' || node.format === undefined) return node
  if (SERVER_FORMATS.has(node.format)) return pick(node, (key) => key !== 'pattern')
  return node.pattern === undefined ? node : pick(node, (key) => key !== 'format')
}

/** Whether a format is left that nobody would check. */
export function hasUncheckedFormat(node: SchemaNode): boolean {
  return node.type === 'string' && node.format !== undefined && !SERVER_FORMATS.has(node.format)
}

function pick(node: SchemaNode, keep: (key: string, value: unknown) => boolean): SchemaNode {
  return Object.fromEntries(Object.entries(node).filter(([key, value]) => keep(key, value)))
}
