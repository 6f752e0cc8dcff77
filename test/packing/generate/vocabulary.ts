import type { Taint } from '../documents.ts'
import type { TargetWords } from './words.ts'

/** The few names that random problems are made of. */
export const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const
export const TEAMS = ['red', 'blue', 'green'] as const
export const ARCHITECTURES = ['amd64', 'arm64'] as const
export const CAPACITY_TYPES = ['on-demand', 'spot'] as const
export const NAMESPACES = ['shop', 'back'] as const
export const CATEGORIES = ['c', 'm', 'r'] as const
/** A key that only pools settle. */
export const TIER = 'example.com/tier'
export const TIERS = ['one', 'two', 'three'] as const
export const RACK = 'example.com/rack'
export const RACKS = ['rack-1', 'rack-2', 'rack-3'] as const
export const CATEGORY = 'longshore.dev/instance-category'
export const CPUS = 'longshore.dev/instance-cpu'
export const GPU_NAME = 'longshore.dev/instance-gpu-name'
export const GPU = 'nvidia.com/gpu'
export const TEAM = 'team'

export const ZONE = 'topology.kubernetes.io/zone'
export const HOSTNAME = 'kubernetes.io/hostname'
export const ARCH = 'kubernetes.io/arch'
export const CAPACITY = 'longshore.dev/capacity-type'
export const CAPACITY_ALIAS = 'karpenter.sh/capacity-type'

/** An element of a list, whatever the number. */
export function pick<T>(list: readonly [T, ...T[]], index: number): T {
  return list[index % list.length] ?? list[0]
}

/** What pods may ask of a node's labels, with values that nodes have. */
export const NODE_LABELS: readonly [LabelWords, ...LabelWords[]] = [
  { key: ZONE, values: ZONES },
  { key: ZONE, values: ZONES },
  { key: ARCH, values: ['amd64', 'arm64', 'amd64'] },
  { key: CAPACITY, values: ['on-demand', 'spot', 'on-demand'] },
  { key: CAPACITY_ALIAS, values: ['spot', 'on-demand', 'spot'] },
  { key: TEAM, values: TEAMS },
  { key: TIER, values: TIERS },
  { key: CPUS, values: ['4', '8', '2'] },
]

export interface LabelWords {
  readonly key: string
  readonly values: readonly [string, ...string[]]
}

/** What spread and affinity are over; zones and hosts most of the time. */
export const TOPOLOGY_KEYS: readonly [string, ...string[]] = [
  ZONE,
  HOSTNAME,
  ZONE,
  HOSTNAME,
  ZONE,
  HOSTNAME,
  ZONE,
  HOSTNAME,
  CAPACITY,
  RACK,
]

export const TAINTS: readonly [Taint, ...Taint[]] = [
  { key: 'dedicated', value: 'red', effect: 'NoSchedule' },
  { key: 'dedicated', value: 'blue', effect: 'NoExecute' },
  { key: 'soft', effect: 'PreferNoSchedule' },
]

export const STARTUP_TAINT = { key: 'example.com/starting', effect: 'NoSchedule' }

export function appName(app: number): string {
  return `app-${app}`
}

/** Which pods a term is about. */
export function selectorOf({ app }: TargetWords, own: string) {
  if (app === 'all') return {}
  return { matchLabels: { app: app === 'own' ? own : appName(app) } }
}
