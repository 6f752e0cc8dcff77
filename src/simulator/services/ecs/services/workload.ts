import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import { checkStrategy, normalStrategy } from '../clusters/capacity.ts'
import { invalidParameter } from '../faults.ts'
import { checkFargate, checkPlatform, networkFrom, placementFrom } from '../placement.ts'
import type { ClusterRecord, Workload } from '../state.ts'
import { launchableTaskDefinition, taskDefinitionByArn } from '../task-definitions/lookup.ts'
import { fingerprint } from '../world.ts'
import type { World } from '../world.ts'

/** What a new service rolls out first. */
export function workloadFrom(world: World, cluster: ClusterRecord, input: CreateServiceRequest): Workload {
  const definition = launchableTaskDefinition(world, input.taskDefinition)
  return {
    ...placementFrom(input, cluster, definition),
    taskDefinition: definition.arn,
    serviceRegistries: input.serviceRegistries ?? [],
    serviceConnect: input.serviceConnectConfiguration,
    volumes: input.volumeConfigurations ?? [],
  }
}

type Placed = Pick<Workload, 'strategy' | 'launchType'>

function placedBy(cluster: ClusterRecord, before: Workload, input: UpdateServiceRequest): Placed {
  const { capacityProviderStrategy: asked } = input
  if (asked === undefined) return { strategy: before.strategy, launchType: before.launchType }
  // An empty list goes back from providers to the launch type (Amazon ECS API Reference, UpdateService).
  if (asked.length === 0) return { strategy: undefined, launchType: 'FARGATE' }

  checkStrategy(asked, cluster.capacityProviders)
  return { strategy: normalStrategy(asked), launchType: undefined }
}

/** The workload after an update; members that are absent stay as they are. */
export function updatedWorkload(
  world: World,
  cluster: ClusterRecord,
  before: Workload,
  input: UpdateServiceRequest,
): Workload {
  const definition =
    input.taskDefinition === undefined
      ? taskDefinitionByArn(world.state, before.taskDefinition)
      : launchableTaskDefinition(world, input.taskDefinition)
  const platformVersion = input.platformVersion || before.platformVersion
  checkFargate(definition)
  checkPlatform(platformVersion)
  return {
    ...placedBy(cluster, before, input),
    taskDefinition: definition.arn,
    platformVersion,
    network: input.networkConfiguration ? networkFrom(input.networkConfiguration) : before.network,
    serviceRegistries: input.serviceRegistries ?? before.serviceRegistries,
    serviceConnect: input.serviceConnectConfiguration ?? before.serviceConnect,
    volumes: input.volumeConfigurations ?? before.volumes,
  }
}

/**
 * Whether an update makes a new deployment: it is forced, or something that tasks are made of differs. A change of
 * capacity providers alone is refused unless it is forced.
 */
export function needsRollout(before: Workload, after: Workload, isForced: boolean): boolean {
  if (isForced) return true
  const placed = ({ strategy, launchType }: Workload): string => fingerprint({ strategy, launchType })
  if (placed(before) !== placed(after))
    throw invalidParameter(
      'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.',
    )
  return fingerprint(before) !== fingerprint(after)
}
