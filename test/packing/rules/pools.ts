import type { InstanceType, Labels, NodePool, Offering, PoolRequirement, Taint } from '../documents.ts'
import { type Amounts, amountsFrom } from './amounts.ts'
import { matchesExpression, valueOf } from './label-query.ts'
import { CAPACITY_TYPE, CAPACITY_TYPE_ALIAS, HOSTNAME, NODE_POOL, ZONE } from './well-known.ts'

/** A pool with what rules ask of it worked out. */
export interface Pool {
  readonly name: string
  readonly weight: number
  readonly limits: Amounts
  readonly taints: readonly Taint[]
  readonly startupTaints: readonly Taint[]
  readonly labels: Labels
  readonly requirements: readonly PoolRequirement[]
  /** Keys of requirements that neither types, offerings nor the pool's labels give a value to: plans may. */
  readonly customKeys: readonly string[]
}

const SETTLED_KEYS: ReadonlySet<string> = new Set([HOSTNAME, ZONE, CAPACITY_TYPE, CAPACITY_TYPE_ALIAS, NODE_POOL])

/**
 * The shape is that of Karpenter's NodePools (its page "NodePools"). A key that any instance type has as a label belongs to
 * the types: a type without it does not have it, whatever the pool asks for. Any other key is the pool's own.
 */
export function poolFrom({ metadata, spec }: NodePool, typeKeys: ReadonlySet<string>): Pool {
  const { metadata: { labels = {} } = {}, spec: node = {} } = spec.template ?? {}
  const { requirements = [], taints = [], startupTaints = [] } = node
  return {
    name: metadata.name,
    weight: spec.weight ?? 0,
    limits: amountsFrom(spec.limits),
    taints,
    startupTaints,
    labels,
    requirements,
    customKeys: customKeysOf(requirements, (key) => typeKeys.has(key) || Object.hasOwn(labels, key)),
  }
}

function customKeysOf(requirements: readonly PoolRequirement[], isGiven: (key: string) => boolean): readonly string[] {
  const keys = new Set(requirements.map(({ key }) => key))
  return [...keys].filter((key) => !SETTLED_KEYS.has(key) && !isGiven(key))
}

/** Without pools there is one that asks for nothing. Its name is nowhere settled. */
export function poolWithoutRequirements(name: string): Pool {
  const nothing = { labels: {}, requirements: [], customKeys: [], taints: [], startupTaints: [] }
  return { name, weight: 0, limits: new Map(), ...nothing }
}

/** Whether a custom key of the pool may have this value. */
export function allowsValue(pool: Pool, key: string, value: string | undefined): boolean {
  return pool.requirements.every((requirement) => requirement.key !== key || matchesExpression(requirement, value))
}

/** The values that a custom key can have, where the pool names them. */
function namedValues(pool: Pool, key: string): readonly string[] | undefined {
  const lists = pool.requirements.filter((requirement) => requirement.key === key && requirement.operator === 'In')
  if (lists.length === 0) return undefined
  return [...new Set(lists.flatMap(({ values = [] }) => values))].filter((value) => allowsValue(pool, key, value))
}

/** The only value that a custom key allows; undefined: there are others. */
export function singleValue(pool: Pool, key: string): string | undefined {
  const [only, ...others] = namedValues(pool, key) ?? []
  return others.length > 0 ? undefined : only
}

/** Custom keys that allow exactly one value: every node of the pool has them. */
function singleValues(pool: Pool): Labels {
  return Object.fromEntries(
    pool.customKeys.flatMap((key) => {
      const only = singleValue(pool, key)
      return only === undefined ? [] : [[key, only]]
    }),
  )
}

/** What becomes a node: a type of a pool, in an offering, with values for open keys. */
export interface Recipe {
  readonly pool: Pool
  readonly type: InstanceType
  readonly offering: Pick<Offering, 'zone' | 'capacityType'>
  readonly chosen: Labels
}

/** The labels of a new node (formats.md, `longshore pack`). */
export function labelsOfNew({ pool, type, offering, chosen }: Recipe, name: string): Labels {
  return {
    ...type.labels,
    ...pool.labels,
    ...chosen,
    ...singleValues(pool),
    [ZONE]: offering.zone,
    [CAPACITY_TYPE]: offering.capacityType,
    [CAPACITY_TYPE_ALIAS]: offering.capacityType,
    [NODE_POOL]: pool.name,
    [HOSTNAME]: name,
  }
}

/** The pool's requirements that a node with these labels does not meet. A custom key without a value is not settled yet. */
export function unmetRequirements(pool: Pool, labels: Labels): readonly PoolRequirement[] {
  return pool.requirements.filter((requirement) => {
    const value = valueOf(labels, requirement.key)
    if (value === undefined && pool.customKeys.includes(requirement.key)) return isVoid(pool, requirement.key)
    return !matchesExpression(requirement, value)
  })
}

/** The pool's own demands on a key leave no value at all. */
function isVoid(pool: Pool, key: string): boolean {
  return namedValues(pool, key)?.length === 0
}
