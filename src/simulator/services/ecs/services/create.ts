import type { CreateServiceRequest, CreateServiceResponse, DeploymentConfiguration } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { ecsArn } from '../arns.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { invalidParameter, notModelled } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { checkName, checkToken } from '../names.ts'
import { runPass } from '../scheduler/pass.ts'
import { wake } from '../scheduler/wake.ts'
import { dictionary } from '../state.ts'
import type { ClusterRecord, ServiceRecord } from '../state.ts'
import { checkTags, dropTags, putTags } from '../tags.ts'
import { recallToken, rememberToken } from '../tokens.ts'
import type { TokenUse } from '../tokens.ts'
import { fingerprint, now } from '../world.ts'
import type { World } from '../world.ts'
import { presentService } from './present.ts'
import { startRollout } from './rollout.ts'
import { checkDeploymentConfiguration, checkServiceRequest } from './validate.ts'
import { workloadFrom } from './workload.ts'

/** Defaults as AWS echoes them; what is given wins (Amazon ECS API Reference, DeploymentConfiguration). */
const DEFAULT_CONFIGURATION: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: LEDGER.maximumPercent.value,
  minimumHealthyPercent: LEDGER.minimumHealthyPercent.value,
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
}

function newService(world: World, cluster: ClusterRecord, name: string, input: CreateServiceRequest): ServiceRecord {
  const { call } = world
  const { clientToken: _token, cluster: _cluster, ...request } = input
  return {
    arn: ecsArn(call, 'service', cluster.name, name),
    name,
    cluster: cluster.name,
    createdAt: now(world),
    createdBy: `arn:${call.partition}:iam::${call.accountId}:root`,
    fingerprint: fingerprint(request),
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    deploymentConfiguration: { ...DEFAULT_CONFIGURATION, ...input.deploymentConfiguration },
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds,
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    propagateTags: input.propagateTags ?? 'NONE',
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'ENABLED',
    lastWorkload: undefined,
    deployments: [],
    currentServiceDeployment: '',
    events: [],
    announcedAt: dictionary(),
    liveTasks: dictionary(),
  }
}

function checkInput(input: CreateServiceRequest): void {
  checkServiceRequest(input)
  checkTags(input.tags)
  checkToken(input.clientToken, LEDGER.serviceTokenLength.value)
  if (input.schedulingStrategy === 'DAEMON') throw notModelled('scheduling strategy DAEMON')
  if (input.desiredCount === undefined)
    throw invalidParameter('desiredCount must be specified for scheduling strategy REPLICA.')
  if (input.role)
    throw invalidParameter('You cannot specify an IAM role for services that require a service linked role.')
  checkDeploymentConfiguration({ ...DEFAULT_CONFIGURATION, ...input.deploymentConfiguration })
}

const notIdempotent = (): AwsFault => invalidParameter('Creation of service was not idempotent.')

/** What an earlier call of the same name or token made, if this call repeats it. */
function repeated(cluster: ClusterRecord, name: string, request: string): ServiceRecord | undefined {
  const existing = cluster.services[name]
  if (!existing || existing.status === 'INACTIVE') return undefined
  if (existing.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.')
  if (existing.fingerprint !== request) throw notIdempotent()
  return existing
}

/** A token that was used before never makes a second service, not even when the first was deleted. */
function byToken(world: World, cluster: ClusterRecord, name: string, use: TokenUse): ServiceRecord | undefined {
  const before = recallToken(world, use)
  if (before && !before.isSame) throw notIdempotent()
  return before && cluster.services[name]
}

/** CreateService: idempotent by token and, for equal parameters, by name; rolls out in the background. */
export function createService(input: CreateServiceRequest, world: World): CreateServiceResponse {
  const cluster = usableCluster(world, input.cluster)
  const name = checkName('Service name', input.serviceName)
  checkInput(input)
  const service = newService(world, cluster, name, input)
  const use: TokenUse = {
    scope: `CreateService ${cluster.name}`,
    token: input.clientToken,
    request: service.fingerprint,
  }
  const existing = byToken(world, cluster, name, use) ?? repeated(cluster, name, service.fingerprint)
  if (existing) return { service: presentService(world, existing) }
  if (Object.keys(cluster.services).length >= LEDGER.servicesPerCluster.value)
    throw new AwsFault('LimitExceededException', 'The maximum number of services in the cluster was exceeded.')

  const workload = workloadFrom(world, cluster, input)
  cluster.services[name] = service
  dropTags(world.state, service.arn)
  putTags(world.state, service.arn, input.tags)
  startRollout(world, cluster, service, workload)
  rememberToken(world, use, [service.arn])
  wake(world, service, 0, runPass)
  return { service: presentService(world, service) }
}
