import type { Labels } from '../label-selector.ts'
import { requirementMatches, type LabelLookup } from './node-affinity.ts'
import { poolLabelsOf, settlingsOf, type OpenKey } from './pool-labels.ts'
import type { InstanceType, NodePool, Offering } from './problem.ts'
import { CAPACITY_TYPE, CAPACITY_TYPE_ALIAS, EBS_ZONE, HOSTNAME, INSTANCE_TYPE, NODE_POOL, ZONE } from './well-known.ts'

/** A node that could be made: a type from a pool in a zone for a price, with its open labels settled in one way. */
export interface Candidate {
  readonly pool: number
  readonly type: number
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  /** Labels of open keys that this one settles. */
  readonly settled: Labels
  /** Value of a label; `OPEN` when it is not settled. */
  readonly label: LabelLookup
}

/** Stands for a label that a plan may still settle: nothing that is asked of it holds. */
export const OPEN = '\u0000open'
/** Stands for the name of a node that does not exist yet. */
const NEW_HOST = '\u0000new'

/** Every node that could be made, pool by pool. `mentioned`: values that pods ask for, by label key. */
export function candidatesOf(
  pools: readonly NodePool[],
  types: readonly InstanceType[],
  mentioned: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Candidate[] {
  const typeKeys = new Set(types.flatMap(({ labels }) => Object.keys(labels)))
  return pools.flatMap((pool, index) => {
    const { fixed, open, isImpossible } = poolLabelsOf(pool, (key) => typeKeys.has(key) || OFFERED_KEYS.has(key))
    if (isImpossible) return []
    const settlings = settlingsOf(open, mentioned)
    return settlings.flatMap((settled) => candidatesIn({ pool, index, fixed, open, settled }, types))
  })
}

/** Keys that the type or the offering decides, whatever labels the types list. */
const OFFERED_KEYS: ReadonlySet<string> = new Set([
  ZONE,
  EBS_ZONE,
  CAPACITY_TYPE,
  CAPACITY_TYPE_ALIAS,
  INSTANCE_TYPE,
  HOSTNAME,
  NODE_POOL,
])

interface Variant {
  readonly pool: NodePool
  readonly index: number
  readonly fixed: Labels
  readonly open: readonly OpenKey[]
  readonly settled: Labels
}

function candidatesIn(variant: Variant, types: readonly InstanceType[]): readonly Candidate[] {
  return types.flatMap((type, index) => {
    const make = (offering: Offering): Candidate => candidateFrom(variant, { type, index }, offering)
    return type.offerings
      .filter(({ available }) => available)
      .map(make)
      .filter((candidate) => isWanted(candidate, variant))
  })
}

/** The requirements of the pool hold; keys that are still open hold as they are. */
function isWanted({ label }: Candidate, { pool }: Variant): boolean {
  return pool.requirements.every((requirement) => {
    const value = label(requirement.key)
    return value === OPEN || requirementMatches(requirement, value)
  })
}

function candidateFrom(
  { pool, index, fixed, open, settled }: Variant,
  { type, index: typeIndex }: { readonly type: InstanceType; readonly index: number },
  { zone, capacityType, priceUsdPerHour }: Offering,
): Candidate {
  const offered: Labels = {
    [ZONE]: zone,
    [EBS_ZONE]: zone,
    [CAPACITY_TYPE]: capacityType,
    [CAPACITY_TYPE_ALIAS]: capacityType,
    [NODE_POOL]: pool.name,
    [HOSTNAME]: NEW_HOST,
  }
  const label = (key: string): string | undefined => {
    const value = offered[key] ?? settled[key] ?? fixed[key] ?? type.labels[key]
    if (value !== undefined) return value
    if (key === INSTANCE_TYPE) return type.name
    return open.some((one) => one.key === key) ? OPEN : undefined
  }
  return { pool: index, type: typeIndex, zone, capacityType, priceUsdPerHour, settled, label }
}
