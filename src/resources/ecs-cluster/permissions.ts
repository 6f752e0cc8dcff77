import type { Permission } from '../../reconciler/resource.ts'

const CLUSTER = 'arn:*:ecs:*:*:cluster/*'

function permission(action: string, arn: string, why: string): Permission {
  return { action: `ecs:${action}`, arn, why }
}

/** Every ECS call that the resource makes. */
export const clusterPermissions: readonly Permission[] = [
  permission('DescribeClusters', CLUSTER, 'to see the cluster, its settings and whose it is'),
  // The service authorization reference knows no resource for these two.
  permission('ListClusters', '*', 'to find a cluster again by its tags'),
  permission('CreateCluster', '*', 'to create the cluster'),
  permission('UpdateCluster', CLUSTER, 'to change settings, configuration and the Service Connect default'),
  permission('PutClusterCapacityProviders', CLUSTER, 'to set capacity providers and the default strategy'),
  permission('TagResource', CLUSTER, 'to mark the cluster as ours and set the tags of the spec'),
  permission('UntagResource', CLUSTER, 'to remove tags that left the spec, and ours on release'),
  permission('DeleteCluster', CLUSTER, 'to delete the cluster'),
]
