import type { RolloutState } from '../../aws/ecs-rollouts.ts'
import type { ServiceState } from '../../aws/ecs-service-state.ts'
import type { Wait } from '../../core/plan.ts'
import type { FailedRollout } from './memo.ts'
import type { ObservedService } from './observe.ts'

/** ECS schedules about every 10 s; reads of many services share their calls. */
const POLL_SECONDS = 5

/** So many failed tasks without a breaker that nothing will end the attempt but a person. */
const STALLED_FAILURES = 3

/** The past of a service, as far as it was read. */
export function rolloutsOf({ rollouts }: Pick<ObservedService, 'rollouts'>): readonly RolloutState[] {
  return rollouts === 'unread' ? [] : rollouts
}

/** Steady state as the services-stable waiter of AWS has it, and nothing pending. */
export function isSteady({ deployments, desiredCount, runningCount, pendingCount }: ServiceState): boolean {
  const [primary, ...others] = deployments
  if (primary === undefined || others.length > 0 || pendingCount > 0) return false
  // Behind a Classic Load Balancer there is no rollout state (ECS API reference, Deployment).
  return (primary.rolloutState ?? 'COMPLETED') === 'COMPLETED' && runningCount === desiredCount
}

/** What is still going on, in one sentence. */
export function progressWaits(service: ObservedService): readonly Wait[] {
  if (isSteady(service)) return []
  const reason = isStalled(service) ? 'RolloutStalled' : 'RollingOut'
  return [{ reason, message: progressSentence(service), pollSeconds: POLL_SECONDS }]
}

/** What still moves in a service whose template failed and was rolled back: perhaps a rollout that somebody started by hand. */
export function strangerWaits(service: ObservedService, { id }: FailedRollout): readonly Wait[] {
  if (isSteady(service)) return []
  const [newest] = rolloutsOf(service)
  const isByHand = newest !== undefined && newest.id !== id && !newest.status.startsWith('ROLLBACK')
  const subject = isByHand ? `Somebody started rollout ${newest.id}, which is left running: ` : ''
  return [{ reason: 'RollingOut', message: `${subject}${progressSentence(service)}`, pollSeconds: POLL_SECONDS }]
}

/**
 * ECS rolls back to the last deployment that completed (ECS developer guide, deployment circuit breaker). One that it is
 * just rolling back to counts as in progress: a retry that fails meanwhile would have nothing to go back to.
 */
export function isRollingBack(service: Pick<ObservedService, 'rollouts'>): boolean {
  return rolloutsOf(service).some(({ status }) => status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS')
}

/** `failure`: what failed and why, in a sentence. */
export function rollBackWait(service: ObservedService, failure: string): Wait {
  const message = `${failure} ECS is rolling back: ${progressSentence(service)}`
  return { reason: 'RollingBack', message, pollSeconds: POLL_SECONDS }
}

export function progressSentence(service: ObservedService): string {
  const [primary, ...others] = service.deployments
  const failed = service.deployments.reduce((sum, { failedTasks }) => sum + failedTasks, 0)
  const parts = [
    `${service.runningCount} of ${service.desiredCount} tasks running`,
    ...(service.pendingCount > 0 ? [`${service.pendingCount} pending`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others.length > 0 ? [`${others.length + 1} deployments`] : []),
  ]
  const since = primary?.createdAt === undefined ? '' : `; deployment since ${primary.createdAt}`
  const reason = service.lastFailure === undefined ? '' : `. Last task that failed: ${service.lastFailure}`
  return `${parts.join(', ')}${since}${reason}`
}

function isStalled({ deployments, settings }: ObservedService): boolean {
  const isBreakerOn = settings.deploymentConfiguration?.deploymentCircuitBreaker?.enable ?? false
  return !isBreakerOn && (deployments[0]?.failedTasks ?? 0) >= STALLED_FAILURES
}
