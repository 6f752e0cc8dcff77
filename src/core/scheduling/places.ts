import { amountsFrom, type Amounts } from '../quantity.ts'
import type { Candidate } from './candidates.ts'
import type { Node, Taint } from './kubernetes.ts'
import type { LabelLookup } from './node-affinity.ts'
import type { InstanceType, NodePool } from './problem.ts'
import {
  CAPACITY_TYPE,
  CAPACITY_TYPE_ALIAS,
  EBS_ZONE,
  HOSTNAME,
  INSTANCE_TYPE,
  NODE_POOL,
  UNSCHEDULABLE_TAINT,
  ZONE,
} from './well-known.ts'

/** Where pods can be: a node that exists, or one that could be made. */
export interface Place {
  /** Undefined: it does not exist yet. */
  readonly name?: string
  readonly label: LabelLookup
  readonly taints: readonly Taint[]
  /** What pods and daemons may use together. */
  readonly allocatable: Amounts
  /** Undefined: the node exists. */
  readonly candidate: Candidate | undefined
}

/** Nodes that exist, by name, then candidates by price, both in an order that does not depend on the input's. */
export function placesOf(
  nodes: readonly Node[],
  candidates: readonly Candidate[],
  { pools, instanceTypes }: { readonly pools: readonly NodePool[]; readonly instanceTypes: readonly InstanceType[] },
): readonly Place[] {
  const types = new Map(instanceTypes.map((type) => [type.name, type]))
  const starting = new Map(pools.map(({ name, startupTaints = [] }) => [name, startupTaints]))
  const existing = nodes
    .map((node) => existingPlace(node, types, starting))
    .toSorted((a, b) => compareText(a.name, b.name))
  const possible = candidates.map((candidate): Place => {
    const type = instanceTypes[candidate.type]
    const pool = pools[candidate.pool]
    return { label: candidate.label, taints: pool?.taints ?? [], allocatable: type?.allocatable ?? {}, candidate }
  })
  return [...existing, ...possible.toSorted(byPrice)]
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b)
}

function byPrice({ candidate: a }: Place, { candidate: b }: Place): number {
  if (a === undefined || b === undefined) return 0
  return (
    a.priceUsdPerHour - b.priceUsdPerHour ||
    a.pool - b.pool ||
    a.type - b.type ||
    compareText(a.zone, b.zone) ||
    compareText(a.capacityType, b.capacityType)
  )
}

/** Labels that a node which has the other one is taken to have. */
const ALIASES = new Map([
  [CAPACITY_TYPE_ALIAS, CAPACITY_TYPE],
  [EBS_ZONE, ZONE],
])

function existingPlace(
  { metadata, spec = {}, status = {} }: Node,
  types: ReadonlyMap<string, InstanceType>,
  starting: ReadonlyMap<string, readonly Taint[]>,
): Place {
  const labels: Readonly<Record<string, string>> = { [HOSTNAME]: metadata.name, ...metadata.labels }
  // A node on its way has not said yet what it has: its type tells.
  const expected = types.get(labels[INSTANCE_TYPE] ?? '')?.allocatable ?? {}
  const allocatable = status.allocatable === undefined ? expected : amountsFrom(status.allocatable)
  const taints = lastingTaints(spec, starting.get(labels[NODE_POOL] ?? ''))
  const label = (key: string): string | undefined => labels[key] ?? labels[ALIASES.get(key) ?? '']
  return { name: metadata.name, label, taints, allocatable, candidate: undefined }
}

/** Start-up taints go before pods come. */
function lastingTaints({ taints = [], unschedulable }: NonNullable<Node['spec']>, passing: readonly Taint[] = []) {
  const lasting = taints.filter(
    (taint) => !passing.some(({ key, effect }) => key === taint.key && effect === taint.effect),
  )
  return unschedulable === true ? [...lasting, UNSCHEDULABLE_TAINT] : lasting
}
