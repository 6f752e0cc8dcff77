import type { Kind } from '../../reconciler/kind.ts'
import { standardColumns } from '../../reconciler/printer-columns.ts'
import { ecsServiceResource } from '../../resources/ecs-service/index.ts'
import { taskDefinitionResource } from '../../resources/ecs-task-definition/index.ts'
import { logGroupResource } from '../../resources/log-group/index.ts'
import { composeEcsService, fillInCount, referencesOf } from './compose.ts'
import { EcsServiceSpec, EcsServiceStatus } from './schema.ts'
import { reportEcsService } from './status.ts'

/** A service in ECS with the revisions that it runs and the log group that they write to. */
export const ecsServiceKind: Kind<EcsServiceSpec, EcsServiceStatus> = {
  kind: 'EcsService',
  presentation: {
    plural: 'ecsservices',
    singular: 'ecsservice',
    shortNames: ['ecssvc'],
    description:
      'The Deployment of Amazon ECS: a service on Fargate that keeps a number of tasks running and replaces them when the task definition changes. Ready once ECS reports steady state. A rollout that fails is rolled back by ECS where the circuit breaker says so, and is not tried again until the spec changes. Deleting the object deletes the service and its revisions and keeps the log group.',
    printerColumns: standardColumns(
      { name: 'Cluster', type: 'string', jsonPath: '.status.clusterName', description: 'Cluster that it runs in.' },
      { name: 'Desired', type: 'integer', jsonPath: '.spec.desiredCount', description: 'Tasks that should run.' },
      { name: 'Running', type: 'integer', jsonPath: '.status.runningCount', description: 'Tasks that run.' },
      { name: 'Revision', type: 'string', jsonPath: '.status.revision', description: 'Revision that it runs.' },
      {
        name: 'Rollout',
        type: 'string',
        jsonPath: '.status.rollout.state',
        priority: 1,
        description: 'Newest rollout.',
      },
      { name: 'ARN', type: 'string', jsonPath: '.status.arn', priority: 1, description: 'ARN of the service.' },
    ),
    scale: {
      specReplicasPath: '.spec.desiredCount',
      statusReplicasPath: '.status.runningCount',
      labelSelectorPath: '.status.selector',
    },
  },
  schema: { spec: EcsServiceSpec, status: EcsServiceStatus },
  resources: [logGroupResource, taskDefinitionResource, ecsServiceResource],
  references: referencesOf,
  compose: composeEcsService,
  status: reportEcsService,
  provides: ({ arn, serviceName, clusterName }) => ({
    ...(arn !== undefined && { arn }),
    ...(serviceName !== undefined && { name: serviceName }),
    ...(clusterName !== undefined && { clusterName }),
  }),
  // Its cluster counts services and tasks.
  footprint: ({ arn, runningCount, pendingCount }) => ({ arn, runningCount, pendingCount }),
  fillIn: fillInCount,
  driftSeconds: 300,
  closeLookSeconds: 21_600,
  immutable: [
    { field: 'serviceName', otherValue: 'another-name' },
    { field: 'clusterRef', otherValue: { name: 'another-cluster' } },
    { field: 'taskDefinition.family', otherValue: 'another-family' },
  ],
}
