import type { Labels, Node, Taint } from '../documents.ts'
import { labelsOf, poolName } from './pools.ts'
import {
  ARCH,
  CAPACITY,
  CAPACITY_ALIAS,
  HOSTNAME,
  STARTUP_TAINT,
  TAINTS,
  TEAM,
  TEAMS,
  ZONE,
  ZONES,
  pick,
} from './vocabulary.ts'
import type { NodeWords, PoolWords } from './words.ts'

export function nodeName(index: number): string {
  return `node-${index}`
}

/** A running node, of one of the pools or of none. */
export function nodeFrom(words: NodeWords, index: number, pools: readonly PoolWords[]): Node {
  const name = nodeName(index)
  const pool = words.pool === undefined ? undefined : pools[words.pool]
  const amounts = { cpu: `${words.cpu}`, memory: `${words.cpu * 4}Gi`, pods: '29' }
  const taints = taintsOf(words, pool)
  return {
    metadata: { name, labels: { [HOSTNAME]: name, ...labelsFrom(words), ...(pool && labelsOf(pool)) } },
    spec: { ...(taints.length > 0 && { taints }), ...(words.cordoned && { unschedulable: true }) },
    status: { capacity: amounts, allocatable: { ...amounts, cpu: `${words.cpu * 1000 - 100}m` } },
  }
}

function labelsFrom({ zone, spot, pool, team }: NodeWords): Labels {
  const capacityType = spot ? 'spot' : 'on-demand'
  return {
    [ZONE]: pick(ZONES, zone),
    [ARCH]: 'amd64',
    'kubernetes.io/os': 'linux',
    [CAPACITY]: capacityType,
    [CAPACITY_ALIAS]: capacityType,
    ...(pool !== undefined && { 'longshore.dev/nodepool': poolName(pool) }),
    ...(team !== undefined && { [TEAM]: pick(TEAMS, team) }),
  }
}

/** Where no daemon runs yet the node is still starting. */
function taintsOf({ taint, hasDaemons }: NodeWords, pool: PoolWords | undefined): readonly Taint[] {
  const isStarting = pool?.startupTaint && !hasDaemons
  return [...(taint === undefined ? [] : [pick(TAINTS, taint)]), ...(isStarting ? [STARTUP_TAINT] : [])]
}
