import type {
  CapacityProviderStrategyItem,
  PutClusterCapacityProvidersRequest,
  PutClusterCapacityProvidersResponse,
} from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { clientFault, invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import type { ClusterRecord } from '../state.ts'
import { later } from '../world.ts'
import type { World } from '../world.ts'
import { usableCluster } from './lookup.ts'
import { presentCluster } from './present.ts'

/** Built in, the same in every account (Amazon ECS Developer Guide, Fargate capacity providers). */
export const FARGATE_PROVIDERS: readonly string[] = ['FARGATE', 'FARGATE_SPOT']

function checkItem({ base = 0, weight = 0 }: CapacityProviderStrategyItem): void {
  if (base < 0 || base > LEDGER.strategyBaseMax.value) throw invalidParameter('base must be between 0 and 100000.')
  if (weight < 0 || weight > LEDGER.strategyWeightMax.value)
    throw invalidParameter('weight must be between 0 and 1000.')
}

/** Throws InvalidParameterException for a strategy that could place nothing, or uses providers that are not `associated`. */
export function checkStrategy(strategy: readonly CapacityProviderStrategyItem[], associated: readonly string[]): void {
  if (strategy.length > LEDGER.strategyMax.value)
    throw invalidParameter('The capacity provider strategy cannot contain more than 20 capacity providers.')
  for (const item of strategy) checkItem(item)

  const names = strategy.map(({ capacityProvider }) => capacityProvider ?? '')
  if (new Set(names).size !== names.length)
    throw invalidParameter('The specified capacity provider strategy cannot contain duplicate capacity providers.')
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1)
    throw invalidParameter('Only one capacity provider in a strategy can have a base defined.')
  if (strategy.length > 0 && strategy.every(({ weight = 0 }) => weight === 0))
    throw invalidParameter('At least one capacity provider in a strategy must have a weight greater than zero.')
  if (names.some((name) => !associated.includes(name)))
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    )
}

/** Throws InvalidParameterException for a provider that does not exist. */
export function checkProviders(names: readonly string[]): void {
  const unknown = names.find((name) => !FARGATE_PROVIDERS.includes(name))
  if (unknown !== undefined)
    throw invalidParameter('The specified capacity provider was not found. Specify a valid name or ARN and try again.')
}

/** The strategy as AWS echoes it, with weight and base filled in. */
export const normalStrategy = (strategy: readonly CapacityProviderStrategyItem[]): CapacityProviderStrategyItem[] =>
  strategy.map(({ capacityProvider, weight, base }) => ({ capacityProvider, weight: weight ?? 0, base: base ?? 0 }))

/** Throws UpdateInProgressException while the cluster's capacity providers change. */
export function checkNotUpdating(cluster: ClusterRecord): void {
  if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS')
    throw new AwsFault(
      'UpdateInProgressException',
      'The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.',
    )
}

/** Capacity providers change in the background: the cluster says so until it is done. */
export function startCapacityUpdate(world: World, cluster: ClusterRecord): void {
  cluster.attachmentsStatus = 'UPDATE_IN_PROGRESS'
  later(world, LEDGER.capacityUpdateSeconds.value, () => {
    cluster.attachmentsStatus = 'UPDATE_COMPLETE'
    if (cluster.status === 'PROVISIONING') cluster.status = 'ACTIVE'
  })
}

function checkRemovable(cluster: ClusterRecord, remaining: readonly string[]): void {
  const used = Object.values(cluster.services)
    .filter(({ status }) => status !== 'INACTIVE')
    .flatMap(({ deployments }) => deployments.flatMap(({ workload }) => workload.strategy ?? []))
  if (used.some(({ capacityProvider = '' }) => !remaining.includes(capacityProvider)))
    throw new AwsFault('ResourceInUseException', 'The specified capacity provider is in use and cannot be removed.')
}

/** PutClusterCapacityProviders: replaces providers and default strategy, in the background. */
export function putClusterCapacityProviders(
  {
    cluster: identifier,
    capacityProviders = [],
    defaultCapacityProviderStrategy = [],
  }: PutClusterCapacityProvidersRequest,
  world: World,
): PutClusterCapacityProvidersResponse {
  const cluster = usableCluster(world, identifier)
  if (cluster.status !== 'ACTIVE') throw clientFault('Cluster was not ACTIVE.')
  checkNotUpdating(cluster)
  checkProviders(capacityProviders)
  checkStrategy(defaultCapacityProviderStrategy, capacityProviders)
  checkRemovable(cluster, capacityProviders)

  cluster.capacityProviders = [...new Set(capacityProviders)]
  cluster.strategy = normalStrategy(defaultCapacityProviderStrategy)
  startCapacityUpdate(world, cluster)
  return { cluster: presentCluster(world, cluster) }
}
