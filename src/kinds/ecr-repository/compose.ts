import { deriveEcrRepositoryName } from '../../core/name.ts'
import { ownershipTags, type Tags } from '../../core/owner.ts'
import { composed } from '../../reconciler/composed.ts'
import type { ComposeInput } from '../../reconciler/kind.ts'
import { ecrRepository } from '../../resources/ecr-repository/index.ts'
import type { DesiredRepository } from '../../resources/ecr-repository/state.ts'
import { lifecyclePolicyFrom, repositoryPolicyFrom } from './policies.ts'
import type { EcrRepositorySpec } from './schema.ts'

/** Name of the one resource in the composition. */
export const REPOSITORY = 'repository'

/** An EcrRepository stands for one repository with its policies. */
export function composeEcrRepository({ owner, spec }: Pick<ComposeInput<EcrRepositorySpec>, 'owner' | 'spec'>) {
  const desired: DesiredRepository = {
    repositoryName: spec.repositoryName ?? deriveEcrRepositoryName(owner.namespace, owner.name),
    tags: { owner: ownershipTags(owner), wanted: spec.tags && tagsFrom(spec.tags) },
    mutability: mutabilityFrom(spec),
    scanOnPush: spec.imageScanningConfiguration?.scanOnPush,
    encryption: spec.encryptionConfiguration,
    lifecyclePolicy: lifecyclePolicyFrom(spec),
    policy: repositoryPolicyFrom(spec),
  }
  return [composed(REPOSITORY, ecrRepository, desired)]
}

function tagsFrom(list: NonNullable<EcrRepositorySpec['tags']>): Tags {
  return Object.fromEntries(list.map(({ key, value }) => [key, value ?? '']))
}

function mutabilityFrom({ imageTagMutability, imageTagMutabilityExclusionFilters: filters }: EcrRepositorySpec) {
  if (imageTagMutability === undefined) return undefined
  return { imageTagMutability, exclusionFilters: (filters ?? []).map(({ filter }) => filter) }
}
