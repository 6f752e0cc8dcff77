import type { Kind } from '../../reconciler/kind.ts'
import { standardColumns } from '../../reconciler/printer-columns.ts'
import { ecrRepository } from '../../resources/ecr-repository/index.ts'
import { composeEcrRepository } from './compose.ts'
import { EcrRepositorySpec, EcrRepositoryStatus } from './schema.ts'
import { reportEcrRepository } from './status.ts'

/** A private image repository in ECR. */
export const ecrRepositoryKind: Kind<EcrRepositorySpec, EcrRepositoryStatus> = {
  kind: 'EcrRepository',
  presentation: {
    plural: 'ecrrepositories',
    singular: 'ecrrepository',
    shortNames: ['ecrrepo'],
    description:
      'A private image repository in Amazon ECR with its lifecycle policy, repository policy and tags. Deleting the object deletes the repository once it holds no images, or at once with spec.forceDelete.',
    printerColumns: standardColumns(
      { name: 'URL', type: 'string', jsonPath: '.status.url', description: 'What images are named by.' },
      { name: 'Tags', type: 'string', jsonPath: '.spec.imageTagMutability', description: 'Whether tags may be moved.' },
      { name: 'Images', type: 'integer', jsonPath: '.status.imageCount', description: 'Images in it.' },
      {
        name: 'Critical',
        type: 'integer',
        jsonPath: '.status.latestScan.findingSeverityCounts.CRITICAL',
        priority: 1,
        description: 'Critical findings in the image that was scanned last.',
      },
      {
        name: 'High',
        type: 'integer',
        jsonPath: '.status.latestScan.findingSeverityCounts.HIGH',
        priority: 1,
        description: 'Findings of high severity in the image that was scanned last.',
      },
      { name: 'ARN', type: 'string', jsonPath: '.status.arn', priority: 1, description: 'ARN of the repository.' },
    ),
  },
  schema: { spec: EcrRepositorySpec, status: EcrRepositoryStatus },
  resources: [ecrRepository],
  compose: composeEcrRepository,
  status: reportEcrRepository,
  provides: ({ arn, url }) => ({ ...(arn !== undefined && { arn }), ...(url !== undefined && { url }) }),
  forceDelete: ({ forceDelete }) => forceDelete ?? false,
  driftSeconds: 300,
  closeLookSeconds: 3600,
  immutable: [
    { field: 'repositoryName', otherValue: 'other/repository' },
    { field: 'encryptionConfiguration', otherValue: { encryptionType: 'KMS' } },
  ],
}
