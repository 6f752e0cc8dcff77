import type { ServiceTemplate } from '../../aws/ecs-service-state.ts'
import { contentHash } from '../../core/hash.ts'
import type { Block, PlanInput, Wait } from '../../core/plan.ts'
import type { DesiredService, DesiredTemplate } from './desired.ts'
import { differs } from './difference.ts'
import type { FailedRollout, ServiceMemo } from './memo.ts'
import type { ObservedService } from './observe.ts'
import { isRollingBack, progressWaits, rollBackWait, rolloutsOf, strangerWaits } from './progress.ts'

/** What to do about the template of a service. */
export interface RolloutDecision {
  /** `force`: the same template once more. */
  readonly start: 'no' | 'change' | 'force'
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
  readonly memo: ServiceMemo
}

interface RolloutInput extends Pick<PlanInput<DesiredService, ObservedService>, 'requests' | 'now'> {
  /** Their symbols are resolved. */
  readonly template: DesiredTemplate
  readonly revisionHash: DesiredService['revisionHash']
  readonly service: ObservedService
  readonly memo: ServiceMemo
}

/** For so long a retry that AWS does not show yet is on its way, not lost. */
const RETRY_SETTLES_MILLISECONDS = 60_000

/**
 * Decides whether to start a rollout. A template that failed is not tried again, by whatever wakes us, until it is
 * edited or the user names the failed deployment; an edit, back to something that failed before too, tries once.
 */
export function decideRollout(input: RolloutInput): RolloutDecision {
  const { service, requests } = input
  const memo = remembered(input)
  const failed = failureOf(input, memo)
  const known = { ...memo, failed }
  const isRetryWanted = failed !== undefined && requests['retry-rollout'] === failed.id && !isRollingBack(service)

  if (templateDiffers(input.template, service.template)) {
    if (failed === undefined || isRetryWanted)
      return { start: 'change', waits: progressWaits(service), blocks: [], memo: known }
    return { start: 'no', ...aftermath(failed, service), memo: known }
  }
  if (failed === undefined || !hasFailed(service)) {
    return { start: 'no', waits: progressWaits(service), blocks: [], memo: forgiven(known, service) }
  }
  return isRetryWanted
    ? retry(input, known, failed)
    : { start: 'no', waits: [], blocks: [rolloutFailed(failed)], memo: known }
}

/** As long as ECS is at work, time will change something; after that only a person will (kstatus: Reconciling, Stalled). */
function aftermath(failed: FailedRollout, service: ObservedService): Pick<RolloutDecision, 'waits' | 'blocks'> {
  if (isRollingBack(service)) return { waits: [rollBackWait(service, failureSentence(failed))], blocks: [] }
  return { waits: strangerWaits(service, failed), blocks: [rolledBack(failed, service)] }
}

/** Whether a deployment is needed to get from what AWS has to what is wanted. */
function templateDiffers(desired: DesiredTemplate, observed: ServiceTemplate): boolean {
  // AWS may answer the version that LATEST stood for when the deployment began.
  const { platformVersion, ...rest } = desired
  return differs(rest, observed) || (platformVersion !== 'LATEST' && differs(platformVersion, observed.platformVersion))
}

/** The memo for this template: an edit forgives everything that was tried until now. */
function remembered({ template, revisionHash, service, memo }: RolloutInput): ServiceMemo {
  // Not the ARN: a revision that somebody deregistered comes back under a new one, and that is no edit.
  const hash = contentHash({ ...template, taskDefinition: revisionHash })
  if (memo.template === undefined || memo.template === hash) return { ...memo, template: hash }
  const forgivenUntil = rolloutsOf(service)[0]?.createdAt ?? memo.failed?.at ?? memo.forgivenUntil
  return { ...memo, template: hash, forgivenUntil, failed: undefined, retried: undefined }
}

/**
 * The newest unforgiven failure of this template: from AWS, which knows it even when status was lost, or else from the
 * memo, which knows it even when AWS has forgotten, and in the words of the time when it happened.
 */
function failureOf({ template, service }: RolloutInput, memo: ServiceMemo): FailedRollout | undefined {
  const seen = [...failuresRolledBack(template, service), ...failureInPlace(template, service)]
  const newest = [...seen, ...(memo.failed ? [memo.failed] : [])]
    .filter(({ at }) => memo.forgivenUntil === undefined || at > memo.forgivenUntil)
    .reduce<FailedRollout | undefined>(
      (latest, one) => (latest === undefined || one.at > latest.at ? one : latest),
      undefined,
    )
  return newest?.id === memo.failed?.id ? memo.failed : newest
}

function failuresRolledBack(template: DesiredTemplate, service: ObservedService): readonly FailedRollout[] {
  return rolloutsOf(service).flatMap(({ id, status, statusReason, createdAt, target }) => {
    if (!status.startsWith('ROLLBACK') || target === undefined || templateDiffers(template, target)) return []
    const reason = reasonFrom(statusReason, service)
    return [{ id, at: createdAt ?? '', taskDefinition: target.taskDefinition, reason }]
  })
}

/** Without roll-back the deployment that failed stays the one that ECS would work towards. */
function failureInPlace(template: DesiredTemplate, service: ObservedService): readonly FailedRollout[] {
  const [primary] = service.deployments
  if (primary === undefined || !hasFailed(service) || templateDiffers(template, service.template)) return []
  const [newest] = rolloutsOf(service)
  const { taskDefinition, rolloutStateReason } = primary
  const at = newest?.createdAt ?? primary.createdAt ?? ''
  return [{ id: newest?.id ?? primary.id, at, taskDefinition, reason: reasonFrom(rolloutStateReason, service) }]
}

export function hasFailed({ deployments }: ObservedService): boolean {
  return deployments[0]?.rolloutState === 'FAILED'
}

function reasonFrom(reason: string | undefined, { lastFailure }: ObservedService): string {
  const said = (reason ?? 'ECS gives no reason').replace(/\.$/, '')
  return lastFailure === undefined ? said : `${said} (last task: ${lastFailure})`
}

/** What works now makes old failures of it void. */
function forgiven(memo: ServiceMemo, service: ObservedService): ServiceMemo {
  if (service.deployments[0]?.rolloutState !== 'COMPLETED') return memo
  const forgivenUntil = rolloutsOf(service)[0]?.createdAt ?? memo.forgivenUntil
  return { ...memo, forgivenUntil, failed: undefined, retried: undefined }
}

/** AWS has no token for an update: a retry that it does not show yet must not be sent twice. */
function retry({ now, service }: RolloutInput, memo: ServiceMemo, failed: FailedRollout): RolloutDecision {
  const { retried } = memo
  if (retried?.id === failed.id && now - retried.at < RETRY_SETTLES_MILLISECONDS) {
    const message = `AWS does not show yet that the rollout of ${nameOf(failed.taskDefinition)} was started again`
    return { start: 'no', waits: [{ reason: 'Settling', message, pollSeconds: 5 }], blocks: [], memo }
  }
  return {
    start: 'force',
    waits: progressWaits(service),
    blocks: [],
    memo: { ...memo, retried: { id: failed.id, at: now } },
  }
}

function rolledBack(failed: FailedRollout, service: ObservedService): Block {
  const running = nameOf(service.template.taskDefinition)
  return {
    reason: 'RolledBack',
    message: `${failureSentence(failed)} ECS rolled back; the service runs ${running}. ${wayOut(failed)}`,
    field: 'spec.taskDefinition',
  }
}

function rolloutFailed(failed: FailedRollout): Block {
  return {
    reason: 'RolloutFailed',
    message: `${failureSentence(failed)} ${wayOut(failed)}`,
    field: 'spec.taskDefinition',
  }
}

function failureSentence({ taskDefinition, id, reason }: FailedRollout): string {
  return `The rollout of ${nameOf(taskDefinition)} (deployment ${id}) failed: ${reason}.`
}

function wayOut({ id }: FailedRollout): string {
  return `Change the spec, or try this once more with the annotation longshore.dev/retry-rollout: ${id}`
}

/** `FAMILY:REVISION`, which is how people name a task definition. */
export function nameOf(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.indexOf('/') + 1)
}
