import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ServiceDeployment,
  ServiceRevision,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs'
import { parseArn } from '../arns.ts'
import { invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { dateOf } from '../names.ts'
import { byText, pageOf } from '../paging.ts'
import { breakerThreshold } from '../scheduler/breaker.ts'
import type { ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord } from '../state.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { requireService } from './lookup.ts'
import { presentRevisions } from './present.ts'
import { isUnderWay } from './rollout.ts'

/** The service a record is about, if it has not been purged or replaced. */
export function ownerOf({ state, call }: World, serviceArn: string): ServiceRecord | undefined {
  const [cluster = '', name = ''] = parseArn(call, serviceArn)?.path ?? []
  return state.clusters[cluster]?.services[name]
}

function revisionSummary(world: World, owner: ServiceRecord | undefined, arn: string): ServiceRevisionSummary {
  const none = { arn, requestedTaskCount: 0, runningTaskCount: 0, pendingTaskCount: 0 }
  return (owner && presentRevisions(world, owner).find((summary) => summary.arn === arn)) ?? none
}

type MonitorStatus = 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED'

function breakerStatus(record: ServiceDeploymentRecord): MonitorStatus {
  if (!record.breaker.enabled) return 'DISABLED'
  if (record.breaker.triggered) return 'TRIGGERED'
  return isUnderWay(record) ? 'MONITORING' : 'MONITORING_COMPLETE'
}

/** While a rollout is watched its numbers move; afterwards they are what they were at its end. */
function breakerNumbers(record: ServiceDeploymentRecord, owner: ServiceRecord | undefined) {
  const target = owner?.deployments.find(({ id }) => id === record.targetDeploymentId)
  if (!owner || !target || record.status !== 'IN_PROGRESS')
    return { failureCount: record.breaker.failureCount, threshold: record.breaker.threshold }
  return {
    failureCount: target.failedTasks,
    threshold: breakerThreshold(owner.deploymentConfiguration, owner.desiredCount),
  }
}

function present(world: World, record: ServiceDeploymentRecord): ServiceDeployment {
  const owner = ownerOf(world, record.serviceArn)
  const { rollback } = record
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: record.serviceArn,
    clusterArn: record.clusterArn,
    createdAt: dateOf(record.createdAt),
    startedAt: dateOf(record.startedAt),
    updatedAt: dateOf(record.updatedAt),
    ...(record.finishedAt !== undefined && { finishedAt: dateOf(record.finishedAt) }),
    ...(record.stoppedAt !== undefined && { stoppedAt: dateOf(record.stoppedAt) }),
    sourceServiceRevisions: record.sourceRevisionArns.map((arn) => revisionSummary(world, owner, arn)),
    targetServiceRevision: revisionSummary(world, owner, record.targetRevisionArn),
    status: record.status,
    ...(record.statusReason !== undefined && { statusReason: record.statusReason }),
    deploymentConfiguration: record.deploymentConfiguration,
    ...(rollback && {
      rollback: {
        reason: rollback.reason,
        startedAt: dateOf(rollback.startedAt),
        serviceRevisionArn: rollback.serviceRevisionArn,
      },
    }),
    deploymentCircuitBreaker: { status: breakerStatus(record), ...breakerNumbers(record, owner) },
    alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
  }
}

function checkArns(arns: readonly string[]): void {
  if (arns.length === 0 || arns.length > LEDGER.describeDeploymentsMax.value)
    throw invalidParameter('1 to 20 ARNs must be specified.')
}

/** DescribeServiceDeployments. */
export function describeServiceDeployments(
  { serviceDeploymentArns: arns = [] }: DescribeServiceDeploymentsRequest,
  world: World,
): DescribeServiceDeploymentsResponse {
  checkArns(arns)
  const { serviceDeployments: records } = world.state
  return {
    serviceDeployments: arns.flatMap((arn) => (records[arn] ? [present(world, records[arn])] : [])),
    failures: arns.filter((arn) => !records[arn]).map((arn) => ({ arn, reason: 'MISSING' })),
  }
}

function isWithin(input: ListServiceDeploymentsRequest, { createdAt, status }: ServiceDeploymentRecord): boolean {
  const { after, before } = input.createdAt ?? {}
  if (after && createdAt < after.getTime()) return false
  if (before && createdAt > before.getTime()) return false
  return !input.status?.length || input.status.includes(status)
}

/** Newest first. */
const sortKey = ({ createdAt, arn }: ServiceDeploymentRecord): string => `${String(createdAt).padStart(16, '0')}${arn}`

/** ListServiceDeployments: those of the last 90 days, newest first. */
export function listServiceDeployments(
  input: ListServiceDeploymentsRequest,
  world: World,
): ListServiceDeploymentsResponse {
  const { service } = requireService(world, input.cluster, input.service)
  const oldest = now(world) - LEDGER.deploymentHistorySeconds.value * 1000
  const records = Object.values(world.state.serviceDeployments)
    .filter(({ serviceArn, createdAt }) => serviceArn === service.arn && createdAt >= oldest)
    .filter((record) => isWithin(input, record))
    .toSorted((left, right) => byText(sortKey(right), sortKey(left)))
  const { items, nextToken } = pageOf(records, sortKey, {
    operation: 'ListServiceDeployments',
    defaultResults: LEDGER.listServiceDeploymentsDefault.value,
    order: 'DESC',
    nextToken: input.nextToken,
    maxResults: input.maxResults,
  })
  return {
    serviceDeployments: items.map((record) => ({
      serviceDeploymentArn: record.arn,
      serviceArn: record.serviceArn,
      clusterArn: record.clusterArn,
      startedAt: dateOf(record.startedAt),
      createdAt: dateOf(record.createdAt),
      ...(record.finishedAt !== undefined && { finishedAt: dateOf(record.finishedAt) }),
      targetServiceRevisionArn: record.targetRevisionArn,
      status: record.status,
      ...(record.statusReason !== undefined && { statusReason: record.statusReason }),
    })),
    nextToken,
  }
}

function presentRevision(
  { state }: World,
  { arn, serviceArn, clusterArn, createdAt, workload }: ServiceRevisionRecord,
): ServiceRevision {
  const key = workload.taskDefinition.slice(workload.taskDefinition.lastIndexOf('/') + 1)
  const containers = state.taskDefinitions[key]?.content.containerDefinitions ?? []
  return {
    serviceRevisionArn: arn,
    serviceArn,
    clusterArn,
    taskDefinition: workload.taskDefinition,
    ...(workload.launchType && { launchType: workload.launchType }),
    ...(workload.strategy && { capacityProviderStrategy: [...workload.strategy] }),
    platformVersion:
      workload.platformVersion === 'LATEST' ? LEDGER.fargatePlatformVersion.value : workload.platformVersion,
    platformFamily: 'Linux',
    loadBalancers: [],
    serviceRegistries: [...workload.serviceRegistries],
    networkConfiguration: { awsvpcConfiguration: workload.network },
    containerImages: containers.map(({ name, image }) => ({ containerName: name, image })),
    guardDutyEnabled: false,
    ...(workload.serviceConnect && { serviceConnectConfiguration: workload.serviceConnect }),
    ...(workload.volumes.length > 0 && { volumeConfigurations: [...workload.volumes] }),
    createdAt: dateOf(createdAt),
  }
}

/** DescribeServiceRevisions. */
export function describeServiceRevisions(
  { serviceRevisionArns: arns = [] }: DescribeServiceRevisionsRequest,
  world: World,
): DescribeServiceRevisionsResponse {
  checkArns(arns)
  const { serviceRevisions: records } = world.state
  return {
    serviceRevisions: arns.flatMap((arn) => (records[arn] ? [presentRevision(world, records[arn])] : [])),
    failures: arns.filter((arn) => !records[arn]).map((arn) => ({ arn, reason: 'MISSING' })),
  }
}
