import { deriveEcsName } from '../../core/name.ts'
import { ownershipTags, type Tags } from '../../core/owner.ts'
import { composed } from '../../reconciler/composed.ts'
import type { ComposeInput } from '../../reconciler/kind.ts'
import { ecsCluster } from '../../resources/ecs-cluster/index.ts'
import type { DesiredCluster } from '../../resources/ecs-cluster/state.ts'
import type { EcsClusterSpec } from './schema.ts'

/** Name of the one resource in the composition. */
export const CLUSTER = 'cluster'

/** An EcsCluster stands for one cluster. */
export function composeEcsCluster({ owner, spec }: Pick<ComposeInput<EcsClusterSpec>, 'owner' | 'spec'>) {
  const desired: DesiredCluster = {
    clusterName: spec.clusterName ?? deriveEcsName(owner.namespace, owner.name),
    tags: { owner: ownershipTags(owner), wanted: spec.tags && tagsFrom(spec.tags) },
    containerInsights: spec.settings?.find(({ name }) => name === 'containerInsights')?.value,
    configuration: spec.configuration,
    serviceConnectNamespace: spec.serviceConnectDefaults?.namespace,
    capacityProviders: spec.capacityProviders,
    defaultCapacityProviderStrategy: spec.defaultCapacityProviderStrategy?.map(strategyItemFrom),
  }
  return [composed(CLUSTER, ecsCluster, desired)]
}

function tagsFrom(list: NonNullable<EcsClusterSpec['tags']>): Tags {
  return Object.fromEntries(list.map(({ key, value }) => [key, value ?? '']))
}

// ECS's own defaults, spelt out so that they compare.
function strategyItemFrom({
  capacityProvider,
  weight,
  base,
}: NonNullable<EcsClusterSpec['defaultCapacityProviderStrategy']>[number]) {
  return { capacityProvider, weight: weight ?? 0, base: base ?? 0 }
}
