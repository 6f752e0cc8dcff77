import type { SchemaNode } from '../../../tools/generate/schema-node.ts'
import type { Chance } from './chance.ts'

/** Texts of the shapes that occur in specs; those that a schema takes are used for its fields. */
const TEXTS: readonly string[] = [
  'a',
  'hello',
  'demo-1',
  'team/app',
  '512',
  '1024',
  '4096',
  '/data',
  '10',
  'LATEST',
  '1.4.0',
  '8000-8100',
  'subnet-1',
  'sg-1',
  'NET_RAW',
  'alias/mine',
  'dev-*',
  '123456789012',
  'lambda.amazonaws.com',
  'CMD-SHELL',
  '{}',
  '{"rules":[]}',
  'arn:aws:iam::123456789012:role/app',
  'arn:aws:ecs:eu-central-1:123456789012:cluster/demo_demo-cluster',
  'arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1',
  'arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-AbCdEf',
]

const MAX_ELEMENTS = 3
const OPTIONAL_MEMBERS = 0.3

/** A value that the schema takes, as far as it says itself; CEL rules are not looked at. */
export function sampleOf(node: SchemaNode, chance: Chance): unknown {
  if (node.enum !== undefined) return chance.one(node.enum)
  switch (node.type) {
    case 'boolean':
      return chance.happens(0.5)
    case 'integer':
      return integerOf(node, chance)
    case 'string':
      return chance.one(TEXTS.filter((text) => isTaken(text, node))) ?? 'x'.repeat(node.minLength ?? 1)
    case 'array':
      return elementsOf(node, chance)
    default:
      return membersOf(node, chance)
  }
}

function isTaken(text: string, { minLength = 0, maxLength = Infinity, pattern }: SchemaNode): boolean {
  return (
    text.length >= minLength && text.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(text))
  )
}

function integerOf({ minimum = 0, maximum = 1000 }: SchemaNode, chance: Chance): number {
  return chance.one([minimum, maximum, minimum + chance.index(Math.min(1000, maximum - minimum) + 1)]) ?? minimum
}

function elementsOf({ items = {}, minItems = 0, maxItems = MAX_ELEMENTS }: SchemaNode, chance: Chance): unknown[] {
  const count = Math.max(minItems, chance.index(Math.min(MAX_ELEMENTS, maxItems) + 1))
  return Array.from({ length: count }, () => sampleOf(items, chance))
}

function membersOf({ properties = {}, required = [], additionalProperties }: SchemaNode, chance: Chance): object {
  if (typeof additionalProperties === 'object') return { key: sampleOf(additionalProperties, chance) }
  const chosen = Object.entries(properties).filter(
    ([name]) => required.includes(name) || chance.happens(OPTIONAL_MEMBERS),
  )
  return Object.fromEntries(chosen.map(([name, property]) => [name, sampleOf(property, chance)]))
}
