import type { ImmutableField } from '../../src/reconciler/kind.ts'
import { type Crd, specSchema, statusSchema } from './crd.ts'
import type { KindSource } from './kind-source.ts'
import { MARKDOWN_HEADER, table } from './markdown.ts'
import type { SchemaNode, ValidationRule } from './schema-node.ts'

/** docs/kinds/<kind>.md: what the kind is for, its fields with types and rules, an example. */
export function kindPage({ kind, example }: KindSource, crd: Crd): string {
  const { names, group, versions } = crd.spec
  return [
    MARKDOWN_HEADER,
    `# ${kind.kind}`,
    kind.presentation.description,
    `\`apiVersion: ${group}/${versions[0]?.name}\`, \`kind: ${kind.kind}\`; \`kubectl get ${[names.plural, ...names.shortNames].join('|')}\`. ` +
      `Drift is looked for every ${kind.driftSeconds} seconds.`,
    '## Example',
    `\`\`\`yaml\n${example.trim()}\n\`\`\``,
    '## Spec',
    fieldTable(specSchema(kind), kind.immutable),
    ...ruleList(specSchema(kind)),
    '## Status',
    fieldTable(statusSchema(kind), []),
    '## Needs in AWS',
    table(['Action', 'On', 'Why'], permissionRows(kind.resources)),
  ].join('\n\n')
}

interface Field {
  readonly path: string
  readonly node: SchemaNode
  readonly isRequired: boolean
}

function fieldTable(root: SchemaNode, immutable: readonly ImmutableField[]): string {
  const isImmutable = (path: string) => immutable.some(({ field }) => path === field || path.startsWith(`${field}.`))
  const rows = fieldsIn(root, '').map(({ path, node, isRequired }) => {
    const marks = [...(isRequired ? ['required'] : []), ...(isImmutable(path) ? ['immutable'] : [])]
    return [`\`${path}\``, typeOf(node), marks.join(', '), node.description ?? '']
  })
  return table(['Field', 'Type', '', 'What it says'], rows)
}

function fieldsIn(node: SchemaNode, path: string): readonly Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const field = { path: `${path}${name}`, node: property, isRequired: node.required?.includes(name) ?? false }
    const element = elementOf(property)
    return [field, ...fieldsIn(element, `${field.path}${element === property ? '.' : '[].'}`)]
  })
}

function elementOf(node: SchemaNode): SchemaNode {
  if (node.items !== undefined) return elementOf(node.items)
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : node
}

function typeOf(node: SchemaNode): string {
  if (node['x-kubernetes-int-or-string'] === true) return 'integer or string'
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (node.items !== undefined) return `list of ${typeOf(node.items)}${range(undefined, node.maxItems, ', at most ')}`
  if (typeof node.additionalProperties === 'object') return `map to ${typeOf(node.additionalProperties)}`
  if (node.type === 'integer' || node.type === 'number') return `${node.type}${range(node.minimum, node.maximum, ' ')}`
  return `${node.type ?? 'anything'}${node.format === undefined ? '' : ` (${node.format})`}`
}

function range(minimum: number | undefined, maximum: number | undefined, before: string): string {
  if (maximum === undefined) return minimum === undefined ? '' : `${before}≥ ${minimum}`
  return minimum === undefined ? `${before}${maximum}` : `${before}${minimum}–${maximum}`
}

function ruleList(root: SchemaNode): readonly string[] {
  const rules = rulesIn(root, 'spec')
  if (rules.length === 0) return []
  return ['Rules that `kubectl apply` checks:', rules.map((rule) => `- ${rule}`).join('\n')]
}

function rulesIn(node: SchemaNode, path: string): readonly string[] {
  const own = rulesOf(node).map(({ rule, message }) => `\`${path}\`: ${message ?? `\`${rule}\``}`)
  const properties = Object.entries(node.properties ?? {})
  const element = elementOf(node)
  return [
    ...own,
    ...properties.flatMap(([name, property]) => rulesIn(property, `${path}.${name}`)),
    ...(element === node ? [] : rulesIn(element, `${path}[]`)),
  ]
}

function rulesOf(node: SchemaNode): readonly ValidationRule[] {
  return node['x-kubernetes-validations'] ?? []
}

function permissionRows(resources: KindSource['kind']['resources']): readonly (readonly string[])[] {
  const rows = resources.flatMap(({ permissions }) => permissions)
  const sorted = rows.toSorted((a, b) => (a.action < b.action ? -1 : 1))
  return sorted.map(({ action, arn, why }) => [`\`${action}\``, `\`${arn}\``, why])
}
