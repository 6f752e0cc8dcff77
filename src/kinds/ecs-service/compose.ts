import type { Output } from '../../core/output.ts'
import { deriveEcsName, deriveLogGroupName } from '../../core/name.ts'
import type { Owner, Tags } from '../../core/owner.ts'
import { composed, type Composed } from '../../reconciler/composed.ts'
import type { ComposeInput, Reference, StatusInput } from '../../reconciler/kind.ts'
import type { DesiredContainer } from '../../resources/ecs-task-definition/desired.ts'
import { taskDefinitionResource } from '../../resources/ecs-task-definition/index.ts'
import type { DesiredService } from '../../resources/ecs-service/desired.ts'
import { ecsServiceResource } from '../../resources/ecs-service/index.ts'
import { logGroupResource } from '../../resources/log-group/index.ts'
import type { EcsServiceSpec } from './schema.ts'

/** Names of the resources in the composition. */
const LOG_GROUP = 'log-group'
const TASK_DEFINITION = 'task-definition'
export const SERVICE = 'service'

const DEFAULT_HISTORY_LIMIT = 10
/** The prefix that the ECS console fills in; Fargate demands one. */
const STREAM_PREFIX = 'ecs'

export function referencesOf({ clusterRef }: EcsServiceSpec): readonly Reference[] {
  if (clusterRef === undefined) return []
  return [{ field: 'clusterRef', kind: 'EcsCluster', output: 'name', ...clusterRef }]
}

/** The count that the service has: one that exists already keeps its tasks, a new one begins with what ECS was asked for. */
export function fillInCount(
  { desiredCount }: EcsServiceSpec,
  report: StatusInput<EcsServiceSpec, never>['report'],
): Partial<EcsServiceSpec> {
  if (desiredCount !== undefined) return {}
  const seen = report(SERVICE, ecsServiceResource)?.observation
  const service = seen?.type === 'known' ? seen.items.find(({ status }) => status === 'ACTIVE') : undefined
  return service === undefined ? {} : { desiredCount: service.desiredCount }
}

/** Log group (where a container needs one) → task definition → service. */
export function composeEcsService({
  owner,
  spec,
  references,
  region,
}: ComposeInput<EcsServiceSpec>): readonly Composed[] {
  const logGroup = spec.taskDefinition.containerDefinitions.some(needsLogGroup) ? logGroupFor(owner, spec) : undefined
  const group = logGroup?.output('name')

  const family = spec.taskDefinition.family ?? deriveEcsName(owner.namespace, owner.name)
  const desired = {
    family,
    content: contentFrom(spec, group, region),
    tags: tagsFrom(spec.taskDefinition.tags) ?? {},
    revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT,
  }
  const taskDefinition = composed(TASK_DEFINITION, taskDefinitionResource, desired, dependingOn(logGroup))

  const service = composed(
    SERVICE,
    ecsServiceResource,
    {
      cluster: references['clusterRef'] ?? clusterNameIn(spec),
      clusterField: clusterFieldIn(spec),
      name: spec.serviceName ?? deriveEcsName(owner.namespace, owner.name),
      template: {
        taskDefinition: taskDefinition.output('arn'),
        networkConfiguration: spec.networkConfiguration,
        platformVersion: spec.platformVersion,
        serviceConnectConfiguration: spec.serviceConnectConfiguration,
        serviceRegistries: spec.serviceRegistries,
        volumeConfigurations: spec.volumeConfigurations,
      },
      revisionHash: taskDefinition.output('contentHash'),
      settings: settingsFrom(spec),
      desiredCount: spec.desiredCount,
      launchType: spec.launchType,
      tags: tagsFrom(spec.tags),
    },
    dependingOn(taskDefinition, logGroup),
  )
  return [...(logGroup ? [logGroup] : []), taskDefinition, service]
}

function dependingOn(...others: readonly (Composed | undefined)[]) {
  return { dependsOn: others.flatMap((other) => (other === undefined ? [] : [other.name])) }
}

function logGroupFor(owner: Owner, spec: EcsServiceSpec) {
  const desired = {
    logGroupName: deriveLogGroupName(owner.namespace, owner.name),
    retentionInDays: spec.logGroup?.retentionInDays,
    tags: tagsFrom(spec.tags) ?? {},
  }
  return composed(LOG_GROUP, logGroupResource, desired)
}

type ContainerSpec = EcsServiceSpec['taskDefinition']['containerDefinitions'][number]

function needsLogGroup({ logConfiguration }: ContainerSpec): boolean {
  return logConfiguration?.logDriver === 'awslogs' && logConfiguration.options?.['awslogs-group'] === undefined
}

function contentFrom({ taskDefinition }: EcsServiceSpec, group: Output | undefined, region: string) {
  const { family: _, tags: __, ...content } = taskDefinition
  return {
    ...content,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: content.containerDefinitions.map((container) => withLogOptions(container, group, region)),
  } as const
}

function withLogOptions(container: ContainerSpec, group: Output | undefined, region: string): DesiredContainer {
  const { logConfiguration } = container
  if (logConfiguration?.logDriver !== 'awslogs') return container
  const options = {
    ...(group && { 'awslogs-group': group }),
    'awslogs-region': region,
    'awslogs-stream-prefix': STREAM_PREFIX,
    ...logConfiguration.options,
  }
  return { ...container, logConfiguration: { ...logConfiguration, options } }
}

function settingsFrom(spec: EcsServiceSpec): DesiredService['settings'] {
  return {
    deploymentConfiguration: spec.deploymentConfiguration,
    enableExecuteCommand: spec.enableExecuteCommand,
    enableECSManagedTags: spec.enableECSManagedTags,
    propagateTags: spec.propagateTags,
    availabilityZoneRebalancing: spec.availabilityZoneRebalancing,
    // A launch type is what remains when there is no strategy (ECS API reference, UpdateService).
    capacityProviderStrategy: spec.launchType === undefined ? spec.capacityProviderStrategy : [],
  }
}

function clusterFieldIn({ clusterName, clusterArn }: EcsServiceSpec): DesiredService['clusterField'] {
  if (clusterName !== undefined) return 'spec.clusterName'
  return clusterArn === undefined ? undefined : 'spec.clusterArn'
}

/** Not called with a reference, whose value the engine provides; the schema demands one of the three. */
function clusterNameIn({ clusterName, clusterArn = '' }: EcsServiceSpec): string {
  return clusterName ?? clusterArn.slice(clusterArn.indexOf('/') + 1)
}

function tagsFrom(list: EcsServiceSpec['tags']): Tags | undefined {
  return list && Object.fromEntries(list.map(({ key, value }) => [key, value ?? '']))
}
