import { announce, announceTasks } from '../services/events.ts'
import { primaryOf } from '../services/rollout.ts'
import { nextProvider } from '../placement.ts'
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts'
import { taskDefinitionByArn } from '../task-definitions/lookup.ts'
import { launchTask } from '../tasks/launch.ts'
import type { LaunchSpec } from '../tasks/launch.ts'
import { stopTask } from '../tasks/stop.ts'
import type { StopCause } from '../tasks/stop.ts'
import { newTaskTags } from '../tasks/tags.ts'
import type { World } from '../world.ts'
import type { Decision, Stop } from './decide.ts'

function specOf(world: World, service: ServiceRecord, deployment: DeploymentRecord): LaunchSpec {
  const cluster = world.state.clusters[service.cluster]
  if (!cluster) throw new Error(`service ${service.arn} is in no cluster`)
  const { workload } = deployment
  return {
    cluster,
    definition: taskDefinitionByArn(world.state, workload.taskDefinition),
    group: `service:${service.name}`,
    startedBy: deployment.id,
    service: service.name,
    deploymentId: deployment.id,
    launchType: workload.launchType,
    capacityProvider: undefined,
    platformVersion: workload.platformVersion,
    network: workload.network,
    overrides: {},
    enableExecuteCommand: service.enableExecuteCommand,
    tags: newTaskTags(world, {
      cluster,
      own: [],
      propagate: service.propagateTags,
      taskDefinitionArn: workload.taskDefinition,
      service,
      isManaged: service.enableECSManagedTags,
    }),
  }
}

function providerCounts(live: readonly TaskRecord[], deployment: DeploymentRecord): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { capacityProvider, deploymentId, desiredStatus } of live)
    if (capacityProvider && deploymentId === deployment.id && desiredStatus === 'RUNNING')
      counts.set(capacityProvider, (counts.get(capacityProvider) ?? 0) + 1)
  return counts
}

function startTasks(world: World, service: ServiceRecord, live: readonly TaskRecord[], count: number): void {
  if (count === 0) return
  const deployment = primaryOf(service)
  const { strategy } = deployment.workload
  const counts = providerCounts(live, deployment)
  const spec = specOf(world, service, deployment)
  const ids = Array.from({ length: count }, () => {
    const capacityProvider = strategy && nextProvider(strategy, counts)
    if (capacityProvider) counts.set(capacityProvider, (counts.get(capacityProvider) ?? 0) + 1)
    const { id } = launchTask(world, { ...spec, capacityProvider })
    service.liveTasks[id] = true
    return id
  })
  announceTasks(world, service, 'has started', ids)
}

const causeOf = ({ why }: Stop, { startedBy }: TaskRecord): StopCause => ({
  code: 'ServiceSchedulerInitiated',
  reason:
    why === 'unhealthy'
      ? 'Task failed container health checks'
      : `Scaling activity initiated by (deployment ${startedBy})`,
})

function stopTasks(world: World, service: ServiceRecord, live: readonly TaskRecord[], stops: readonly Stop[]): void {
  const byId = new Map(live.map((task) => [task.id, task]))
  for (const stop of stops) {
    const task = byId.get(stop.id)
    if (!task) continue
    if (stop.why === 'unhealthy') announce(world, service, `(task ${stop.id}) failed container health checks.`)
    stopTask(world, task, causeOf(stop, task))
  }
  announceTasks(
    world,
    service,
    'has stopped',
    stops.map(({ id }) => id),
  )
}

/** Carries a decision out. */
export function actOn(world: World, service: ServiceRecord, live: readonly TaskRecord[], decision: Decision): void {
  stopTasks(world, service, live, decision.stops)
  startTasks(world, service, live, decision.starts)
  if (decision.isBlocked)
    announce(
      world,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
      'blocked',
    )
}
