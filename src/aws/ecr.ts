import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository as SdkRepository,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr'
import { Failure } from '../core/failure.ts'
import type { Tags } from '../core/owner.ts'
import { type BatchTiming, createBatch, type Load, type ReadMany, type SharedLoad, splitOnNotFound } from './batch.ts'
import { readImages, type ImageSummary } from './ecr-images.ts'
import { unlessNotFound } from './errors.ts'
import type { SendTo } from './send.ts'
import { tagsFrom, upperTagsFrom } from './tags.ts'

export type ImageTagMutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'

/** Whether tags may move, and the wildcard filters of the tags that are excepted (only `…_WITH_EXCLUSION` has any). */
export interface TagMutability {
  readonly imageTagMutability: ImageTagMutability
  readonly exclusionFilters: readonly string[]
}

export interface Encryption {
  readonly encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE'
  /** When written: alias, id or ARN; as ECR answers it: the ARN. */
  readonly kmsKey?: string | undefined
}

export interface Repository extends TagMutability {
  readonly repositoryName: string
  readonly arn: string
  readonly uri: string
  readonly registryId: string
  /** RFC 3339. */
  readonly createdAt: string | undefined
  readonly scanOnPush: boolean
  readonly encryption: Encryption
}

/** What absent means here: ECR's own default. */
export interface NewRepository {
  readonly repositoryName: string
  readonly tags: Tags
  readonly mutability?: TagMutability | undefined
  readonly scanOnPush?: boolean | undefined
  readonly encryption?: Encryption | undefined
}

/** Private repositories of ECR. Every method throws `Failure`. */
export interface EcrPort {
  /** Undefined: there is no repository of this name. Grouped with other reads of the same moment. */
  readonly repository: Load<Repository>
  readonly allRepositories: (signal: AbortSignal) => Promise<readonly Repository[]>
  readonly tagsOf: (arn: string, signal: AbortSignal) => Promise<Tags>
  /** Undefined: the repository has none. */
  readonly lifecyclePolicyText: (repositoryName: string, signal: AbortSignal) => Promise<string | undefined>
  /** Undefined: the repository has none. */
  readonly policyText: (repositoryName: string, signal: AbortSignal) => Promise<string | undefined>
  readonly hasImages: (repositoryName: string, signal: AbortSignal) => Promise<boolean>
  /** A call for each thousand images. */
  readonly images: (repositoryName: string, signal: AbortSignal) => Promise<ImageSummary>

  readonly createRepository: (repository: NewRepository, signal: AbortSignal) => Promise<Repository>
  readonly putTagMutability: (name: string, mutability: TagMutability, signal: AbortSignal) => Promise<void>
  readonly putScanOnPush: (name: string, scanOnPush: boolean, signal: AbortSignal) => Promise<void>
  readonly putLifecyclePolicy: (name: string, text: string, signal: AbortSignal) => Promise<void>
  readonly deleteLifecyclePolicy: (name: string, signal: AbortSignal) => Promise<void>
  readonly setPolicy: (name: string, text: string, signal: AbortSignal) => Promise<void>
  readonly deletePolicy: (name: string, signal: AbortSignal) => Promise<void>
  readonly tag: (arn: string, tags: Tags, signal: AbortSignal) => Promise<void>
  readonly untag: (arn: string, keys: readonly string[], signal: AbortSignal) => Promise<void>
  /** `force`: with the images in it. Without, ECR refuses with `in-use` while there are any. */
  readonly deleteRepository: (name: string, force: boolean, signal: AbortSignal) => Promise<void>
}

type Send = SendTo<ECRClient>

// ECR API, DescribeRepositories: at most 100 names a call; pages of at most 1,000 without names.
const MAX_NAMES = 100
const PAGE_SIZE = 1000

/** Reads repositories in full batches; one for all objects of a session. */
export function createRepositoryReader(send: Send, timing: BatchTiming): SharedLoad<Repository> {
  const read: ReadMany<Repository> = async (names, signal, sharing) => {
    const command = new DescribeRepositoriesCommand({ repositoryNames: [...names] })
    const { repositories } = await send(command, signal, sharing)
    return new Map(repositoriesFrom(repositories).map((repository) => [repository.repositoryName, repository]))
  }
  return createBatch({ timing, maxKeys: MAX_NAMES, read: splitOnNotFound(read) })
}

export function createEcrPort(send: Send, repository: Load<Repository>): EcrPort {
  return { repository, ...reads(send), ...policies(send), ...writes(send) }
}

function reads(send: Send) {
  return {
    allRepositories: async (signal: AbortSignal) => {
      const all: Repository[] = []
      let nextToken: string | undefined
      do {
        const page = await send(new DescribeRepositoriesCommand({ maxResults: PAGE_SIZE, nextToken }), signal)
        all.push(...repositoriesFrom(page.repositories))
        nextToken = page.nextToken
      } while (nextToken)
      return all
    },
    tagsOf: async (resourceArn: string, signal: AbortSignal) =>
      tagsFrom((await send(new ListTagsForResourceCommand({ resourceArn }), signal)).tags),
    hasImages: async (repositoryName: string, signal: AbortSignal) => {
      const { imageIds } = await send(new ListImagesCommand({ repositoryName, maxResults: 1 }), signal)
      return (imageIds ?? []).length > 0
    },
    images: (repositoryName: string, signal: AbortSignal) => readImages(send, repositoryName, signal),
  }
}

function policies(send: Send) {
  return {
    lifecyclePolicyText: (repositoryName: string, signal: AbortSignal) =>
      unlessNotFound(async () => {
        const answer = await send(new GetLifecyclePolicyCommand({ repositoryName }), signal)
        return answer.lifecyclePolicyText
      }),
    policyText: (repositoryName: string, signal: AbortSignal) =>
      unlessNotFound(async () => (await send(new GetRepositoryPolicyCommand({ repositoryName }), signal)).policyText),
    putLifecyclePolicy: async (repositoryName: string, lifecyclePolicyText: string, signal: AbortSignal) => {
      await send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }), signal)
    },
    deleteLifecyclePolicy: (repositoryName: string, signal: AbortSignal) =>
      unlessNotFound(async () => {
        await send(new DeleteLifecyclePolicyCommand({ repositoryName }), signal)
      }),
    setPolicy: async (repositoryName: string, policyText: string, signal: AbortSignal) => {
      await send(new SetRepositoryPolicyCommand({ repositoryName, policyText }), signal)
    },
    deletePolicy: (repositoryName: string, signal: AbortSignal) =>
      unlessNotFound(async () => {
        await send(new DeleteRepositoryPolicyCommand({ repositoryName }), signal)
      }),
  }
}

function writes(send: Send) {
  return {
    createRepository: async (repository: NewRepository, signal: AbortSignal) => {
      const answer = await send(new CreateRepositoryCommand(createInputFrom(repository)), signal)
      const [created] = repositoriesFrom(answer.repository ? [answer.repository] : [])
      if (!created) throw new Failure('unexpected', 'ecr:CreateRepository')
      return created
    },
    putTagMutability: async (repositoryName: string, mutability: TagMutability, signal: AbortSignal) => {
      await send(new PutImageTagMutabilityCommand({ repositoryName, ...mutabilityInputFrom(mutability) }), signal)
    },
    putScanOnPush: async (repositoryName: string, scanOnPush: boolean, signal: AbortSignal) => {
      const imageScanningConfiguration = { scanOnPush }
      await send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }), signal)
    },
    tag: async (resourceArn: string, tags: Tags, signal: AbortSignal) => {
      await send(new TagResourceCommand({ resourceArn, tags: upperTagsFrom(tags) }), signal)
    },
    untag: async (resourceArn: string, keys: readonly string[], signal: AbortSignal) => {
      await send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }), signal)
    },
    deleteRepository: (repositoryName: string, force: boolean, signal: AbortSignal) =>
      unlessNotFound(async () => {
        await send(new DeleteRepositoryCommand({ repositoryName, force }), signal)
      }),
  }
}

function createInputFrom({ repositoryName, tags, mutability, scanOnPush, encryption }: NewRepository) {
  return {
    repositoryName,
    tags: upperTagsFrom(tags),
    ...(mutability && mutabilityInputFrom(mutability)),
    ...(scanOnPush === undefined ? {} : { imageScanningConfiguration: { scanOnPush } }),
    ...(encryption && { encryptionConfiguration: encryption }),
  }
}

function mutabilityInputFrom({ imageTagMutability, exclusionFilters }: TagMutability) {
  const filters = exclusionFilters.map((filter) => ({ filterType: 'WILDCARD' as const, filter }))
  // ECR wants at least one filter where it is given the member at all.
  return { imageTagMutability, ...(filters.length === 0 ? {} : { imageTagMutabilityExclusionFilters: filters }) }
}

function repositoriesFrom(repositories: readonly SdkRepository[] | undefined): readonly Repository[] {
  return (repositories ?? []).flatMap((repository) => repositoryFrom(repository) ?? [])
}

// Defaults as the API reference of CreateRepository gives them, for members that an answer leaves out.
function repositoryFrom(repository: SdkRepository): Repository | undefined {
  const { repositoryName, repositoryArn: arn, repositoryUri: uri, registryId } = repository
  if (!repositoryName || !arn || !uri || !registryId) return undefined
  return {
    repositoryName,
    arn,
    uri,
    registryId,
    createdAt: repository.createdAt?.toISOString(),
    imageTagMutability: repository.imageTagMutability ?? 'MUTABLE',
    exclusionFilters: (repository.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter ?? ''),
    scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: encryptionFrom(repository),
  }
}

function encryptionFrom({ encryptionConfiguration }: SdkRepository): Encryption {
  const { encryptionType, kmsKey } = encryptionConfiguration ?? {}
  return { encryptionType: encryptionType ?? 'AES256', ...(kmsKey === undefined ? {} : { kmsKey }) }
}
