import * as z from 'zod'
import { ObjectReference } from '../../reconciler/schema/reference.ts'
import { TagList } from '../../reconciler/schema/tags.ts'
import { DeploymentConfiguration } from './schema/deployment.ts'
import { CapacityProviderStrategy, NetworkConfiguration, ServiceRegistries } from './schema/network.ts'
import { ServiceConnectConfiguration } from './schema/service-connect.ts'
import { TaskDefinition } from './schema/task-definition.ts'
import { EcsName, rules, text } from './schema/text.ts'
import { VolumeConfigurations } from './schema/volume-configuration.ts'

export { EcsServiceStatus } from './schema/status.ts'

// PutRetentionPolicy in the CloudWatch Logs API reference.
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

function immutable(field: string, why: string) {
  return {
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: `spec.${field} cannot change, because ${why}: create another EcsService`,
    fieldPath: `.${field}`,
  }
}

const MOVE = 'ECS cannot move a service to another cluster'

const RULES = [
  {
    rule: '(has(self.clusterRef) ? 1 : 0) + (has(self.clusterName) ? 1 : 0) + (has(self.clusterArn) ? 1 : 0) == 1',
    message: 'exactly one of spec.clusterRef, spec.clusterName and spec.clusterArn says where the service runs',
    fieldPath: '.clusterRef',
  },
  immutable('clusterRef', MOVE),
  immutable('clusterName', MOVE),
  immutable('clusterArn', MOVE),
  immutable('serviceName', 'ECS cannot rename a service'),
  {
    rule: '!(has(self.launchType) && has(self.capacityProviderStrategy))',
    message: 'spec.launchType and spec.capacityProviderStrategy exclude each other: keep one of them',
    fieldPath: '.capacityProviderStrategy',
  },
  {
    rule: '!has(self.serviceConnectConfiguration) || !has(self.serviceConnectConfiguration.services) || self.serviceConnectConfiguration.services.all(s, self.taskDefinition.containerDefinitions.exists(c, has(c.portMappings) && c.portMappings.exists(p, has(p.name) && p.name == s.portName)))',
    message:
      'spec.serviceConnectConfiguration.services[].portName must be the name of a port mapping in spec.taskDefinition',
    fieldPath: '.serviceConnectConfiguration',
  },
  {
    rule: '!has(self.volumeConfigurations) || self.volumeConfigurations.all(c, has(self.taskDefinition.volumes) && self.taskDefinition.volumes.exists(v, v.name == c.name && has(v.configuredAtLaunch) && v.configuredAtLaunch))',
    message: 'spec.volumeConfigurations[].name must be one of spec.taskDefinition.volumes that has configuredAtLaunch',
    fieldPath: '.volumeConfigurations',
  },
]

export const EcsServiceSpec = z
  .strictObject({
    serviceName: EcsName.optional().describe(
      'Name in ECS; immutable. Absent: made from the namespace and the name of this object.',
    ),
    clusterRef: ObjectReference.optional().describe('EcsCluster that the service runs in; immutable.'),
    clusterName: EcsName.optional().describe('Name of the cluster, in place of clusterRef; immutable.'),
    clusterArn: text(2048)
      .regex(/^arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster\/[A-Za-z0-9_-]+$/)
      .optional()
      .describe('ARN of the cluster, in place of clusterRef; immutable.'),
    taskDefinition: TaskDefinition.describe('What a task is. An edit registers one new revision and rolls it out.'),
    desiredCount: z
      .int()
      .min(0)
      .max(5000)
      .optional()
      .describe(
        'How many tasks should run. Absent: filled in once with the count that the service has, 1 when it is new, so that something else can scale it.',
      ),
    launchType: z
      .enum(['FARGATE'])
      .optional()
      .describe("What tasks run on. Absent, as with capacityProviderStrategy: the cluster's default strategy."),
    capacityProviderStrategy: CapacityProviderStrategy.optional().describe(
      'Capacity providers that tasks are spread over, in place of launchType.',
    ),
    platformVersion: text(32)
      .regex(/^(LATEST|[0-9]+\.[0-9]+\.[0-9]+)$/)
      .optional()
      .describe('Fargate platform version. Absent: left as it is; at first LATEST.'),
    networkConfiguration: NetworkConfiguration.describe('Where the tasks are in the network.'),
    deploymentConfiguration: DeploymentConfiguration.optional().describe('How a new revision replaces the old one.'),
    availabilityZoneRebalancing: z
      .enum(['ENABLED', 'DISABLED'])
      .optional()
      .describe('Whether ECS moves tasks to keep zones even. Absent: left as it is; at first ENABLED.'),
    enableExecuteCommand: z
      .boolean()
      .optional()
      .describe('Whether commands can be run in the containers. Absent: left as it is; at first false.'),
    enableECSManagedTags: z
      .boolean()
      .optional()
      .describe('Whether ECS tags the tasks with cluster and service. Absent: left as it is; at first false.'),
    propagateTags: z
      .enum(['TASK_DEFINITION', 'SERVICE', 'NONE'])
      .optional()
      .describe('Whose tags the tasks get. Absent: left as it is; at first NONE.'),
    serviceConnectConfiguration: ServiceConnectConfiguration.optional().describe(
      'Service Connect. Absent: left as it is; at first none.',
    ),
    serviceRegistries: ServiceRegistries.optional().describe(
      'Cloud Map registration. Absent: left as it is; empty: removed.',
    ),
    volumeConfigurations: VolumeConfigurations.optional().describe(
      'What the volumes that are configuredAtLaunch are. Absent: left as they are; empty: removed.',
    ),
    schedulingStrategy: z.enum(['REPLICA']).optional().describe('How ECS places tasks; Fargate has only REPLICA.'),
    revisionHistoryLimit: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('How many revisions that are not in use any more stay registered. Absent: 10.'),
    logGroup: z
      .strictObject({
        retentionInDays: z
          .int()
          .min(1)
          .max(3653)
          .optional()
          .describe('Days that log events are kept. Absent: left as it is; at first for ever.')
          .meta(
            rules({
              rule: `self in [${RETENTION_DAYS.join(', ')}]`,
              message: `spec.logGroup.retentionInDays must be one of ${RETENTION_DAYS.join(', ')}`,
            }),
          ),
      })
      .optional()
      .describe(
        'The log group that is made for containers with logDriver awslogs that name none. It stays when this object goes; another object of the same name writes to it, and changes it only after taking it over (longshore.dev/adopt).',
      ),
    tags: TagList.optional().describe('Tags of the service and of its log group. Absent: not managed.'),
  })
  .describe('What the service should be. Fields have the names of the ECS API; what is absent is left as it is in AWS.')
  .meta(rules(...RULES))
export type EcsServiceSpec = z.infer<typeof EcsServiceSpec>
