import { LEDGER } from '../ledger.ts'
import { announce, resolveCause } from '../services/events.ts'
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts'
import { now } from '../world.ts'
import type { TaskChange, World } from '../world.ts'
import { backoffSeconds } from './backoff.ts'
import { runPass } from './pass.ts'
import { wake } from './wake.ts'

function noteRunning(service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.everRunning = true
  deployment.failedRounds = 0
  deployment.startsHeldUntil = 0
  resolveCause(service, 'unable to start')
}

/** Failures within one period belong to one round of starts: the back-off counts rounds, the breaker tasks. */
function noteFailedStart(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  const at = now(world)
  // The first stage of the breaker is over once any task has run.
  if (!deployment.everRunning) deployment.failedTasks += 1

  const isSameRound = at < (deployment.lastFailedRoundAt ?? -Infinity) + LEDGER.passSeconds.value * 1000
  if (isSameRound) return
  deployment.lastFailedRoundAt = at
  deployment.failedRounds += 1
  const holdSeconds = backoffSeconds(deployment.failedRounds)
  deployment.startsHeldUntil = at + holdSeconds * 1000
  if (holdSeconds > 0)
    announce(
      world,
      service,
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
      'unable to start',
    )
}

function noteChange(world: World, service: ServiceRecord, task: TaskRecord, change: TaskChange): void {
  // None if the deployment was replaced, or if a service of the same name was made since.
  const deployment = service.deployments.find(({ id }) => id === task.deploymentId)
  if (change === 'stopped') delete service.liveTasks[task.id]
  if (!deployment) return
  if (change === 'running') noteRunning(service, deployment)
  if (change === 'failed-to-start') noteFailedStart(world, service, deployment)
}

/** Lets the service of a task know what happened to it, and has the scheduler look at it. */
export function noticeTask(world: World, task: TaskRecord, change: TaskChange): void {
  const service = task.service === undefined ? undefined : world.state.clusters[task.cluster]?.services[task.service]
  if (!service) return
  noteChange(world, service, task, change)
  if (service.status !== 'INACTIVE') wake(world, service, 0, runPass)
}
