import type { Deployment, Service, ServiceCurrentRevisionSummary } from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'
import { dateOf } from '../names.ts'
import { ecsArn } from '../arns.ts'
import type { DeploymentRecord, ServiceRecord, TaskRecord, Workload } from '../state.ts'
import { tagsOf } from '../tags.ts'
import type { World } from '../world.ts'

interface TaskCounts {
  running: number
  pending: number
}

/** Tasks that shall run, counted by deployment: RUNNING, or on the way there. */
function taskCounts({ state }: World, service: ServiceRecord): ReadonlyMap<string, TaskCounts> {
  const tasks: Record<string, TaskRecord> = state.clusters[service.cluster]?.tasks ?? {}
  const counts = new Map<string, TaskCounts>()
  for (const id of Object.keys(service.liveTasks)) {
    const task = tasks[id]
    if (task?.deploymentId === undefined || task.desiredStatus === 'STOPPED') continue
    const count = counts.get(task.deploymentId) ?? { running: 0, pending: 0 }
    counts.set(task.deploymentId, count)
    if (task.lastStatus === 'RUNNING') count.running += 1
    else count.pending += 1
  }
  return counts
}

function presentPlacement({ launchType, strategy, network }: Workload): Partial<Deployment & Service> {
  return {
    platformFamily: 'Linux',
    networkConfiguration: { awsvpcConfiguration: network },
    ...(launchType && { launchType }),
    ...(strategy && { capacityProviderStrategy: [...strategy] }),
  }
}

const NONE: TaskCounts = { running: 0, pending: 0 }

function presentDeployment(
  deployment: DeploymentRecord,
  counts: TaskCounts,
  primaryDesired: number | undefined,
): Deployment {
  const { workload } = deployment
  const { platformVersion } = workload
  return {
    ...presentPlacement(workload),
    id: deployment.id,
    status: primaryDesired === undefined ? 'ACTIVE' : 'PRIMARY',
    taskDefinition: workload.taskDefinition,
    // An old deployment is only to keep what it still has.
    desiredCount: primaryDesired ?? counts.running + counts.pending,
    pendingCount: counts.pending,
    runningCount: counts.running,
    failedTasks: deployment.failedTasks,
    createdAt: dateOf(deployment.createdAt),
    updatedAt: dateOf(deployment.updatedAt),
    platformVersion: platformVersion === 'LATEST' ? LEDGER.fargatePlatformVersion.value : platformVersion,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    ...(workload.serviceConnect && { serviceConnectConfiguration: workload.serviceConnect }),
    ...(workload.volumes.length > 0 && { volumeConfigurations: [...workload.volumes] }),
  }
}

function presentDeployments(service: ServiceRecord, counts: ReadonlyMap<string, TaskCounts>): Deployment[] {
  return service.deployments.map((deployment, index) =>
    presentDeployment(deployment, counts.get(deployment.id) ?? NONE, index === 0 ? service.desiredCount : undefined),
  )
}

function sum(counts: ReadonlyMap<string, TaskCounts>, of: keyof TaskCounts): number {
  let total = 0
  for (const count of counts.values()) total += count[of]
  return total
}

function presentWorkload(service: ServiceRecord): Partial<Service> {
  const workload = service.deployments[0]?.workload ?? service.lastWorkload
  if (!workload) return {}
  return {
    ...presentPlacement(workload),
    taskDefinition: workload.taskDefinition,
    platformVersion: workload.platformVersion,
    serviceRegistries: [...workload.serviceRegistries],
  }
}

function presentSettings(service: ServiceRecord): Partial<Service> {
  return {
    deploymentConfiguration: service.deploymentConfiguration,
    enableECSManagedTags: service.enableECSManagedTags,
    enableExecuteCommand: service.enableExecuteCommand,
    propagateTags: service.propagateTags,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    ...(service.healthCheckGracePeriodSeconds !== undefined && {
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    }),
  }
}

function summaries(service: ServiceRecord, counts: ReadonlyMap<string, TaskCounts>): ServiceCurrentRevisionSummary[] {
  return service.deployments.map(({ id, revisionArn }, index) => {
    const { running, pending } = counts.get(id) ?? NONE
    return {
      arn: revisionArn,
      requestedTaskCount: index === 0 ? service.desiredCount : running + pending,
      runningTaskCount: running,
      pendingTaskCount: pending,
    }
  })
}

/** The service revisions that have or shall have tasks, the newest first. */
export const presentRevisions = (world: World, service: ServiceRecord): ServiceCurrentRevisionSummary[] =>
  summaries(service, taskCounts(world, service))

/** A service as answers have it. Tags are there when asked for. */
export function presentService(world: World, service: ServiceRecord, withTags = true): Service {
  const { call, state } = world
  const counts = taskCounts(world, service)
  return {
    ...presentSettings(service),
    ...presentWorkload(service),
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: ecsArn(call, 'cluster', service.cluster),
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum(counts, 'running'),
    pendingCount: sum(counts, 'pending'),
    deployments: presentDeployments(service, counts),
    roleArn: `arn:${call.partition}:iam::${call.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: service.events.map(({ id, createdAt, message }) => ({ id, createdAt: new Date(createdAt), message })),
    createdAt: dateOf(service.createdAt),
    createdBy: service.createdBy,
    currentServiceDeployment: service.currentServiceDeployment,
    currentServiceRevisions: summaries(service, counts),
    ...(withTags && { tags: tagsOf(state, service.arn) }),
  }
}
