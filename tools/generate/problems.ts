import { RE2JS } from 're2js'
import { type SchemaNode, type Visit, visits } from './schema-node.ts'
import { hasUncheckedFormat, isIntOrString } from './structural.ts'
import { unboundedForCel } from './cel-bounds.ts'

/** Says what is wrong with one node, without its path; undefined: nothing. */
type Rule = (visit: Visit) => string | undefined

/** What zod means and a CRD cannot say. For a schema as emitted. */
export function zodProblems(root: SchemaNode, path: string): readonly string[] {
  return problems(root, path, [isLost, isRefinedOnly, isReference, isUnion])
}

/** What the API server would refuse or silently ignore. For a schema in structural form. */
export function structuralProblems(root: SchemaNode, path: string): readonly string[] {
  const rules = [lacksType, lacksSentence, hasFormat, hasBadPattern, hasBadDefault, hasBadListType, hasLooseListKeys]
  return [...problems(root, path, rules), ...unboundedForCel(root, path)]
}

function problems(root: SchemaNode, path: string, rules: readonly Rule[]): readonly string[] {
  return [...visits(root, path)].flatMap((visit) => rules.flatMap((rule) => sentence(visit, rule)))
}

function sentence(visit: Visit, rule: Rule): readonly string[] {
  const problem = rule(visit)
  return problem === undefined ? [] : [`${visit.path} ${problem}`]
}

function isLost({ node }: Visit): string | undefined {
  return node['x-lost']
}

function isRefinedOnly({ node }: Visit): string | undefined {
  if (node['x-refined'] !== true || node['x-kubernetes-validations'] !== undefined) return undefined
  return 'has a check (.refine, or of map keys) that the API server cannot run: add its twin in CEL as x-kubernetes-validations'
}

function isReference({ node }: Visit): string | undefined {
  return node.$ref === undefined ? undefined : 'is recursive or has an id: CRDs have no $ref'
}

function isUnion({ node }: Visit): string | undefined {
  if (node.oneOf === undefined && (node.anyOf === undefined || isIntOrString(node.anyOf))) return undefined
  return 'is a union: use z.enum, or one object of optional fields with a CEL rule that says which belong together'
}

function lacksType({ node }: Visit): string | undefined {
  const typed = node.type ?? node['x-kubernetes-int-or-string'] ?? node['x-kubernetes-preserve-unknown-fields']
  if (typed !== undefined || node.anyOf !== undefined || node.oneOf !== undefined) return undefined
  return 'has no type: say what it is, or mark it x-kubernetes-preserve-unknown-fields'
}

function lacksSentence({ node, role }: Visit): string | undefined {
  if (role === 'element') return undefined
  if (node.description === undefined) return 'has no description'
  return /[.!?]$/.test(node.description) ? undefined : 'has a description that is not a sentence with a full stop'
}

function hasFormat({ node }: Visit): string | undefined {
  return hasUncheckedFormat(node) ? `has the format ${node.format}, which the API server does not know` : undefined
}

function hasBadPattern({ node }: Visit): string | undefined {
  const patterns = [node, ...(node.allOf ?? [])].flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern]))
  const bad = patterns.find((pattern) => !isRe2(pattern))
  return bad === undefined
    ? undefined
    : `has the pattern ${bad}, which RE2 does not accept (no look-around, no back-references)`
}

function isRe2(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

function hasBadDefault({ node, role }: Visit): string | undefined {
  if (node.default === null) return 'has the default null'
  return role === 'root' && node.nullable === true ? 'is nullable at its root' : undefined
}

function hasBadListType({ node }: Visit): string | undefined {
  if (node.uniqueItems === true) return 'uses uniqueItems: use x-kubernetes-list-type: set'
  if (node['x-kubernetes-list-type'] !== 'set') return undefined
  const scalar = ['string', 'integer', 'number', 'boolean'].includes(node.items?.type ?? '')
  return scalar ? undefined : 'is a set of what is not scalar: use a list map'
}

function hasLooseListKeys({ node }: Visit): string | undefined {
  if (node['x-kubernetes-list-type'] !== 'map') return undefined
  const keys = node['x-kubernetes-list-map-keys'] ?? []
  const loose = keys.filter((key) => !isFirmKey(node.items, key))
  if (keys.length === 0) return 'is a list map without keys'
  return loose.length === 0
    ? undefined
    : `has list-map keys that are neither required nor defaulted: ${loose.join(', ')}`
}

function isFirmKey(items: SchemaNode | undefined, key: string): boolean {
  const property = items?.properties?.[key]
  if (property === undefined || property.nullable === true) return false
  return property.default !== undefined || (items?.required?.includes(key) ?? false)
}
