import type { StatusInput, StatusReport } from '../../reconciler/kind.ts'
import { ecsServiceResource } from '../../resources/ecs-service/index.ts'
import { serviceMemoFrom, type ServiceMemo } from '../../resources/ecs-service/memo.ts'
import type { ObservedService } from '../../resources/ecs-service/observe.ts'
import { isSteady, progressSentence } from '../../resources/ecs-service/progress.ts'
import { hasFailed, nameOf } from '../../resources/ecs-service/rollout.ts'
import type { Reason } from '../../core/conditions.ts'
import type { Block } from '../../core/plan.ts'
import { SERVICE } from './compose.ts'
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts'

const MAX_EVENTS = 5
const MAX_DEPLOYMENTS = 5
/** AWS's default for services with the REPLICA strategy (ECS API reference, DeploymentConfiguration). */
const DEFAULT_MINIMUM_PERCENT = 100

type Input = Pick<StatusInput<EcsServiceSpec, EcsServiceStatus>, 'owner' | 'previous' | 'report'>

/** What the status of an EcsService says of its service. */
export function reportEcsService({ owner, previous, report }: Input): StatusReport<EcsServiceStatus> {
  const selector = `longshore.dev/service=${owner.name}`
  const seen = report(SERVICE, ecsServiceResource)
  // Not known now: what was known before still stands.
  if (seen?.observation.type !== 'known') return { fields: { ...ownFieldsOf(previous), selector } }

  const service = seen.observation.items.find(({ status }) => status === 'ACTIVE')
  if (service === undefined) return absent(seen.outputs.arn, selector)
  const { blocks = [], waits = [], memo = {} } = seen.plan ?? {}
  const told = { failure: failureIn([...blocks, ...waits]), memo: serviceMemoFrom(memo), previous: previous.rollout }
  return {
    fields: { ...fieldsOf(service), selector, rollout: rolloutOf(service, told) },
    available: availabilityOf(service),
  }
}

/** Fields that are named get removed from status when they are undefined. */
const NO_FIELDS: Required<{ [K in keyof EcsServiceStatus]: EcsServiceStatus[K] | undefined }> = {
  arn: undefined,
  serviceName: undefined,
  clusterName: undefined,
  clusterArn: undefined,
  taskDefinitionArn: undefined,
  revision: undefined,
  desiredCount: undefined,
  runningCount: undefined,
  pendingCount: undefined,
  selector: undefined,
  rollout: undefined,
  deployments: undefined,
  events: undefined,
}

function ownFieldsOf(previous: Partial<EcsServiceStatus>): EcsServiceStatus {
  const known = Object.entries(previous).filter(([key]) => key in NO_FIELDS)
  return { ...NO_FIELDS, ...Object.fromEntries(known) }
}

function absent(arn: string | undefined, selector: string): StatusReport<EcsServiceStatus> {
  return {
    // Autoscalers read zero as a fact; that nothing runs is one.
    fields: { ...NO_FIELDS, arn, selector, runningCount: 0, pendingCount: 0 },
    available: { status: 'False', reason: 'NotEnoughRunning', message: 'The service does not exist in ECS' },
  }
}

function fieldsOf(service: ObservedService): EcsServiceStatus {
  const { taskDefinition } = service.template
  return {
    arn: service.arn,
    serviceName: service.name,
    clusterName: service.clusterArn.split('/').at(-1),
    clusterArn: service.clusterArn,
    taskDefinitionArn: taskDefinition,
    revision: nameOf(taskDefinition),
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    pendingCount: service.pendingCount,
    deployments: service.deployments.slice(0, MAX_DEPLOYMENTS).map(deploymentFrom),
    events: service.events.slice(0, MAX_EVENTS).map(({ at, message }) => ({ at, message })),
  }
}

function deploymentFrom({
  id,
  status,
  rolloutState,
  taskDefinition,
  ...counts
}: ObservedService['deployments'][number]) {
  const { desiredCount, runningCount, pendingCount, failedTasks } = counts
  const revision = nameOf(taskDefinition)
  return { id, status, rolloutState, taskDefinition: revision, desiredCount, runningCount, pendingCount, failedTasks }
}

/** How an attempt stands that the plan calls failed. */
const FAILED_STATES: { readonly [R in Reason]?: RolloutStatus['state'] } = {
  RollingBack: 'ROLLING_BACK',
  RolledBack: 'ROLLED_BACK',
  RolloutFailed: 'FAILED',
}

type RolloutStatus = NonNullable<EcsServiceStatus['rollout']>
type Standing = Pick<RolloutStatus, 'state' | 'message'>

function failureIn(said: readonly Pick<Block, 'reason' | 'message'>[]): Standing | undefined {
  return said.flatMap(({ reason, message }) => {
    const state = FAILED_STATES[reason]
    return state === undefined ? [] : [{ state, message }]
  })[0]
}

interface RolloutContext {
  readonly failure: Standing | undefined
  readonly memo: ServiceMemo
  readonly previous: EcsServiceStatus['rollout']
}

function rolloutOf(service: ObservedService, { failure, memo: { failed }, previous }: RolloutContext): RolloutStatus {
  const attempt =
    failure && failed ? { startedAt: failed.at, deploymentId: failed.id } : newestAttempt(service, previous)
  const failedTasks = service.deployments.reduce((sum, deployment) => sum + deployment.failedTasks, 0)
  return { ...(failure ?? progressOf(service)), ...attempt, failedTasks }
}

function newestAttempt({ rollouts, deployments }: ObservedService, previous: RolloutContext['previous']) {
  if (rollouts === 'unread') return { startedAt: previous?.startedAt, deploymentId: previous?.deploymentId }
  const newest = rollouts[0] ?? deployments[0]
  return { startedAt: newest?.createdAt, deploymentId: newest?.id }
}

function progressOf(service: ObservedService): Standing {
  if (!isSteady(service))
    return { state: hasFailed(service) ? 'FAILED' : 'IN_PROGRESS', message: progressSentence(service) }
  return { state: 'COMPLETED', message: service.deployments[0]?.rolloutStateReason }
}

/** It serves while as many tasks run as a deployment must leave running: ceil(desired × percent / 100). */
function availabilityOf(service: ObservedService): NonNullable<StatusReport<EcsServiceStatus>['available']> {
  const percent = service.settings.deploymentConfiguration?.minimumHealthyPercent ?? DEFAULT_MINIMUM_PERCENT
  const minimum = Math.ceil((service.desiredCount * percent) / 100)
  const message = `${service.runningCount} of ${service.desiredCount} tasks running, at least ${minimum} needed`
  return service.runningCount >= minimum
    ? { status: 'True', reason: 'MinimumRunning', message }
    : { status: 'False', reason: 'NotEnoughRunning', message }
}
