import type {
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  PutImageTagMutabilityRequest,
  PutImageTagMutabilityResponse,
} from '@aws-sdk/client-ecr'
import type { Call } from '../../service.ts'
import { findRepository, invalidParameter, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { EcrState, RepositoryState } from './state.ts'
import { wildcardPattern } from './wildcard.ts'

export function putImageTagMutability(
  input: PutImageTagMutabilityRequest & RepositoryInput,
  state: EcrState,
  call: Call,
): PutImageTagMutabilityResponse {
  const repository = findRepository(input, state, call)
  const mutability = input.imageTagMutability ?? 'MUTABLE'
  const filters = input.imageTagMutabilityExclusionFilters ?? []
  checkExclusionFilters(mutability, filters)
  repository.mutability = mutability
  repository.exclusionFilters = filters
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageTagMutability: mutability,
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
  }
}

const MAX_WILDCARDS_PER_FILTER = LEDGER.exclusionFilterWildcardsMax.value

/** Filters come with the two settings that have exclusions, and only with them. */
export function checkExclusionFilters(
  mutability: ImageTagMutability,
  filters: readonly ImageTagMutabilityExclusionFilter[],
): void {
  const member = 'imageTagMutabilityExclusionFilters'
  const needsFilters = mutability.endsWith('_WITH_EXCLUSION')
  if (needsFilters && filters.length === 0)
    throw invalidParameter(member, `must not be empty when imageTagMutability is ${mutability}`)
  if (!needsFilters && filters.length > 0)
    throw invalidParameter(member, `must not be given when imageTagMutability is ${mutability}`)
  for (const { filter = '' } of filters) {
    const wildcards = filter.split('*').length - 1
    if (wildcards > MAX_WILDCARDS_PER_FILTER)
      throw invalidParameter(member, `at most ${MAX_WILDCARDS_PER_FILTER} wildcards in a filter`)
  }
}

/** Whether a tag, once used, may move to another image. */
export function isTagMovable(tag: string, { mutability, exclusionFilters }: RepositoryState): boolean {
  const isExcluded = exclusionFilters.some(({ filter = '' }) => wildcardPattern(filter).test(tag))
  switch (mutability) {
    case 'MUTABLE':
      return true
    case 'IMMUTABLE':
      return false
    case 'MUTABLE_WITH_EXCLUSION':
      return !isExcluded
    case 'IMMUTABLE_WITH_EXCLUSION':
      return isExcluded
  }
}
