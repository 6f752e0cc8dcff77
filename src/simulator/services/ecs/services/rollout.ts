import { ecsArn } from '../arns.ts'
import { breakerThreshold, isBreakerOn } from '../scheduler/breaker.ts'
import type { ClusterRecord, DeploymentRecord, ServiceDeploymentRecord, ServiceRecord, Workload } from '../state.ts'
import { decimalId, now, urlSafeId } from '../world.ts'
import type { World } from '../world.ts'
import { announce } from './events.ts'

/** The deployment that the service works towards; a service always has one. */
export function primaryOf(service: ServiceRecord): DeploymentRecord {
  const [primary] = service.deployments
  if (!primary) throw new Error(`service ${service.arn} has no deployment`)
  return primary
}

/** The service deployment that is going on or was the last. */
function currentRollout({ state }: World, service: ServiceRecord): ServiceDeploymentRecord {
  const record = state.serviceDeployments[service.currentServiceDeployment]
  if (!record) throw new Error(`service ${service.arn} has no service deployment`)
  return record
}

export const isUnderWay = ({ status }: ServiceDeploymentRecord): boolean =>
  status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS'

type Ending = 'SUCCESSFUL' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED' | 'STOPPED'

/** Closes a service deployment and keeps what its breaker counted. */
function endRollout(world: World, service: ServiceRecord, status: Ending, statusReason?: string): void {
  const record = currentRollout(world, service)
  if (!isUnderWay(record)) return
  const { failedTasks } = primaryOf(service)
  record.status = status
  record.statusReason = statusReason ?? record.statusReason
  record.updatedAt = now(world)
  if (status === 'STOPPED') record.stoppedAt = now(world)
  record.finishedAt = now(world)
  // A roll-back keeps the numbers of the deployment that failed.
  if (!record.breaker.triggered) record.breaker.failureCount = failedTasks
  record.breaker.threshold = breakerThreshold(service.deploymentConfiguration, service.desiredCount)
}

function newDeployment(world: World, workload: Workload, revisionArn: string, rolloutArn: string): DeploymentRecord {
  const id = `ecs-svc/${decimalId(world)}`
  return {
    id,
    revisionArn,
    workload,
    createdAt: now(world),
    updatedAt: now(world),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    serviceDeploymentArn: rolloutArn,
    failedTasks: 0,
    everRunning: false,
    failedRounds: 0,
    lastFailedRoundAt: undefined,
    startsHeldUntil: 0,
  }
}

/** Starts to roll out a workload: a new revision, a new service deployment, a new primary deployment. */
export function startRollout(world: World, cluster: ClusterRecord, service: ServiceRecord, workload: Workload): void {
  const { state, call } = world
  const at = now(world)
  if (service.deployments.length > 0) endRollout(world, service, 'STOPPED', 'Stopped by a newer service deployment.')

  const revisionArn = ecsArn(call, 'service-revision', cluster.name, service.name, decimalId(world))
  const arn = ecsArn(call, 'service-deployment', cluster.name, service.name, urlSafeId(world))
  const deployment = newDeployment(world, workload, revisionArn, arn)
  const base = { serviceArn: service.arn, clusterArn: cluster.arn, createdAt: at }
  state.serviceRevisions[revisionArn] = { ...base, arn: revisionArn, workload }
  state.serviceDeployments[arn] = {
    ...base,
    arn,
    startedAt: at,
    updatedAt: at,
    finishedAt: undefined,
    stoppedAt: undefined,
    sourceRevisionArns: service.deployments.map((old) => old.revisionArn),
    targetRevisionArn: revisionArn,
    targetDeploymentId: deployment.id,
    breaker: {
      enabled: isBreakerOn(service.deploymentConfiguration),
      failureCount: 0,
      threshold: breakerThreshold(service.deploymentConfiguration, service.desiredCount),
      triggered: false,
    },
    status: 'IN_PROGRESS',
    statusReason: undefined,
    deploymentConfiguration: service.deploymentConfiguration,
    rollback: undefined,
  }
  service.deployments.unshift(deployment)
  service.currentServiceDeployment = arn
}

/** The rollout reached its end: the primary deployment is what the service is now. */
export function completeRollout(world: World, service: ServiceRecord): void {
  const primary = primaryOf(service)
  const isRollback = currentRollout(world, service).status === 'ROLLBACK_IN_PROGRESS'
  endRollout(world, service, isRollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL')
  primary.rolloutState = 'COMPLETED'
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`
  primary.failedTasks = 0
  primary.updatedAt = now(world)
  announce(world, service, `(deployment ${primary.id}) deployment completed.`)
}

/** The newest deployment that completed and is not the one that is rolled out now. */
export const rollbackTarget = ({ deployments }: ServiceRecord): DeploymentRecord | undefined =>
  deployments.slice(1).find(({ rolloutState }) => rolloutState === 'COMPLETED')

export interface RollbackCause {
  /** What `rollback.reason` of the service deployment says. */
  readonly reason: string
  readonly rolloutStateReason: string
}

/** Makes `target` the primary deployment again; it is in progress until it completes once more. */
export function rollBack(world: World, service: ServiceRecord, target: DeploymentRecord, cause: RollbackCause): void {
  const at = now(world)
  const record = currentRollout(world, service)
  record.status = 'ROLLBACK_IN_PROGRESS'
  record.statusReason = cause.reason
  record.updatedAt = at
  record.breaker.failureCount = primaryOf(service).failedTasks
  record.rollback = { reason: cause.reason, startedAt: at, serviceRevisionArn: target.revisionArn }

  target.rolloutState = 'IN_PROGRESS'
  target.rolloutStateReason = `${cause.rolloutStateReason} ${target.id}.`
  target.serviceDeploymentArn = record.arn
  target.updatedAt = at
  target.failedTasks = 0
  target.failedRounds = 0
  target.startsHeldUntil = 0
  service.deployments = [target, ...service.deployments.filter((deployment) => deployment !== target)]
  announce(world, service, `rolling back to deployment ${target.id}.`)
}

const BREAKER = 'ECS deployment circuit breaker:'

/** The breaker has tripped: the deployment fails and, if wanted and possible, the last completed one comes back. */
export function failRollout(world: World, service: ServiceRecord): void {
  const failed = primaryOf(service)
  failed.rolloutState = 'FAILED'
  failed.rolloutStateReason = `${BREAKER} tasks failed to start.`
  failed.updatedAt = now(world)
  announce(world, service, `(deployment ${failed.id}) deployment failed: tasks failed to start.`)

  const record = currentRollout(world, service)
  const wantsRollback = service.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true
  const target = wantsRollback ? rollbackTarget(service) : undefined
  const wasRollback = record.status === 'ROLLBACK_IN_PROGRESS'
  const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
  record.breaker.failureCount = failed.failedTasks
  record.breaker.triggered = true
  if (target)
    rollBack(world, service, target, { reason, rolloutStateReason: `${BREAKER} rolling back to deploymentId` })
  else
    endRollout(
      world,
      service,
      wasRollback || wantsRollback ? 'ROLLBACK_FAILED' : 'STOPPED',
      `${BREAKER} tasks failed to start.`,
    )
}

/** Drops deployments that were replaced. One that completed stays as long as it may have to come back. */
export function dropReplaced(service: ServiceRecord, isLive: (deploymentId: string) => boolean): void {
  const hasCompleted = primaryOf(service).rolloutState === 'COMPLETED'
  service.deployments = service.deployments.filter(
    ({ id, rolloutState }, index) => index === 0 || isLive(id) || (!hasCompleted && rolloutState !== 'IN_PROGRESS'),
  )
}
