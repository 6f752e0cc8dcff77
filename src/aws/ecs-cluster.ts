import {
  type Cluster as SdkCluster,
  type ClusterConfiguration,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  type ECSClient,
  type Failure as SdkFailure,
  ListClustersCommand,
  PutClusterCapacityProvidersCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterCommand,
} from '@aws-sdk/client-ecs'
import { Failure } from '../core/failure.ts'
import type { Tags } from '../core/owner.ts'
import { type BatchTiming, createBatch, type Load, type SharedLoad } from './batch.ts'
import type { Sharing } from './pace.ts'
import { unlessNotFound } from './errors.ts'
import type { SendTo } from './send.ts'
import { lowerTagsFrom, tagsFrom } from './tags.ts'

export type ContainerInsights = 'enhanced' | 'enabled' | 'disabled'

export interface StrategyItem {
  readonly capacityProvider: string
  readonly weight: number
  readonly base: number
}

/** Which capacity providers a cluster may use, and which it uses where a service or task names none. */
export interface Capacity {
  readonly capacityProviders: readonly string[]
  readonly defaultCapacityProviderStrategy: readonly StrategyItem[]
}

export interface ExecuteCommandLogConfiguration {
  readonly cloudWatchLogGroupName?: string | undefined
  readonly cloudWatchEncryptionEnabled?: boolean | undefined
  readonly s3BucketName?: string | undefined
  readonly s3EncryptionEnabled?: boolean | undefined
  readonly s3KeyPrefix?: string | undefined
}

export interface ExecuteCommandConfiguration {
  readonly kmsKeyId?: string | undefined
  readonly logging?: 'NONE' | 'DEFAULT' | 'OVERRIDE' | undefined
  readonly logConfiguration?: ExecuteCommandLogConfiguration | undefined
}

export interface Configuration {
  readonly executeCommandConfiguration?: ExecuteCommandConfiguration | undefined
  readonly managedStorageConfiguration?:
    | { readonly kmsKeyId?: string | undefined; readonly fargateEphemeralStorageKmsKeyId?: string | undefined }
    | undefined
}

export interface EcsCluster extends Capacity {
  readonly clusterName: string
  readonly arn: string
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE. */
  readonly status: string
  readonly registeredContainerInstancesCount: number
  readonly runningTasksCount: number
  readonly pendingTasksCount: number
  readonly activeServicesCount: number
  /** Services that were deleted and still stop tasks; they keep the cluster from going. */
  readonly drainingServicesCount: number
  readonly containerInsights: string | undefined
  readonly configuration: Configuration
  /** ARN of the Cloud Map namespace that Service Connect uses by default. */
  readonly serviceConnectNamespace: string | undefined
  /** UPDATE_IN_PROGRESS, UPDATE_COMPLETE or UPDATE_FAILED; undefined: never changed. */
  readonly attachmentsStatus: string | undefined
  readonly tags: Tags
}

/** What can be changed in one UpdateCluster; absent: left alone. */
export interface ClusterChange {
  readonly containerInsights?: ContainerInsights | undefined
  readonly configuration?: Configuration | undefined
  /** Name or ARN; the empty string removes it. */
  readonly serviceConnectNamespace?: string | undefined
}

export interface NewCluster extends ClusterChange {
  readonly clusterName: string
  readonly tags: Tags
  readonly capacity?: Capacity | undefined
}

/** Clusters of ECS. Every method throws `Failure`. */
export interface EcsClusterPort {
  /** By name; undefined: ECS does not know it. INACTIVE ones are answered. Grouped with other reads of the same moment. */
  readonly cluster: Load<EcsCluster>
  readonly allClusters: (signal: AbortSignal) => Promise<readonly EcsCluster[]>
  readonly createCluster: (cluster: NewCluster, signal: AbortSignal) => Promise<EcsCluster>
  readonly updateCluster: (name: string, change: ClusterChange, signal: AbortSignal) => Promise<void>
  readonly putCapacity: (name: string, capacity: Capacity, signal: AbortSignal) => Promise<void>
  readonly tag: (arn: string, tags: Tags, signal: AbortSignal) => Promise<void>
  readonly untag: (arn: string, keys: readonly string[], signal: AbortSignal) => Promise<void>
  readonly deleteCluster: (name: string, signal: AbortSignal) => Promise<void>
}

type Send = SendTo<ECSClient>

// ECS API, DescribeClusters: at most 100 clusters a call; ListClusters: pages of at most 100.
const MAX_CLUSTERS = 100

/** Reads clusters in full batches; one for all objects of a session. */
export function createClusterReader(send: Send, timing: BatchTiming): SharedLoad<EcsCluster> {
  return createBatch({
    timing,
    maxKeys: MAX_CLUSTERS,
    read: (names, signal, sharing) => describe(send, names, signal, sharing),
  })
}

export function createEcsClusterPort(send: Send, cluster: Load<EcsCluster>): EcsClusterPort {
  return { cluster, allClusters: (signal) => allClusters(send, signal), ...writes(send) }
}

function writes(send: Send) {
  return {
    createCluster: async ({ clusterName, tags, capacity, ...change }: NewCluster, signal: AbortSignal) => {
      const input = { clusterName, tags: lowerTagsFrom(tags), ...changeInputFrom(change) }
      const answer = await send(
        new CreateClusterCommand({ ...input, ...(capacity && capacityInputFrom(capacity)) }),
        signal,
      )
      const created = answer.cluster && clusterFrom(answer.cluster)
      if (!created) throw new Failure('unexpected', 'ecs:CreateCluster')
      return created
    },
    updateCluster: async (cluster: string, change: ClusterChange, signal: AbortSignal) => {
      await send(new UpdateClusterCommand({ cluster, ...changeInputFrom(change) }), signal)
    },
    putCapacity: async (cluster: string, capacity: Capacity, signal: AbortSignal) => {
      await send(new PutClusterCapacityProvidersCommand({ cluster, ...capacityInputFrom(capacity) }), signal)
    },
    tag: async (resourceArn: string, tags: Tags, signal: AbortSignal) => {
      await send(new TagResourceCommand({ resourceArn, tags: lowerTagsFrom(tags) }), signal)
    },
    untag: async (resourceArn: string, keys: readonly string[], signal: AbortSignal) => {
      await send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }), signal)
    },
    deleteCluster: (cluster: string, signal: AbortSignal) =>
      unlessNotFound(async () => {
        await send(new DeleteClusterCommand({ cluster }), signal)
      }),
  }
}

async function describe(send: Send, names: readonly string[], signal: AbortSignal, sharing?: Sharing) {
  const include = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'] as const
  const command = new DescribeClustersCommand({ clusters: [...names], include: [...include] })
  const answer = await send(command, signal, sharing)
  const clusters = (answer.clusters ?? []).flatMap((cluster) => clusterFrom(cluster) ?? [])
  return new Map<string, EcsCluster | Failure>([
    ...clusters.map((cluster) => [cluster.clusterName, cluster] as const),
    ...(answer.failures ?? []).flatMap(failedEntry),
  ])
}

// "API failure reasons" in the ECS developer guide: MISSING says that it does not exist; any other reason says nothing.
function failedEntry({ arn, reason }: SdkFailure): (readonly [string, Failure])[] {
  if (arn === undefined || reason === 'MISSING') return []
  const message = `ecs:DescribeClusters could not describe ${arn}: ${reason ?? 'no reason given'}`
  return [[arn.slice(arn.indexOf('/') + 1), new Failure('unexpected', 'ecs:DescribeClusters', { message })]]
}

async function allClusters(send: Send, signal: AbortSignal): Promise<readonly EcsCluster[]> {
  const all: EcsCluster[] = []
  let nextToken: string | undefined
  do {
    const page = await send(new ListClustersCommand({ maxResults: MAX_CLUSTERS, nextToken }), signal)
    const arns = page.clusterArns ?? []
    const described = arns.length === 0 ? [] : [...(await describe(send, arns, signal)).values()]
    all.push(...described.flatMap((cluster) => (cluster instanceof Failure ? [] : [cluster])))
    nextToken = page.nextToken
  } while (nextToken)
  return all
}

function changeInputFrom({ containerInsights, configuration, serviceConnectNamespace }: ClusterChange) {
  return {
    ...(containerInsights && { settings: [{ name: 'containerInsights' as const, value: containerInsights }] }),
    ...(configuration && { configuration }),
    ...(serviceConnectNamespace !== undefined && { serviceConnectDefaults: { namespace: serviceConnectNamespace } }),
  }
}

function capacityInputFrom({ capacityProviders, defaultCapacityProviderStrategy }: Capacity) {
  return {
    capacityProviders: [...capacityProviders],
    defaultCapacityProviderStrategy: [...defaultCapacityProviderStrategy],
  }
}

function clusterFrom(cluster: SdkCluster): EcsCluster | undefined {
  const { clusterName, clusterArn: arn, status } = cluster
  if (!clusterName || !arn || !status) return undefined
  return {
    clusterName,
    arn,
    status,
    ...countsFrom(cluster),
    containerInsights: cluster.settings?.find(({ name }) => name === 'containerInsights')?.value,
    configuration: configurationFrom(cluster.configuration),
    serviceConnectNamespace: cluster.serviceConnectDefaults?.namespace,
    attachmentsStatus: cluster.attachmentsStatus,
    capacityProviders: cluster.capacityProviders ?? [],
    defaultCapacityProviderStrategy: strategyFrom(cluster.defaultCapacityProviderStrategy),
    tags: tagsFrom(cluster.tags),
  }
}

function countsFrom(cluster: SdkCluster) {
  const draining = (cluster.statistics ?? []).filter(({ name }) => /^draining.*ServiceCount$/i.test(name ?? ''))
  return {
    registeredContainerInstancesCount: cluster.registeredContainerInstancesCount ?? 0,
    runningTasksCount: cluster.runningTasksCount ?? 0,
    pendingTasksCount: cluster.pendingTasksCount ?? 0,
    activeServicesCount: cluster.activeServicesCount ?? 0,
    drainingServicesCount: draining.reduce((sum, { value }) => sum + Number(value ?? 0), 0),
  }
}

function configurationFrom(configuration: ClusterConfiguration | undefined): Configuration {
  const { executeCommandConfiguration, managedStorageConfiguration } = configuration ?? {}
  return {
    ...(executeCommandConfiguration && { executeCommandConfiguration }),
    ...(managedStorageConfiguration && { managedStorageConfiguration }),
  }
}

function strategyFrom(strategy: SdkCluster['defaultCapacityProviderStrategy']): readonly StrategyItem[] {
  // CapacityProviderStrategyItem: weight and base default to 0.
  return (strategy ?? []).map(({ capacityProvider, weight, base }) => ({
    capacityProvider: capacityProvider ?? '',
    weight: weight ?? 0,
    base: base ?? 0,
  }))
}
