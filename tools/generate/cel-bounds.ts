import type { SchemaNode } from './schema-node.ts'

/**
 * Where CEL looks at something without a maximum. The API server multiplies what a rule costs by the longest input that
 * the schema allows, and refuses rules past its budget (Kubernetes, "Resource use by validation functions").
 */
export function unboundedForCel(root: SchemaNode, path: string): readonly string[] {
  return search({ node: root, path, rules: '', isSelf: false })
}

interface Place {
  readonly node: SchemaNode
  readonly path: string
  /** The text of every rule at or above the node. */
  readonly rules: string
  /** A rule mentions the node by its name. */
  readonly isSelf: boolean
}

function search({ node, path, rules, isSelf }: Place): readonly string[] {
  const own = (node['x-kubernetes-validations'] ?? []).map(({ rule }) => rule).join('\n')
  const isRead = isSelf || own !== '' || (isMany(node) && hasRules(node))
  const missing = isRead ? missingMaximum(node) : undefined
  const inside = `${rules}\n${own}`
  return [
    ...(missing === undefined ? [] : [`${path} is read by a CEL rule and has no ${missing}`]),
    ...Object.entries(node.properties ?? {}).flatMap(([name, property]) =>
      search({ node: property, path: `${path}.${name}`, rules: inside, isSelf: mentions(inside, name) }),
    ),
    ...elementsOf(node).flatMap(([element, suffix]) =>
      search({ node: element, path: `${path}${suffix}`, rules: inside, isSelf: isRead }),
    ),
  ]
}

function elementsOf({ items, additionalProperties }: SchemaNode): readonly (readonly [SchemaNode, string])[] {
  if (items !== undefined) return [[items, '[]']]
  return typeof additionalProperties === 'object' ? [[additionalProperties, '.*']] : []
}

function isMany(node: SchemaNode): boolean {
  return elementsOf(node).length > 0
}

function hasRules(node: SchemaNode): boolean {
  if (node['x-kubernetes-validations'] !== undefined) return true
  const children = [...Object.values(node.properties ?? {}), ...elementsOf(node).map(([element]) => element)]
  return children.some(hasRules)
}

function mentions(rules: string, name: string): boolean {
  return new RegExp(`\\.${name}\\b`).test(rules)
}

function missingMaximum(node: SchemaNode): string | undefined {
  if (node.items !== undefined) return node.maxItems === undefined ? 'maxItems' : undefined
  if (typeof node.additionalProperties === 'object') {
    return node.maxProperties === undefined ? 'maxProperties' : undefined
  }
  if (node.type !== 'string') return undefined
  const bounded = node.maxLength !== undefined || node.enum !== undefined || node.format !== undefined
  return bounded ? undefined : 'maxLength'
}
