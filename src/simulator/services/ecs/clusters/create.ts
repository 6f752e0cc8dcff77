import type { ClusterSetting, CreateClusterRequest, CreateClusterResponse } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { effectiveSetting } from '../account/settings.ts'
import { ecsArn } from '../arns.ts'
import { invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { checkName } from '../names.ts'
import { dictionary } from '../state.ts'
import type { ClusterRecord } from '../state.ts'
import { checkTags, dropTags, putTags } from '../tags.ts'
import { fingerprint } from '../world.ts'
import type { World } from '../world.ts'
import { checkProviders, checkStrategy, normalStrategy, startCapacityUpdate } from './capacity.ts'
import { DEFAULT_CLUSTER } from './lookup.ts'
import { presentCluster } from './present.ts'

const INSIGHTS_VALUES = ['enabled', 'disabled', 'enhanced']

/** Throws InvalidParameterException for a cluster setting or value that ECS does not know. */
export function checkSettings(settings: readonly ClusterSetting[]): void {
  for (const { name, value = '' } of settings) {
    if (name !== 'containerInsights') throw invalidParameter('Invalid cluster setting name.')
    if (!INSIGHTS_VALUES.includes(value)) throw invalidParameter(`Invalid setting value: ${value}.`)
  }
}

/** A repeated create must ask for what is there; members that it does not mention are left out of the comparison. */
function checkSame(existing: ClusterRecord, input: CreateClusterRequest): void {
  const pairs: (readonly [unknown, unknown])[] = [
    [input.settings, existing.settings],
    [input.configuration, existing.configuration],
    [input.capacityProviders, existing.capacityProviders],
    [input.defaultCapacityProviderStrategy && normalStrategy(input.defaultCapacityProviderStrategy), existing.strategy],
    [input.serviceConnectDefaults?.namespace, existing.serviceConnectNamespace],
  ]
  if (pairs.some(([asked, there]) => asked !== undefined && fingerprint(asked) !== fingerprint(there)))
    throw new AwsFault(
      'InvalidParameterException',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    )
}

function checkInput(input: CreateClusterRequest): void {
  checkTags(input.tags)
  checkSettings(input.settings ?? [])
  checkProviders(input.capacityProviders ?? [])
  checkStrategy(input.defaultCapacityProviderStrategy ?? [], input.capacityProviders ?? [])
}

function newCluster(world: World, name: string, input: CreateClusterRequest): ClusterRecord {
  return {
    name,
    arn: ecsArn(world.call, 'cluster', name),
    status: input.capacityProviders?.length ? 'PROVISIONING' : 'ACTIVE',
    settings: input.settings ?? [
      { name: 'containerInsights', value: effectiveSetting(world.state, 'containerInsights') },
    ],
    configuration: input.configuration,
    capacityProviders: [...new Set(input.capacityProviders)],
    strategy: normalStrategy(input.defaultCapacityProviderStrategy ?? []),
    serviceConnectNamespace: input.serviceConnectDefaults?.namespace,
    launchedTasks: 0,
    attachmentsStatus: undefined,
    services: dictionary(),
    tasks: dictionary(),
  }
}

/** CreateCluster: idempotent by name; a deleted name can be used again. */
export function createCluster(input: CreateClusterRequest, world: World): CreateClusterResponse {
  const { state } = world
  const name = checkName('Cluster name', input.clusterName ?? DEFAULT_CLUSTER)
  checkInput(input)

  const existing = state.clusters[name]
  if (existing && existing.status !== 'INACTIVE') {
    checkSame(existing, input)
    return { cluster: presentCluster(world, existing) }
  }
  if (Object.keys(state.clusters).length >= LEDGER.clustersMax.value)
    throw new AwsFault('LimitExceededException', 'The maximum number of clusters was exceeded.')

  const cluster = newCluster(world, name, input)
  state.clusters[name] = cluster
  dropTags(state, cluster.arn)
  putTags(state, cluster.arn, input.tags)
  if (input.capacityProviders?.length) startCapacityUpdate(world, cluster)
  return { cluster: presentCluster(world, cluster) }
}
