import type { Labels } from '../label-selector.ts'
import { requirementMatches } from './node-affinity.ts'
import type { NodePool, PoolRequirement } from './problem.ts'

/** Which labels the nodes of a pool carry beyond those of their type and offering. */
export interface PoolLabels {
  /** Template labels, and keys whose requirements leave one value. */
  readonly fixed: Labels
  /** Keys that may have one of several values: a plan settles them when a pod asks. */
  readonly open: readonly OpenKey[]
  /** Whether the requirements contradict each other: then there are no such nodes. */
  readonly isImpossible: boolean
}

export interface OpenKey {
  readonly key: string
  readonly requirements: readonly PoolRequirement[]
}

/** Requirements on a key that no type and no offering decides. */
export function poolLabelsOf(pool: NodePool, decidedElsewhere: (key: string) => boolean): PoolLabels {
  const fixed: Record<string, string> = { ...pool.labels }
  const open: OpenKey[] = []
  let isImpossible = false
  for (const key of new Set(pool.requirements.map((requirement) => requirement.key))) {
    if (decidedElsewhere(key) || fixed[key] !== undefined) continue
    const requirements = pool.requirements.filter((requirement) => requirement.key === key)
    const leaves = whatIsLeft(requirements)
    if (leaves === 'nothing') isImpossible = true
    else if (leaves === 'choice') open.push({ key, requirements })
    else if (leaves !== 'absence') fixed[key] = leaves.value
  }
  return { fixed, open, isImpossible }
}

/** What requirements leave for the label of their key. */
function whatIsLeft(
  requirements: readonly PoolRequirement[],
): 'nothing' | 'absence' | 'choice' | { readonly value: string } {
  const mayBeAbsent = requirements.every((requirement) => requirementMatches(requirement, undefined))
  if (requirements.some(({ operator }) => operator === 'DoesNotExist')) return mayBeAbsent ? 'absence' : 'nothing'
  const values = listedValues(requirements)
  const [value] = values ?? []
  if (values === undefined || values.length > 1) return 'choice'
  return value === undefined ? 'nothing' : { value }
}

/** The values that requirements leave; undefined: they list none. */
function listedValues(requirements: readonly PoolRequirement[]): readonly string[] | undefined {
  const listing = requirements.find(({ operator }) => operator === 'In')
  return listing?.values?.filter((value) => isAllowed(value, requirements))
}

function isAllowed(value: string, requirements: readonly PoolRequirement[]): boolean {
  return requirements.every((requirement) => requirementMatches(requirement, value))
}

/** More settlings of one pool than this are not tried. */
const MOST_VARIANTS = 64

/**
 * The ways to settle the open keys of a pool that make a difference: each key stays open or takes a value that it may have
 * and that a pod mentions.
 */
export function settlingsOf(
  open: readonly OpenKey[],
  mentioned: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Labels[] {
  let settlings: readonly Labels[] = [{}]
  for (const { key, requirements } of open) {
    const hints = mentioned.get(key)
    if (hints === undefined) continue
    const values = new Set([...(listedValues(requirements) ?? []), ...hints])
    const allowed = [...values].filter((value) => isAllowed(value, requirements))
    const settled = allowed.flatMap((value) => settlings.map((labels) => ({ ...labels, [key]: value })))
    settlings = [...settlings, ...settled].slice(0, MOST_VARIANTS)
  }
  return settlings
}
