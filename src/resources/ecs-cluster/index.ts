import type { Resource } from '../../reconciler/resource.ts'
import { applyClusterStep } from './apply.ts'
import { clusterDrifts } from './drifts.ts'
import { findOwnedClusters, observeCluster } from './observe.ts'
import { clusterPermissions } from './permissions.ts'
import { planCluster } from './plan.ts'
import type { ClusterOutput, ClusterStep, DesiredCluster, ObservedCluster } from './state.ts'
import { clusterTrail } from './trail.ts'

/** An ECS cluster with its settings, capacity providers and tags. Its key is its name. */
export const ecsCluster: Resource<DesiredCluster, ObservedCluster, ClusterStep, ClusterOutput> = {
  type: 'ecs-cluster',
  identify: ({ clusterName }) => clusterName,
  observe: observeCluster,
  plan: planCluster,
  apply: applyClusterStep,
  calls: {
    create: 'ecs:CreateCluster',
    update: 'ecs:UpdateCluster',
    'put-capacity': 'ecs:PutClusterCapacityProviders',
    tag: 'ecs:TagResource',
    untag: 'ecs:UntagResource',
    delete: 'ecs:DeleteCluster',
  },
  trail: clusterTrail,
  findOwned: findOwnedClusters,
  permissions: clusterPermissions,
  drifts: clusterDrifts,
}
