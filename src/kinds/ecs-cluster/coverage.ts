import type { KindCoverage } from '../../reconciler/coverage.ts'

/** How EcsCluster accounts for the members of ECS's inputs. */
export const coverage: KindCoverage = [
  { service: 'ecs', operation: 'CreateCluster' },
  { service: 'ecs', operation: 'UpdateCluster', saidAs: { cluster: 'spec.clusterName' } },
  { service: 'ecs', operation: 'PutClusterCapacityProviders', saidAs: { cluster: 'spec.clusterName' } },
]
