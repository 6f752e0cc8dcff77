import type { Tag } from '@aws-sdk/client-ecr'
import { AwsFault, type Call } from '../../service.ts'
import { LEDGER } from './ledger.ts'
import type { EcrState, RepositoryState } from './state.ts'

const MAX_TAGS = LEDGER.tagsMax.value

/** A tag set with others added. Throws `InvalidTagParameterException` and `TooManyTagsException`. */
export function addTags(tags: Readonly<Record<string, string>>, added: readonly Tag[]): Record<string, string> {
  const reserved = added.find(({ Key = '' }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved)
    throw new AwsFault(
      'InvalidTagParameterException',
      `aws: prefixed tag key names are not allowed for external use: ${reserved.Key ?? ''}`,
    )
  const merged = { ...tags, ...Object.fromEntries(added.map(({ Key = '', Value = '' }) => [Key, Value])) }
  if (Object.keys(merged).length > MAX_TAGS)
    throw new AwsFault('TooManyTagsException', `a repository can have at most ${MAX_TAGS} tags`)
  return merged
}

interface ResourceInput {
  readonly resourceArn: string
}

export function tagResource(
  input: ResourceInput & { readonly tags: readonly Tag[] },
  state: EcrState,
  call: Call,
): object {
  const repository = findByArn(input, state, call)
  repository.tags = addTags(repository.tags, input.tags)
  return {}
}

export function untagResource(
  input: ResourceInput & { readonly tagKeys: readonly string[] },
  state: EcrState,
  call: Call,
): object {
  const repository = findByArn(input, state, call)
  repository.tags = Object.fromEntries(Object.entries(repository.tags).filter(([key]) => !input.tagKeys.includes(key)))
  return {}
}

export function listTagsForResource(input: ResourceInput, state: EcrState, call: Call): { tags: Tag[] } {
  const { tags } = findByArn(input, state, call)
  return { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

function findByArn({ resourceArn }: ResourceInput, state: EcrState, call: Call): RepositoryState {
  const [, name] = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/(.+)$/.exec(resourceArn) ?? []
  if (name === undefined) {
    throw new AwsFault(
      'InvalidParameterException',
      `Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'`,
    )
  }
  // Found by name, because a search through all would cost milliseconds with ten thousand; the ARN may be another account's.
  const repository = state.repositories[name]
  if (repository?.arn === resourceArn) return repository
  throw new AwsFault(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${call.accountId}'`,
  )
}
