import type { Resource } from '../../reconciler/resource.ts'
import { applyRepositoryStep } from './apply.ts'
import { repositoryDrifts } from './drifts.ts'
import { foretellRepositoryStep } from './foretell.ts'
import { findOwnedRepositories, observeRepository, partsOfRepository } from './observe.ts'
import { repositoryPermissions } from './permissions.ts'
import { planRepository } from './plan.ts'
import type {
  DesiredRepository,
  GlancedRepository,
  ObservedRepository,
  RepositoryOutput,
  RepositoryStep,
} from './state.ts'
import { repositoryTrail } from './trail.ts'

/** A private ECR repository with its lifecycle policy, repository policy and tags. Its key is its name. */
export const ecrRepository: Resource<
  DesiredRepository,
  ObservedRepository | GlancedRepository,
  RepositoryStep,
  RepositoryOutput
> = {
  type: 'ecr-repository',
  identify: ({ repositoryName }) => repositoryName,
  partsIn: partsOfRepository,
  observe: observeRepository,
  plan: planRepository,
  apply: applyRepositoryStep,
  calls: {
    create: 'ecr:CreateRepository',
    'set-tag-mutability': 'ecr:PutImageTagMutability',
    'set-scan-on-push': 'ecr:PutImageScanningConfiguration',
    'put-lifecycle-policy': 'ecr:PutLifecyclePolicy',
    'delete-lifecycle-policy': 'ecr:DeleteLifecyclePolicy',
    'set-policy': 'ecr:SetRepositoryPolicy',
    'delete-policy': 'ecr:DeleteRepositoryPolicy',
    tag: 'ecr:TagResource',
    untag: 'ecr:UntagResource',
    delete: 'ecr:DeleteRepository',
  },
  trail: repositoryTrail,
  foretell: foretellRepositoryStep,
  findOwned: findOwnedRepositories,
  permissions: repositoryPermissions,
  drifts: repositoryDrifts,
}
