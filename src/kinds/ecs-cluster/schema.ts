import * as z from 'zod'
import { TagList } from '../../reconciler/schema/tags.ts'
import { ClusterConfiguration } from './schema/configuration.ts'

// "Up to 255 letters, numbers, underscores and hyphens" (ECS API reference, CreateCluster and CreateCapacityProvider).
const ECS_NAME = /^[A-Za-z0-9_-]+$/
const MAX_NAME = 255
// Twenty providers in a strategy and on a cluster (ECS API reference, CapacityProviderStrategyItem; ECS quotas).
const MAX_PROVIDERS = 20

const ClusterSetting = z.strictObject({
  name: z.enum(['containerInsights']).describe('Name of the setting; ECS knows only containerInsights.'),
  value: z
    .enum(['enhanced', 'enabled', 'disabled'])
    .describe('Container Insights with enhanced observability, without, or off.'),
})

const StrategyItem = z.strictObject({
  capacityProvider: z.string().min(1).max(MAX_NAME).regex(ECS_NAME).describe('Short name of the capacity provider.'),
  weight: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Share of the tasks beyond the base that it gets, relative to the others. Absent: 0.'),
  base: z
    .int()
    .min(0)
    .max(100000)
    .optional()
    .describe('How many tasks of each service run on it at least; only one provider may have one. Absent: 0.'),
})

const Strategy = z
  .array(StrategyItem)
  .max(MAX_PROVIDERS)
  .meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['capacityProvider'],
    'x-kubernetes-validations': [
      {
        rule: 'self.filter(item, has(item.base) && item.base > 0).size() <= 1',
        message: 'only one provider of spec.defaultCapacityProviderStrategy may have a base: set the others to 0',
      },
      {
        rule: 'self.size() < 2 || self.exists(item, has(item.weight) && item.weight > 0)',
        message: 'one provider of spec.defaultCapacityProviderStrategy must have a weight above 0: raise one',
      },
    ],
  })

const ServiceConnectDefaults = z.strictObject({
  namespace: z
    .string()
    .max(1024)
    .regex(/^[^<>"]*$/)
    .describe(
      'Name or ARN of the Cloud Map namespace that services join unless they say otherwise; empty: none. ECS makes an unknown name and never deletes it; only with an ARN is drift noticed.',
    ),
})

const rules = [
  {
    rule: 'has(self.clusterName) == has(oldSelf.clusterName) && (!has(self.clusterName) || self.clusterName == oldSelf.clusterName)',
    message: 'spec.clusterName cannot change, because ECS cannot rename a cluster: create another EcsCluster',
    fieldPath: '.clusterName',
  },
  {
    rule: '!has(self.capacityProviders) || !has(self.defaultCapacityProviderStrategy) || self.defaultCapacityProviderStrategy.all(item, item.capacityProvider in self.capacityProviders)',
    message:
      'spec.defaultCapacityProviderStrategy may only name providers that are in spec.capacityProviders: add them there',
    fieldPath: '.defaultCapacityProviderStrategy',
  },
]

export const EcsClusterSpec = z
  .strictObject({
    clusterName: z
      .string()
      .min(1)
      .max(MAX_NAME)
      .regex(ECS_NAME)
      .optional()
      .describe(
        'Name in ECS; immutable. Absent: the namespace and the name of this object, with an underscore between.',
      ),
    settings: z
      .array(ClusterSetting)
      .max(1)
      .optional()
      .describe('Settings of the cluster. Absent: left as they are.')
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
    configuration: ClusterConfiguration.optional().describe(
      'Logging and encryption of commands, and encryption of storage. What is absent in it is left as it is.',
    ),
    serviceConnectDefaults: ServiceConnectDefaults.optional().describe(
      'Default namespace of Service Connect for new services. Absent: left as it is.',
    ),
    capacityProviders: z
      .array(z.string().min(1).max(MAX_NAME).regex(ECS_NAME))
      .max(MAX_PROVIDERS)
      .optional()
      .describe(
        'Capacity providers that the cluster may use: FARGATE, FARGATE_SPOT or your own. Absent: left as they are; empty: none.',
      )
      .meta({ 'x-kubernetes-list-type': 'set' }),
    defaultCapacityProviderStrategy: Strategy.optional().describe(
      'Where services and tasks run that name neither launch type nor strategy. Absent: left as it is; empty: none.',
    ),
    tags: TagList.optional().describe(
      'Tags of the cluster; tags that others put there stay. Absent: left as they are; a tag that leaves the list is removed.',
    ),
  })
  .describe('What the cluster is to be like. A field that is absent is left as it is in AWS.')
  .meta({ 'x-kubernetes-validations': rules })
export type EcsClusterSpec = z.infer<typeof EcsClusterSpec>

const count = z.int().min(0).optional()

export const EcsClusterStatus = z.strictObject({
  clusterName: z.string().optional().describe('Name in ECS.'),
  arn: z.string().optional().describe('ARN of the cluster.'),
  status: z.string().optional().describe('What ECS says of it: ACTIVE, PROVISIONING, DEPROVISIONING or FAILED.'),
  registeredContainerInstancesCount: count.describe('Container instances that are registered, draining ones included.'),
  runningTasksCount: count.describe('Tasks that run.'),
  pendingTasksCount: count.describe('Tasks that are about to run.'),
  activeServicesCount: count.describe('Services that are active.'),
})
export type EcsClusterStatus = z.infer<typeof EcsClusterStatus>
