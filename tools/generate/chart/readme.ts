import { MARKDOWN_HEADER, table } from '../markdown.ts'
import { type ValueNode, isGroup, valueNodeFrom } from './value-node.ts'
import type { Topics } from './values-file.ts'

/** README of the chart `longshore`: how to install it, and every value. */
export function chartReadme(topics: Topics): string {
  return [
    MARKDOWN_HEADER,
    '# longshore',
    'Runs AWS containers from Kubernetes: the operator, its rights and its CustomResourceDefinitions.',
    '```sh\nhelm install longshore charts/longshore --namespace longshore --create-namespace --set aws.region=eu-central-1\n```',
    '- [docs/install.md](../../docs/install.md): credentials by IRSA, Pod Identity or, for trials, static keys; upgrades; uninstalling.\n' +
      '- [docs/operations.md](../../docs/operations.md): metrics, alerts, and what to do when.\n' +
      '- [docs/security.md](../../docs/security.md): what it may do, in Kubernetes and in AWS.\n' +
      '- `files/iam-policy.json`: the permissions that it needs in AWS.',
    'A value that does not fit is refused, with its name, before anything is installed (`values.schema.json`).',
    '## Values',
    ...Object.entries(topics).flatMap(([topic, values]) => [`### ${topic}`, valuesTable(values)]),
  ].join('\n\n')
}

/** README of the chart `longshore-crds`. */
export function crdsReadme(topics: Topics): string {
  return [
    MARKDOWN_HEADER,
    '# longshore-crds',
    'The CustomResourceDefinitions of longshore alone, for those who install them in a step of their own (GitOps). Use either ' +
      'this chart or `crds.install` of the chart `longshore`, never both; ' +
      '[docs/install.md](../../docs/install.md) says how to move from one to the other.',
    '```sh\nhelm install longshore-crds charts/longshore-crds --namespace longshore --create-namespace\n```',
    '## Values',
    ...Object.values(topics).map(valuesTable),
  ].join('\n\n')
}

function valuesTable(values: Topics[string]): string {
  const rows = Object.entries(values).flatMap(([name, schema]) => rowsOf(name, valueNodeFrom(schema)))
  return table(['Value', 'Type', 'Default', 'What it says'], rows)
}

function rowsOf(path: string, node: ValueNode): readonly (readonly string[])[] {
  if (!isGroup(node)) return [[`\`${path}\``, typeOf(node), defaultOf(node), node.description ?? '']]
  const members = Object.entries(node.properties ?? {}).flatMap(([name, each]) => rowsOf(`${path}.${name}`, each))
  return [[`\`${path}\``, '', '', node.description ?? ''], ...members]
}

function typeOf(node: ValueNode): string {
  if (node.enum !== undefined) return enumOf(node.enum)
  if (node.anyOf !== undefined) return node.anyOf.map(typeOf).join(' or ')
  if (node.type === 'array') return `list of ${node.items === undefined ? 'anything' : typeOf(node.items)}`
  const { minimum, maximum } = node
  const range = minimum === undefined ? '' : ` ${minimum}–${maximum ?? '…'}`
  return `${String(node.type ?? 'anything')}${range}`
}

/** Names of alerts are too many for a cell. */
const MANY = 8

function enumOf(values: readonly unknown[]): string {
  return values.length > MANY ? 'name' : values.map((value) => `\`${String(value)}\``).join(', ')
}

function defaultOf({ default: value }: ValueNode): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``
}
