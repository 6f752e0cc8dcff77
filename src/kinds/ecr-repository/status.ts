import type { StatusInput, StatusReport } from '../../reconciler/kind.ts'
import { ecrRepository } from '../../resources/ecr-repository/index.ts'
import { REPOSITORY } from './compose.ts'
import type { EcrRepositorySpec, EcrRepositoryStatus } from './schema.ts'

/** What the status of an EcrRepository says of its repository. */
export function reportEcrRepository({
  previous,
  report,
}: Pick<
  StatusInput<EcrRepositorySpec, EcrRepositoryStatus>,
  'previous' | 'report'
>): StatusReport<EcrRepositoryStatus> {
  const seen = report(REPOSITORY, ecrRepository)
  if (seen?.observation.type !== 'known') return { fields: fieldsOf(previous) }
  const [repository] = seen.observation.items
  // Just created, the outputs are all that is known until the next look.
  const { arn, url } = seen.outputs
  return {
    fields: {
      repositoryName: repository?.repositoryName,
      arn: repository?.arn ?? arn,
      url: repository?.uri ?? url,
      registryId: repository?.registryId,
      createdAt: repository?.createdAt,
    },
  }
}

// Not known now: what was known before still stands.
function fieldsOf({
  repositoryName,
  arn,
  url,
  registryId,
  createdAt,
}: Partial<EcrRepositoryStatus>): EcrRepositoryStatus {
  return { repositoryName, arn, url, registryId, createdAt }
}
