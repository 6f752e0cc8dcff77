import type { Labels, NodePool, PoolRequirement } from '../documents.ts'
import {
  ARCH,
  ARCHITECTURES,
  CAPACITY,
  CAPACITY_TYPES,
  CATEGORIES,
  CATEGORY,
  CPUS,
  GPU_NAME,
  RACK,
  RACKS,
  STARTUP_TAINT,
  TAINTS,
  TEAM,
  TEAMS,
  TIER,
  TIERS,
  ZONE,
  ZONES,
  pick,
} from './vocabulary.ts'
import type { PoolWords, RequirementWords } from './words.ts'

export function poolName(index: number): string {
  return `pool-${index}`
}

export function poolFrom(words: PoolWords, index: number): NodePool {
  const { requirements, taint, startupTaint, weight, limitCpu } = words
  return {
    metadata: { name: poolName(index) },
    spec: {
      ...(weight !== undefined && { weight }),
      ...(limitCpu !== undefined && { limits: { cpu: `${limitCpu}`, memory: '1000Gi' } }),
      template: {
        metadata: { labels: labelsOf(words) },
        spec: {
          requirements: requirements.map(requirementFrom),
          ...(taint !== undefined && { taints: [pick(TAINTS, taint)] }),
          ...(startupTaint && { startupTaints: [STARTUP_TAINT] }),
        },
      },
    },
  }
}

/** The labels of a pool's template, which its running nodes have, too. */
export function labelsOf({ team, rack }: PoolWords): Labels {
  return {
    ...(team !== undefined && { [TEAM]: pick(TEAMS, team) }),
    ...(rack !== undefined && { [RACK]: pick(RACKS, rack) }),
  }
}

/** Only types have many values of a key, and a list of values has to be as long as `minValues` (Karpenter's own rule). */
function requirementFrom({ about, values, minValues }: RequirementWords): PoolRequirement {
  const requirement = lineFrom(about, values)
  const isOpen = about === 'tier' || about === 'team' || about === 'gpu'
  const isTooMany = requirement.operator === 'In' && (minValues ?? 0) > (requirement.values ?? []).length
  return minValues === undefined || isOpen || isTooMany ? requirement : { ...requirement, minValues }
}

function lineFrom(about: RequirementWords['about'], values: readonly number[]): PoolRequirement {
  const named = (list: readonly [string, ...string[]]) => [...new Set(values.map((value) => pick(list, value)))]
  switch (about) {
    case 'arch':
      return { key: ARCH, operator: 'In', values: named(ARCHITECTURES) }
    case 'zone':
      return { key: ZONE, operator: 'In', values: named(ZONES) }
    case 'not-zone':
      return { key: ZONE, operator: 'NotIn', values: [pick(ZONES, values[0] ?? 0)] }
    case 'capacity':
      return { key: CAPACITY, operator: 'In', values: named(CAPACITY_TYPES) }
    case 'category':
      return { key: CATEGORY, operator: 'In', values: named(CATEGORIES) }
    case 'small':
      return { key: CPUS, operator: 'Lt', values: ['9'] }
    case 'large':
      return { key: CPUS, operator: 'Gt', values: ['1'] }
    case 'team':
      return values.length > 1 ? { key: TEAM, operator: 'In', values: named(TEAMS) } : { key: TEAM, operator: 'Exists' }
    case 'tier':
      return { key: TIER, operator: 'In', values: named(TIERS) }
    case 'gpu':
      return { key: GPU_NAME, operator: 'DoesNotExist' }
  }
}
