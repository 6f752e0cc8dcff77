import type { RolloutState } from '../../aws/ecs-rollouts.ts'
import type { EcsServicePort } from '../../aws/ecs-service.ts'
import type { ServiceState } from '../../aws/ecs-service-state.ts'
import { failureCodeFrom } from '../../core/failure.ts'
import { isAdoptable, ownerIn, ownershipOf } from '../../core/owner.ts'
import type { Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import { serviceRefFrom } from './desired.ts'
import { isSteady } from './progress.ts'

/** A service or its tombstone, with its recent past. */
export interface ObservedService extends ServiceState {
  readonly isOurs: boolean
  /** Newest first; only of an ACTIVE service. */
  readonly rollouts: readonly RolloutState[] | 'unread'
  /** Why the task that failed last was stopped, while tasks of a deployment fail. */
  readonly lastFailure: string | undefined
}

/** Looks at one service, ten in a call with others; at its past only when something changed. Throws `Failure`. */
export async function observeService(
  { key, owner, glance }: Identity,
  { aws: { ecsServices: port } }: Scope,
  signal: AbortSignal,
): Promise<Observation<ObservedService>> {
  const service = await readService(port, key, signal)
  if (service === 'no cluster') return { type: 'known', items: [], isHomeless: true }
  if (service === undefined) return { type: 'known', items: [] }

  const isOurs = ownershipOf(service.tags, owner) === 'ours'
  // What is being deleted, or was, is in nobody's way for long: it counts, whoever's it was.
  if (service.status !== 'ACTIVE') return { type: 'known', items: [{ ...service, isOurs, ...noPast }] }
  const message = foreignMessage(key, service)
  if (!isOurs && !isAdoptable(service.tags, owner)) return { type: 'foreign', message }
  const isCalm = glance === true && isSteady(service)
  const past = isCalm ? glanceAtPast(port, service) : await observePast(port, service, signal)
  const items = [{ ...service, isOurs, ...past }]
  return isOurs ? { type: 'known', items } : { type: 'foreign', message, items }
}

async function readService(
  port: EcsServicePort,
  key: string,
  signal: AbortSignal,
): Promise<ServiceState | 'no cluster' | undefined> {
  try {
    return await port.readService(serviceRefFrom(key), signal)
  } catch (error) {
    if (failureCodeFrom(error) === 'not-found') return 'no cluster'
    throw error
  }
}

const noPast: Past = { rollouts: [], lastFailure: undefined }

type Past = Pick<ObservedService, 'rollouts' | 'lastFailure'>

/** Nothing goes on: what went on before is of interest only where it is known already. */
function glanceAtPast(port: EcsServicePort, service: ServiceState): Past {
  return { rollouts: port.knownRollouts(service) ?? 'unread', lastFailure: undefined }
}

async function observePast(port: EcsServicePort, service: ServiceState, signal: AbortSignal): Promise<Past> {
  const rollouts = await port.readRollouts(service, signal)
  const rolledBack = rolledBackIn(rollouts)
  const isAsked = rolledBack !== undefined || mayBeFailing(service)
  return { rollouts, lastFailure: isAsked ? await port.readLastFailure(service, rolledBack, signal) : undefined }
}

/** What failed last may be over before anybody looks: then only its task definition leads to its tasks. */
function rolledBackIn([newest]: readonly RolloutState[]): string | undefined {
  return newest?.status.startsWith('ROLLBACK') ? newest.target?.taskDefinition : undefined
}

/** Longer than a healthy task needs to be counted: start, 40 s without health check, a pass of the scheduler. */
const SLOW_MILLISECONDS = 90_000

/** ECS counts only tasks that never ran; one that starts and dies, over and over, shows by the time that goes by. */
function mayBeFailing({ deployments, lastEventAt }: ServiceState): boolean {
  const [primary] = deployments
  if (deployments.some(({ failedTasks }) => failedTasks > 0)) return true
  if (primary?.rolloutState !== 'IN_PROGRESS') return false
  return millisecondsOf(lastEventAt) - millisecondsOf(primary.createdAt) > SLOW_MILLISECONDS
}

/** Both times are AWS's own. */
function millisecondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time)
}

function foreignMessage(key: string, { tags }: ServiceState): string {
  return `The service ${key} exists already and belongs to ${ownerIn(tags) ?? 'somebody else'}`
}
