import type {
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  LaunchType,
  NetworkConfiguration,
} from '@aws-sdk/client-ecs'
import { AwsFault } from '../../service.ts'
import { checkStrategy, normalStrategy } from './clusters/capacity.ts'
import { invalidParameter, notModelled } from './faults.ts'
import { LEDGER } from './ledger.ts'
import type { ClusterRecord, TaskDefinitionRecord } from './state.ts'

interface PlacementRequest {
  readonly launchType?: LaunchType | undefined
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[] | undefined
  readonly platformVersion?: string | undefined
  readonly networkConfiguration?: NetworkConfiguration | undefined
}

export interface Placement {
  readonly launchType: 'FARGATE' | undefined
  readonly strategy: readonly CapacityProviderStrategyItem[] | undefined
  readonly platformVersion: string
  readonly network: AwsVpcConfiguration
}

/** Throws InvalidParameterException for a network configuration that awsvpc tasks cannot use. */
export function networkFrom(configuration: NetworkConfiguration | undefined): AwsVpcConfiguration {
  const vpc = configuration?.awsvpcConfiguration
  if (!vpc) throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  const { subnets = [], securityGroups = [], assignPublicIp = 'DISABLED' } = vpc
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.')
  if (subnets.length > LEDGER.subnetsMax.value) throw invalidParameter('subnets can have at most 16 items.')
  if (securityGroups.length > LEDGER.securityGroupsMax.value)
    throw invalidParameter('securityGroups can have at most 5 items.')
  return { subnets, securityGroups, assignPublicIp }
}

function strategyFrom(request: PlacementRequest, cluster: ClusterRecord): Placement['strategy'] {
  const { launchType, capacityProviderStrategy } = request
  if (launchType !== undefined && capacityProviderStrategy?.length)
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    )
  if (launchType !== undefined) return undefined

  const strategy = capacityProviderStrategy?.length ? capacityProviderStrategy : cluster.strategy
  checkStrategy(strategy, cluster.capacityProviders)
  return strategy.length > 0 ? normalStrategy(strategy) : undefined
}

/** Throws PlatformUnknownException for a version that does not exist or was retired. */
export function checkPlatform(version: string): void {
  if (!(LEDGER.fargatePlatformVersions.value as readonly string[]).includes(version))
    throw new AwsFault('PlatformUnknownException', 'The specified platform does not exist.')
}

/** Throws InvalidParameterException for a task definition that cannot run on Fargate. */
export function checkFargate({ compatibilities }: TaskDefinitionRecord): void {
  if (!compatibilities.includes('FARGATE'))
    throw invalidParameter('Task definition does not support launch_type FARGATE.')
}

/** Where tasks go, checked (Amazon ECS API Reference, CreateService and RunTask). Only Fargate is modelled. */
export function placementFrom(
  request: PlacementRequest,
  cluster: ClusterRecord,
  definition: TaskDefinitionRecord,
): Placement {
  const strategy = strategyFrom(request, cluster)
  const launchType = strategy ? undefined : (request.launchType ?? 'EC2')
  if (launchType !== undefined && launchType !== 'FARGATE') throw notModelled(`launch type ${launchType}`)

  checkFargate(definition)
  const platformVersion = request.platformVersion || 'LATEST'
  checkPlatform(platformVersion)
  return { launchType, strategy, platformVersion, network: networkFrom(request.networkConfiguration) }
}

/**
 * The provider for the next task: the base comes first, then weights share what is beyond it
 * (Amazon ECS API Reference, CapacityProviderStrategyItem). `counts` are the tasks each provider has already.
 */
export function nextProvider(
  strategy: readonly CapacityProviderStrategyItem[],
  counts: ReadonlyMap<string, number>,
): string | undefined {
  const items = strategy.map(({ capacityProvider = '', base = 0, weight = 0 }) => ({
    capacityProvider,
    weight,
    missingBase: base - (counts.get(capacityProvider) ?? 0),
    /** How full the provider's share would be with one task more. */
    fill: ((counts.get(capacityProvider) ?? 0) - base + 1) / weight,
  }))
  const below = items.find(({ missingBase }) => missingBase > 0)
  if (below) return below.capacityProvider

  const weighted = items.filter(({ weight }) => weight > 0)
  return weighted.toSorted((left, right) => left.fill - right.fill)[0]?.capacityProvider
}
