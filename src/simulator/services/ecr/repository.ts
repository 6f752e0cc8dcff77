import { createHash } from 'node:crypto'
import type {
  CreateRepositoryRequest,
  CreateRepositoryResponse,
  DeleteRepositoryResponse,
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
  EncryptionConfiguration,
  Repository,
} from '@aws-sdk/client-ecr'
import { pageOf } from '../../paging.ts'
import { AwsFault, type Call } from '../../service.ts'
import { registryHostOf, repositoryArnOf } from './arn.ts'
import { findRepository, invalidParameter, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import { checkExclusionFilters } from './mutability.ts'
import type { EcrState, RepositoryState } from './state.ts'
import { addTags } from './tags.ts'

export function createRepository(
  input: CreateRepositoryRequest & RepositoryInput,
  state: EcrState,
  call: Call,
): CreateRepositoryResponse {
  const name = input.repositoryName
  if (state.repositories[name]) {
    throw new AwsFault(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${call.accountId}'`,
    )
  }
  const repository = newRepository(input, call)
  state.repositories[name] = repository
  return { repository: present(repository) }
}

function newRepository(input: CreateRepositoryRequest & RepositoryInput, call: Call): RepositoryState {
  const mutability = input.imageTagMutability ?? 'MUTABLE'
  const exclusionFilters = input.imageTagMutabilityExclusionFilters ?? []
  checkExclusionFilters(mutability, exclusionFilters)
  return {
    name: input.repositoryName,
    arn: repositoryArnOf(input.repositoryName, call),
    uri: `${registryHostOf(call)}/${input.repositoryName}`,
    registryId: call.accountId,
    createdAtMs: call.clock.now(),
    encryption: encryptionFrom(input.encryptionConfiguration, call),
    mutability,
    exclusionFilters,
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    tags: addTags({}, input.tags ?? []),
    images: [],
  }
}

/** ECR answers with the ARN of the key, however it was named. Source: EncryptionConfiguration, ECR API reference. */
function encryptionFrom(given: EncryptionConfiguration | undefined, call: Call): EncryptionConfiguration {
  const encryptionType = given?.encryptionType ?? 'AES256'
  if (encryptionType === 'AES256') {
    if (given?.kmsKey !== undefined)
      throw invalidParameter('encryptionConfiguration', 'kmsKey needs encryptionType KMS or KMS_DSSE')
    return { encryptionType }
  }
  return { encryptionType, kmsKey: keyArnOf(given?.kmsKey ?? 'alias/aws/ecr', call) }
}

function keyArnOf(key: string, call: Call): string {
  if (key.startsWith('arn:') && !key.includes(':alias/')) return key
  const prefix = `arn:${call.partition}:kms:${call.region}:${call.accountId}:key`
  return key.includes('alias/') ? `${prefix}/${keyIdOfAlias(key)}` : `${prefix}/${key}`
}

/** KMS is not simulated: an alias stands for a key id that follows from its name. */
function keyIdOfAlias(alias: string): string {
  const hex = createHash('sha256')
    .update(alias.replace(/^.*alias\//, ''))
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

export function describeRepositories(
  input: DescribeRepositoriesRequest,
  state: EcrState,
  call: Call,
): DescribeRepositoriesResponse {
  const { repositoryNames, nextToken, maxResults } = input
  const registry = { ...(input.registryId !== undefined && { registryId: input.registryId }) }
  if (repositoryNames) {
    if (nextToken !== undefined || maxResults !== undefined) {
      throw invalidParameter('repositoryNames', 'cannot be combined with nextToken or maxResults')
    }
    const found = repositoryNames.map((repositoryName) => findRepository({ repositoryName, ...registry }, state, call))
    return { repositories: found.map(present) }
  }
  const page = pageOf({
    items: Object.values(state.repositories),
    keyOf: (repository) => repository.name,
    limit: maxResults ?? LEDGER.pageSize.value,
    token: nextToken,
    list: 'ecr:repositories',
  })
  return { repositories: page.items.map(present), ...(page.nextToken !== undefined && { nextToken: page.nextToken }) }
}

export function deleteRepository(
  input: RepositoryInput & { readonly force?: boolean },
  state: EcrState,
  call: Call,
): DeleteRepositoryResponse {
  const repository = findRepository(input, state, call)
  if (repository.images.length > 0 && input.force !== true) {
    throw new AwsFault(
      'RepositoryNotEmptyException',
      `The repository with name '${repository.name}' in registry with id '${call.accountId}' cannot be deleted because it still contains images`,
    )
  }
  delete state.repositories[repository.name]
  return { repository: present(repository) }
}

function present(repository: RepositoryState): Repository {
  return {
    repositoryArn: repository.arn,
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: new Date(repository.createdAtMs),
    imageTagMutability: repository.mutability,
    ...(repository.exclusionFilters.length > 0 && {
      imageTagMutabilityExclusionFilters: [...repository.exclusionFilters],
    }),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  }
}
