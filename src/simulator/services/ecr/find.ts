import { AwsFault, type Call } from '../../service.ts'
import type { EcrState, RepositoryState } from './state.ts'

/** What most ECR inputs begin with. */
export interface RepositoryInput {
  readonly repositoryName: string
  /** Another account's registry; only the caller's own is simulated. */
  readonly registryId?: string
}

/** The named repository. Throws `RepositoryNotFoundException`. */
export function findRepository(
  { repositoryName, registryId }: RepositoryInput,
  state: EcrState,
  call: Call,
): RepositoryState {
  const registry = registryId ?? call.accountId
  const repository = registry === call.accountId ? state.repositories[repositoryName] : undefined
  if (repository) return repository
  throw new AwsFault(
    'RepositoryNotFoundException',
    `The repository with name '${repositoryName}' does not exist in the registry with id '${registry}'`,
  )
}

/** The fault for input that the model allows and ECR does not. */
export function invalidParameter(member: string, demand: string): AwsFault {
  return new AwsFault(
    'InvalidParameterException',
    `Invalid parameter at '${member}' failed to satisfy constraint: '${demand}'`,
  )
}
