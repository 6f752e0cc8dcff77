import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  Deployment,
  DeploymentConfiguration,
  Service,
  ServiceRevision,
} from '@aws-sdk/client-ecs'
import type { Tags } from '../core/owner.ts'
import type { Plain } from './plain.ts'
import { tagsFrom } from './tags.ts'

type Created<K extends keyof CreateServiceRequest> = Plain<CreateServiceRequest[K]>

/** The members of a service whose change makes ECS start a new deployment (ECS API reference, UpdateService). */
export interface ServiceTemplate {
  readonly taskDefinition: string
  readonly networkConfiguration?: Created<'networkConfiguration'>
  readonly platformVersion?: string | undefined
  readonly serviceConnectConfiguration?: Created<'serviceConnectConfiguration'>
  readonly serviceRegistries?: Created<'serviceRegistries'>
  readonly volumeConfigurations?: Created<'volumeConfigurations'>
}

/** The members of a service that change without a new deployment; its count stands apart. */
export interface ServiceSettings {
  readonly capacityProviderStrategy?: readonly Plain<CapacityProviderStrategyItem>[] | undefined
  readonly deploymentConfiguration?: Plain<DeploymentConfiguration> | undefined
  readonly enableExecuteCommand?: boolean | undefined
  readonly enableECSManagedTags?: boolean | undefined
  readonly propagateTags?: Created<'propagateTags'>
  readonly availabilityZoneRebalancing?: Created<'availabilityZoneRebalancing'>
}

/** One of the deployments that a service has at the moment; times are RFC 3339, AWS's own. */
export interface DeploymentState {
  readonly id: string
  /** `PRIMARY`: the one that ECS works towards; `ACTIVE`: still has tasks. */
  readonly status: string
  readonly rolloutState: string | undefined
  readonly rolloutStateReason: string | undefined
  readonly taskDefinition: string
  readonly desiredCount: number
  readonly runningCount: number
  readonly pendingCount: number
  readonly failedTasks: number
  readonly createdAt: string | undefined
}

export interface EventState {
  readonly id: string
  readonly at: string | undefined
  readonly message: string
}

/** A service as DescribeServices shows it. */
export interface ServiceState {
  readonly arn: string
  readonly name: string
  readonly clusterArn: string
  /** `ACTIVE`, `DRAINING` (being deleted) or `INACTIVE` (deleted, still shown for a while). */
  readonly status: string
  readonly createdAt: string | undefined
  readonly desiredCount: number
  readonly runningCount: number
  readonly pendingCount: number
  readonly launchType: string | undefined
  readonly template: ServiceTemplate
  readonly settings: ServiceSettings
  /** The PRIMARY one first. */
  readonly deployments: readonly DeploymentState[]
  /** Newest first, as AWS answers them. */
  /** Newest first; of those that say the same one after the other, the first that did. */
  readonly events: readonly EventState[]
  readonly lastEventAt: string | undefined
  readonly tags: Tags
}

export function serviceStateFrom(service: Service): ServiceState {
  const deployments = (service.deployments ?? []).toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)))
  return {
    arn: service.serviceArn ?? '',
    name: service.serviceName ?? '',
    clusterArn: service.clusterArn ?? '',
    status: service.status ?? '',
    createdAt: service.createdAt?.toISOString(),
    ...countsOf(service),
    launchType: service.launchType,
    template: templateOf(service, deployments[0]),
    settings: settingsOf(service),
    deployments: deployments.map(deploymentStateFrom),
    ...eventsOf(service),
    tags: tagsFrom(service.tags),
  }
}

function countsOf({ desiredCount = 0, runningCount = 0, pendingCount = 0 }: Service) {
  return { desiredCount, runningCount, pendingCount }
}

/** ECS says every six hours that a steady service is steady, and repeats what it cannot do: that is no news. */
function eventsOf({ events = [] }: Service): Pick<ServiceState, 'events' | 'lastEventAt'> {
  const all = events.map(({ id = '', createdAt, message = '' }) => ({ id, at: createdAt?.toISOString(), message }))
  const news = all.filter(({ message }, index) => message !== all[index + 1]?.message)
  return { events: news, lastEventAt: all[0]?.at }
}

/** The template that a service revision stands for. */
export function templateFromRevision(revision: ServiceRevision): ServiceTemplate {
  return {
    taskDefinition: revision.taskDefinition ?? '',
    networkConfiguration: revision.networkConfiguration,
    platformVersion: revision.platformVersion,
    serviceConnectConfiguration: revision.serviceConnectConfiguration,
    serviceRegistries: revision.serviceRegistries,
    volumeConfigurations: revision.volumeConfigurations,
  }
}

/** Service Connect and volumes are only shown on the deployment, registries only on the service. */
function templateOf(service: Service, primary: Deployment | undefined): ServiceTemplate {
  return {
    taskDefinition: primary?.taskDefinition ?? service.taskDefinition ?? '',
    networkConfiguration: primary?.networkConfiguration ?? service.networkConfiguration,
    platformVersion: service.platformVersion ?? primary?.platformVersion,
    serviceConnectConfiguration: primary?.serviceConnectConfiguration,
    serviceRegistries: service.serviceRegistries,
    volumeConfigurations: primary?.volumeConfigurations,
  }
}

/** What AWS leaves out of its answer is off (ECS API reference, CreateService: the defaults of these members). */
function settingsOf(service: Service): ServiceSettings {
  return {
    capacityProviderStrategy: service.capacityProviderStrategy ?? [],
    deploymentConfiguration: service.deploymentConfiguration,
    enableExecuteCommand: service.enableExecuteCommand ?? false,
    enableECSManagedTags: service.enableECSManagedTags ?? false,
    propagateTags: service.propagateTags ?? 'NONE',
    availabilityZoneRebalancing: service.availabilityZoneRebalancing ?? 'DISABLED',
  }
}

function isPrimary({ status }: Deployment): boolean {
  return status === 'PRIMARY'
}

function deploymentStateFrom(deployment: Deployment): DeploymentState {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    taskDefinition: deployment.taskDefinition ?? '',
    desiredCount: deployment.desiredCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: deployment.createdAt?.toISOString(),
  }
}
