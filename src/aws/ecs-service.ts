import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type CreateServiceRequest,
  type ECSClient,
  type Failure as SdkFailure,
  type UpdateServiceRequest,
} from '@aws-sdk/client-ecs'
import { Failure } from '../core/failure.ts'
import type { Tags } from '../core/owner.ts'
import { createBatch, type BatchTiming, type ReadMany, type SharedLoad } from './batch.ts'
import { createRolloutReader, type RolloutCache, type RolloutReader } from './ecs-rollouts.ts'
import { serviceStateFrom, type ServiceState } from './ecs-service-state.ts'
import { allPages } from './pages.ts'
import { commandInputFrom, type Plain } from './plain.ts'
import type { SendTo } from './send.ts'
import { lowerTagsFrom } from './tags.ts'

export type NewService = Plain<Omit<CreateServiceRequest, 'tags'>> & { readonly tags: Tags }
export type ServiceChange = Plain<UpdateServiceRequest>

/** A service by its natural key. */
export interface ServiceRef {
  /** Name of the cluster. */
  readonly cluster: string
  readonly service: string
}

/** Services in ECS. Every method throws `Failure`. */
export interface EcsServicePort extends RolloutReader {
  /** Reads one service, up to ten of a cluster in a call; undefined: neither service nor tombstone. `not-found`: no such cluster. */
  readonly readService: (ref: ServiceRef, signal: AbortSignal) => Promise<ServiceState | undefined>
  /** Every service of every cluster in the account and region. */
  readonly listServices: (signal: AbortSignal) => Promise<readonly ServiceRef[]>
  /** Creates a service and answers its ARN. */
  readonly createService: (service: NewService, signal: AbortSignal) => Promise<string>
  readonly updateService: (change: ServiceChange, signal: AbortSignal) => Promise<void>
  /** Deletes the service with the tasks that it still runs. */
  readonly deleteService: (ref: ServiceRef, signal: AbortSignal) => Promise<void>
  readonly tag: (arn: string, tags: Tags, signal: AbortSignal) => Promise<void>
  readonly untag: (arn: string, keys: readonly string[], signal: AbortSignal) => Promise<void>
}

export interface EcsServicePortDeps {
  readonly send: SendTo<ECSClient>
  readonly readService: EcsServicePort['readService']
  readonly cache: RolloutCache
}

// DescribeServices takes at most ten services of one cluster (ECS API reference).
const MAX_SERVICES = 10

/** Reads services in full batches, by cluster; one for all objects of a session. */
export function createServiceReader(
  send: SendTo<ECSClient>,
  timing: BatchTiming,
): SharedLoad<ServiceState, ServiceRef> {
  const loads = new Map<string, { readonly load: SharedLoad<ServiceState>; users: number }>()
  return async ({ cluster, service }, signal, claimant) => {
    const read = readManyOf(send, cluster)
    const shared = loads.get(cluster) ?? { load: createBatch({ timing, read, maxKeys: MAX_SERVICES }), users: 0 }
    loads.set(cluster, shared)
    shared.users += 1
    try {
      return await shared.load(service, signal, claimant)
    } finally {
      shared.users -= 1
      // Clusters come and go; nothing is remembered of those that nobody asks about.
      if (shared.users === 0) loads.delete(cluster)
    }
  }
}

export function createEcsServicePort({ send, readService, cache }: EcsServicePortDeps): EcsServicePort {
  return {
    ...createRolloutReader(send, cache),
    readService,
    listServices: (signal) => listServices(send, signal),
    createService: async ({ tags, ...service }, signal) => {
      const input = commandInputFrom<Omit<CreateServiceRequest, 'tags'>>(service)
      const answer = await send(new CreateServiceCommand({ ...input, tags: lowerTagsFrom(tags) }), signal)
      const arn = answer.service?.serviceArn
      if (arn === undefined) throw new Failure('unexpected', 'ecs:CreateService')
      return arn
    },
    updateService: async (change, signal) => {
      await send(new UpdateServiceCommand(commandInputFrom<UpdateServiceRequest>(change)), signal)
    },
    deleteService: async ({ cluster, service }, signal) => {
      await send(new DeleteServiceCommand({ cluster, service, force: true }), signal)
    },
    tag: async (arn, tags, signal) => {
      await send(new TagResourceCommand({ resourceArn: arn, tags: lowerTagsFrom(tags) }), signal)
    },
    untag: async (arn, keys, signal) => {
      await send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), signal)
    },
  }
}

function readManyOf(send: SendTo<ECSClient>, cluster: string): ReadMany<ServiceState> {
  return async (services, signal, sharing) => {
    try {
      const command = new DescribeServicesCommand({ cluster, services: [...services], include: ['TAGS'] })
      const answer = await send(command, signal, sharing)
      return new Map<string, ServiceState | Failure>([
        ...(answer.services ?? []).map((service) => [service.serviceName ?? '', serviceStateFrom(service)] as const),
        ...(answer.failures ?? []).flatMap(failedEntry),
      ])
    } catch (error) {
      // Without the cluster there is none of them: nothing that a split of the batch could find out.
      if (error instanceof Failure && error.code === 'not-found') return new Map(services.map((name) => [name, error]))
      throw error
    }
  }
}

// "API failure reasons" in the ECS developer guide: MISSING says that it does not exist; any other reason says nothing.
function failedEntry({ arn, reason }: SdkFailure): (readonly [string, Failure])[] {
  if (arn === undefined || reason === 'MISSING') return []
  const message = `ecs:DescribeServices could not describe ${arn}: ${reason ?? 'no reason given'}`
  return [[arn.split('/').at(-1) ?? '', new Failure('unexpected', 'ecs:DescribeServices', { message })]]
}

async function listServices(send: SendTo<ECSClient>, signal: AbortSignal): Promise<readonly ServiceRef[]> {
  const clusters = await allPages(async (nextToken) => {
    const page = await send(new ListClustersCommand({ nextToken }), signal)
    return [page.clusterArns, page.nextToken]
  })
  const services = clusters.map((cluster) =>
    allPages(async (nextToken) => {
      const page = await send(new ListServicesCommand({ cluster, nextToken, maxResults: 100 }), signal)
      return [page.serviceArns, page.nextToken]
    }),
  )
  return (await Promise.all(services)).flat().map(refFrom)
}

/** Cluster and name stand in the ARN: `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME`. */
function refFrom(arn: string): ServiceRef {
  const [, cluster = '', service = ''] = arn.split('/')
  return { cluster, service }
}
