import {
  DescribeServiceRevisionsCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ECSClient,
  type ServiceDeploymentBrief,
  type Task,
} from '@aws-sdk/client-ecs'
import {
  templateFromRevision,
  type DeploymentState,
  type ServiceState,
  type ServiceTemplate,
} from './ecs-service-state.ts'
import type { SendTo } from './send.ts'

/** A service deployment: one attempt to move a service to a template, with its roll-back if there was one. */
export interface RolloutState {
  /** The last part of its ARN; unique in the service. */
  readonly id: string
  readonly status: string
  readonly statusReason: string | undefined
  readonly createdAt: string | undefined
  /** What it tried to reach; only read for those that did not. */
  readonly target: ServiceTemplate | undefined
}

/** Reads the recent past of services. */
export interface RolloutReader {
  /** The newest service deployments, newest first. Read again only when the deployments of the service changed. */
  readonly readRollouts: (service: ServiceState, signal: AbortSignal) => Promise<readonly RolloutState[]>
  /** The same, if nothing has happened to the service since they were read last; undefined: AWS would have to be asked. */
  readonly knownRollouts: (service: ServiceState) => readonly RolloutState[] | undefined
  /**
   * Why the task that failed last was stopped, in AWS's words; undefined: none is known any more, as ECS forgets stopped
   * tasks after an hour. Asked of the deployments that are there, or of a task definition that was rolled back.
   */
  readonly readLastFailure: (
    service: ServiceState,
    rolledBack: string | undefined,
    signal: AbortSignal,
  ) => Promise<string | undefined>
}

interface CachedRollouts {
  readonly fingerprint: string
  readonly rollouts: readonly RolloutState[]
}

/** What is known about the past of services. Shared by the ports of one account and region. */
export interface RolloutCache {
  readonly rollouts: Map<string, CachedRollouts>
  readonly templates: Map<string, ServiceTemplate>
  readonly failures: Map<string, CachedFailure>
}

interface CachedFailure {
  readonly fingerprint: string
  readonly lastFailure: string | undefined
}

export function createRolloutCache(): RolloutCache {
  return { rollouts: new Map(), templates: new Map(), failures: new Map() }
}

// Beyond this a failed attempt is history: that many others were started since.
const MAX_ROLLOUTS = 20
// DescribeServiceRevisions takes at most 20 ARNs (ECS API reference).
const MAX_REVISIONS = 20
const MAX_STOPPED_TASKS = 10
const MAX_CACHED = 20_000

/** Why tasks stop that should have gone on. */
const FAILURES = new Set(['TaskFailedToStart', 'EssentialContainerExited'])

const TERMINAL = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])

export function createRolloutReader(send: SendTo<ECSClient>, cache: RolloutCache): RolloutReader {
  async function readTemplates(arns: readonly string[], signal: AbortSignal): Promise<void> {
    const unknown = arns.filter((arn) => !cache.templates.has(arn)).slice(0, MAX_REVISIONS)
    if (unknown.length === 0) return
    const answer = await send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: unknown }), signal)
    for (const revision of answer.serviceRevisions ?? []) {
      put(cache.templates, revision.serviceRevisionArn ?? '', templateFromRevision(revision))
    }
  }

  async function read({ clusterArn, name }: ServiceState, signal: AbortSignal): Promise<readonly RolloutState[]> {
    const query = { cluster: clusterArn, service: name, maxResults: MAX_ROLLOUTS }
    const { serviceDeployments = [] } = await send(new ListServiceDeploymentsCommand(query), signal)
    const failed = serviceDeployments.filter(({ status }) => status?.startsWith('ROLLBACK') ?? false)
    await readTemplates(
      failed.map(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? ''),
      signal,
    )
    return serviceDeployments.map((brief) => rolloutFrom(brief, cache)).toSorted(newestFirst)
  }

  const knownRollouts: RolloutReader['knownRollouts'] = (service) => {
    const cached = cache.rollouts.get(service.arn)
    return cached?.fingerprint === fingerprintOf(service) ? cached.rollouts : undefined
  }

  return {
    knownRollouts,
    readRollouts: async (service, signal) => {
      const known = knownRollouts(service)
      if (known !== undefined) return known

      const rollouts = await read(service, signal)
      const isStable = isUnderWay(service) || rollouts.every(({ status }) => TERMINAL.has(status))
      if (isStable) put(cache.rollouts, service.arn, { fingerprint: fingerprintOf(service), rollouts })
      return rollouts
    },
    readLastFailure: async (service, rolledBack, signal) => {
      const fingerprint = `${fingerprintOf(service)} ${rolledBack}`
      const known = cache.failures.get(service.arn)
      if (known?.fingerprint === fingerprint) return known.lastFailure
      const lastFailure = await readLastFailure(send, service, rolledBack, signal)
      put(cache.failures, service.arn, { fingerprint, lastFailure })
      return lastFailure
    },
  }
}

async function readLastFailure(
  send: SendTo<ECSClient>,
  { clusterArn, name, deployments }: ServiceState,
  rolledBack: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = {
    cluster: clusterArn,
    serviceName: name,
    desiredStatus: 'STOPPED',
    maxResults: MAX_STOPPED_TASKS,
  } as const
  const { taskArns = [] } = await send(new ListTasksCommand(query), signal)
  if (taskArns.length === 0) return undefined
  const { tasks = [] } = await send(new DescribeTasksCommand({ cluster: clusterArn, tasks: taskArns }), signal)
  const suspects = new Set(deployments.filter(isSuspect).map(({ id }) => id))
  const failed = tasks.filter(
    ({ startedBy = '', stopCode = '', taskDefinitionArn = '' }) =>
      (suspects.has(startedBy) || taskDefinitionArn === rolledBack) && FAILURES.has(stopCode),
  )
  const [last] = failed.toSorted((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
  return last && reasonOf(last)
}

function put<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size >= MAX_CACHED) cache.clear()
  cache.set(key, value)
}

/** While ECS works on a deployment its end shows in the fingerprint; the list of attempts has nothing to add before. */
function isUnderWay({ deployments: [primary] }: ServiceState): boolean {
  return primary?.rolloutState === 'IN_PROGRESS'
}

/**
 * Changes whenever a deployment may have begun or ended. Deployments alone do not: a roll-back may go back to one that was
 * there before, under its old id; but nothing happens without an event.
 */
function fingerprintOf({ deployments, events }: ServiceState): string {
  return [
    ...deployments.map(({ id, rolloutState, failedTasks }) => `${id} ${rolloutState} ${failedTasks}`),
    events[0]?.id,
  ].join()
}

function rolloutFrom(brief: ServiceDeploymentBrief, { templates }: RolloutCache): RolloutState {
  return {
    id: (brief.serviceDeploymentArn ?? '').split('/').at(-1) ?? '',
    status: brief.status ?? '',
    statusReason: brief.statusReason,
    createdAt: brief.createdAt?.toISOString(),
    target: templates.get(brief.targetServiceRevisionArn ?? ''),
  }
}

/** Tasks of other deployments that stopped are none of its business. */
function isSuspect({ status, failedTasks }: DeploymentState): boolean {
  return status === 'PRIMARY' || failedTasks > 0
}

function newestFirst(a: RolloutState, b: RolloutState): number {
  return (b.createdAt ?? '') < (a.createdAt ?? '') ? -1 : 1
}

function reasonOf({ stoppedReason = 'no reason given', containers = [] }: Task): string {
  const exits = containers
    .map(({ name, exitCode = 0, reason }) => ({
      name,
      said: reason ?? (exitCode === 0 ? '' : `exit code ${exitCode}`),
    }))
    // ECS often says the same of the task and of its container.
    .filter(({ said }) => !stoppedReason.includes(said))
    .map(({ name, said }) => `${name}: ${said}`)
  return [stoppedReason, ...exits].join('; ')
}
