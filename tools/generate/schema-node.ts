/** A CEL rule as CRDs carry it (apiextensions.k8s.io/v1 ValidationRule). */
export interface ValidationRule {
  readonly rule: string
  readonly message?: string
  readonly messageExpression?: string
  readonly fieldPath?: string
  readonly reason?: string
  readonly optionalOldSelf?: boolean
}

/** The part of JSON schema that zod emits and CRDs accept. */
export interface SchemaNode {
  readonly type?: string
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly nullable?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly additionalProperties?: SchemaNode | boolean
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly allOf?: readonly SchemaNode[]
  readonly $ref?: string
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  /** Ours, gone before the CRD is written: a sentence why zod means more here than a CRD can say. */
  readonly 'x-lost'?: string
  /** Ours, gone before the CRD is written: a `.refine` that the API server will not run. */
  readonly 'x-refined'?: boolean
}

/** A node and where it stands, as users write paths: `spec.tags[].key`, `spec.labels.*`. */
export interface Visit {
  readonly node: SchemaNode
  readonly path: string
  /** `property`: has a name of its own, so that `kubectl explain` shows it. */
  readonly role: 'root' | 'property' | 'element'
}

/** The node and everything below it, parents first. */
export function* visits(node: SchemaNode, path: string, role: Visit['role'] = 'root'): Generator<Visit> {
  yield { node, path, role }
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    yield* visits(property, `${path}.${name}`, 'property')
  }
  if (node.items !== undefined) yield* visits(node.items, `${path}[]`, 'element')
  if (typeof node.additionalProperties === 'object') yield* visits(node.additionalProperties, `${path}.*`, 'element')
}

/** The node with each direct child replaced. */
export function withChildren(node: SchemaNode, change: (child: SchemaNode) => SchemaNode): SchemaNode {
  const { properties, items, additionalProperties } = node
  return {
    ...node,
    ...(properties && { properties: mapValues(properties, change) }),
    ...(items && { items: change(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: change(additionalProperties) }),
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
