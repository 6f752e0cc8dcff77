import type { KindCoverage } from '../../reconciler/coverage.ts'

const registryId = 'The registry is the one of the account whose credentials are used.'

/** How EcrRepository accounts for the members of ECR's inputs. */
export const coverage: KindCoverage = [
  {
    service: 'ecr',
    operation: 'CreateRepository',
    notModelled: { registryId },
  },
  { service: 'ecr', operation: 'PutImageTagMutability', notModelled: { registryId } },
  { service: 'ecr', operation: 'PutImageScanningConfiguration', notModelled: { registryId } },
  { service: 'ecr', operation: 'PutLifecyclePolicy', notModelled: { registryId } },
  {
    service: 'ecr',
    operation: 'SetRepositoryPolicy',
    notModelled: {
      registryId,
      force: 'It is only needed for a policy that forbids any later change, which would lock the operator out.',
    },
  },
  {
    service: 'ecr',
    operation: 'DeleteRepository',
    saidAs: { force: 'spec.forceDelete' },
    notModelled: { registryId },
  },
]
