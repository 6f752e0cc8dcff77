import { deriveEcsName } from '../../core/name.ts'
import type { Kind } from '../../reconciler/kind.ts'
import { standardColumns } from '../../reconciler/printer-columns.ts'
import { ecsCluster } from '../../resources/ecs-cluster/index.ts'
import { composeEcsCluster } from './compose.ts'
import { EcsClusterSpec, EcsClusterStatus } from './schema.ts'
import { reportEcsCluster } from './status.ts'

/** An ECS cluster. */
export const ecsClusterKind: Kind<EcsClusterSpec, EcsClusterStatus> = {
  kind: 'EcsCluster',
  presentation: {
    plural: 'ecsclusters',
    singular: 'ecscluster',
    shortNames: ['ecscl'],
    description:
      'An Amazon ECS cluster: where services and tasks run. Deleting the object deletes the cluster as soon as no service, task or container instance is left in it.',
    printerColumns: standardColumns(
      { name: 'Services', type: 'integer', jsonPath: '.status.activeServicesCount', description: 'Active services.' },
      { name: 'Tasks', type: 'integer', jsonPath: '.status.runningTasksCount', description: 'Running tasks.' },
      {
        name: 'Instances',
        type: 'integer',
        jsonPath: '.status.registeredContainerInstancesCount',
        description: 'Registered container instances.',
      },
      { name: 'ARN', type: 'string', jsonPath: '.status.arn', priority: 1, description: 'ARN of the cluster.' },
    ),
  },
  schema: { spec: EcsClusterSpec, status: EcsClusterStatus },
  resources: [ecsCluster],
  compose: composeEcsCluster,
  status: reportEcsCluster,
  provides: ({ arn, clusterName: name }) => ({
    ...(arn !== undefined && { arn }),
    ...(name !== undefined && { name }),
  }),
  foresee: ({ owner, spec }) => ({ clusterName: spec.clusterName ?? deriveEcsName(owner.namespace, owner.name) }),
  driftSeconds: 300,
  closeLookSeconds: 3600,
  immutable: [{ field: 'clusterName', otherValue: 'another-cluster' }],
}
