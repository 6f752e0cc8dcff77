import type { KindCoverage, OperationCoverage } from '../../src/reconciler/coverage.ts'
import { inputMembers } from './aws-members.ts'
import type { SchemaNode } from './schema-node.ts'

type Account =
  | { readonly type: 'modelled' }
  | { readonly type: 'said-as'; readonly place: string }
  | { readonly type: 'not-modelled'; readonly reason: string }
  | { readonly type: 'open' }

interface MemberAccount {
  readonly member: string
  readonly account: Account
}

/** How a kind accounts for every member of one AWS operation's input. */
export interface OperationAccount {
  readonly kind: string
  readonly service: string
  readonly operation: string
  readonly members: readonly MemberAccount[]
}

/** Accounts for each operation. Errors: an `Error` that names the claim that does not hold. */
export function accountFor(kind: string, spec: SchemaNode, coverage: KindCoverage): readonly OperationAccount[] {
  return coverage.map((claim) => {
    const members = inputMembers(claim.service, claim.operation)
    const problems = [...unknownMembers(claim, members), ...falseClaims(claim, spec)]
    if (problems.length > 0) throw new Error(problems.map((problem) => `${kind}: ${problem}`).join('\n'))
    return {
      kind,
      service: claim.service,
      operation: claim.operation,
      members: members.map((member) => ({ member, account: memberAccount(member, claim, spec) })),
    }
  })
}

function memberAccount(member: string, claim: OperationCoverage, spec: SchemaNode): Account {
  const place = entryFor(member, claim.saidAs)
  if (place !== undefined) return { type: 'said-as', place }
  const reason = entryFor(member, claim.notModelled)
  if (reason !== undefined) return { type: 'not-modelled', reason }
  return hasField(spec, fieldPath(member, claim)) ? { type: 'modelled' } : { type: 'open' }
}

/** An entry covers the member and everything inside it. */
function entryFor(member: string, entries: Readonly<Record<string, string>> = {}): string | undefined {
  const segments = member.split('.')
  const prefixes = segments.map((_, index) => segments.slice(0, index + 1).join('.'))
  return prefixes.map((prefix) => entries[prefix]).find((entry) => entry !== undefined)
}

function fieldPath(member: string, { under = '' }: OperationCoverage): readonly string[] {
  return [...(under === '' ? [] : under.split('.')), ...member.split('.')]
}

function hasField(node: SchemaNode | undefined, path: readonly string[]): boolean {
  if (node === undefined) return false
  const [name, ...rest] = path
  if (name === undefined) return true
  if (node.items !== undefined) return hasField(node.items, path)
  return hasField(node.properties?.[name], rest)
}

function unknownMembers(claim: OperationCoverage, members: readonly string[]): readonly string[] {
  const claimed = Object.keys({ ...claim.saidAs, ...claim.notModelled })
  const unknown = claimed.filter((name) => !members.some((member) => member === name || member.startsWith(`${name}.`)))
  return unknown.map((name) => `${claim.operation} has no member ${name}, which coverage.ts accounts for`)
}

/** A claim that a field is elsewhere or missing must agree with the schema. */
function falseClaims(claim: OperationCoverage, spec: SchemaNode): readonly string[] {
  const missing = Object.values(claim.saidAs ?? {}).filter((place) => {
    return place.startsWith('spec.') && !hasField(spec, place.split('.').slice(1))
  })
  const present = Object.keys(claim.notModelled ?? {}).filter((member) => hasField(spec, fieldPath(member, claim)))
  return [
    ...missing.map((place) => `coverage.ts names ${place}, which the schema does not have`),
    ...present.map((member) => `coverage.ts calls ${member} of ${claim.operation} not modelled, but the schema has it`),
  ]
}
