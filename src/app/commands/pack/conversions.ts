import { amountsFrom } from '../../../core/quantity.ts'
import type { InstanceType, NodePool, PoolRequirement } from '../../../core/scheduling/problem.ts'
import type { NodePoolManifest } from './schema/node-pool.ts'
import type { InstanceTypeEntry } from './schema/settings.ts'

/** The pool of a problem that has none: every type, everywhere. */
export const DEFAULT_POOL: NodePool = {
  name: 'default',
  weight: 0,
  requirements: [],
  labels: {},
  taints: [],
  limits: {},
}

/** What a manifest of a pool says about nodes. */
export function nodePoolFrom({ metadata, spec = {} }: NodePoolManifest): NodePool {
  const { template = {}, weight = 0, limits = {} } = spec
  return {
    name: metadata.name,
    weight,
    labels: template.metadata?.labels ?? {},
    ...templateFrom(template.spec ?? {}),
    limits: amountsFrom(limits),
  }
}

function templateFrom({ requirements = [], taints = [], startupTaints = [] }: PoolTemplate) {
  return {
    requirements: requirements.map(requirementFrom),
    taints,
    ...(startupTaints.length > 0 && { startupTaints }),
  }
}

type PoolSpec = NonNullable<NodePoolManifest['spec']>
type PoolTemplate = NonNullable<NonNullable<PoolSpec['template']>['spec']>
type ManifestRequirement = NonNullable<PoolTemplate['requirements']>[number]

/** Gte and Lte are Karpenter's; among whole numbers Gt and Lt say the same. */
function requirementFrom({ operator, ...requirement }: ManifestRequirement): PoolRequirement {
  const shifted = (by: number): readonly string[] =>
    (requirement.values ?? []).map((value) => String(Number(value) + by))
  switch (operator) {
    case 'Gte':
      return { ...requirement, operator: 'Gt', values: shifted(-1) }
    case 'Lte':
      return { ...requirement, operator: 'Lt', values: shifted(1) }
    default:
      return { ...requirement, operator }
  }
}

/** A type as a document lists it. Without a capacity what pods may use is all there is. */
export function instanceTypeFrom({
  name,
  capacity,
  allocatable,
  labels = {},
  offerings,
}: InstanceTypeEntry): InstanceType {
  return {
    name,
    capacity: amountsFrom(capacity ?? allocatable),
    allocatable: amountsFrom(allocatable),
    labels,
    offerings: offerings.map(({ available = true, ...offering }) => ({ ...offering, available })),
  }
}
