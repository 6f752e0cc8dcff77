import * as z from 'zod'

/** The part of JSON Schema (draft 7) that chart values use. */
export interface ValueNode {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly anyOf?: readonly ValueNode[]
  readonly properties?: Readonly<Record<string, ValueNode>>
  readonly required?: readonly string[]
  readonly items?: ValueNode
  readonly propertyNames?: ValueNode
  readonly additionalProperties?: boolean | ValueNode
}

/** What a value may be: the values as the operator uses them, not the text in which flags and variables carry them. */
export function valueNodeFrom(schema: z.ZodType): ValueNode {
  const emitted = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, writtenForm(zodSchema)),
  })
  return tidied(JSON.parse(JSON.stringify(emitted)))
}

/** A setting that is parsed into something of ours stays the text that people write. */
function writtenForm(schema: z.core.$ZodTypes): object {
  const { def } = schema._zod
  if (def.type !== 'pipe' || (def.out as z.core.$ZodTypes)._zod.def.type !== 'transform') return {}
  return z.toJSONSchema(def.in, { target: 'draft-7' })
}

const SAFE = Number.MAX_SAFE_INTEGER

/** Without what zod says of every whole number and text, and with nothing required that has a default. */
function tidied(node: ValueNode): ValueNode {
  const { properties, required = [], items, anyOf, additionalProperties: rest } = node
  const needed = required.filter((name) => !isFilledIn(properties?.[name]))
  const { required: _, propertyNames: __, ...kept } = withoutNoise(node)
  return {
    ...kept,
    ...(properties && { properties: mapValues(properties, tidied) }),
    ...(needed.length > 0 && { required: needed }),
    ...(items && { items: tidied(items) }),
    ...(anyOf && { anyOf: anyOf.map(tidied) }),
    ...(typeof rest === 'object' && { additionalProperties: tidied(rest) }),
  }
}

function withoutNoise({ minimum, maximum, ...kept }: ValueNode & { readonly $schema?: string }): ValueNode {
  const { $schema: _, ...rest } = kept
  return {
    ...rest,
    ...(minimum !== undefined && minimum !== -SAFE && { minimum }),
    ...(maximum !== undefined && maximum !== SAFE && { maximum }),
  }
}

/** It has a default, or it is a group whose members all may be missing. */
function isFilledIn(node: ValueNode | undefined): boolean {
  if (node?.default !== undefined) return true
  const { properties, required = [] } = node ?? {}
  return properties !== undefined && required.every((name) => isFilledIn(properties[name]))
}

function mapValues(record: Readonly<Record<string, ValueNode>>, change: (node: ValueNode) => ValueNode) {
  return Object.fromEntries(Object.entries(record).map(([name, node]) => [name, change(node)]))
}

/** Whether it is a group with values of its own below it, rather than a value. */
export function isGroup(node: ValueNode): boolean {
  return node.properties !== undefined && node.default === undefined
}
