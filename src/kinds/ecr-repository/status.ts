import type { StatusInput, StatusReport } from '../../reconciler/kind.ts'
import { ecrRepository } from '../../resources/ecr-repository/index.ts'
import type { GlancedRepository, ObservedRepository } from '../../resources/ecr-repository/state.ts'
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
  // Not known now: what was known before still stands.
  if (seen?.observation.type !== 'known') return { fields: { ...placeIn(previous), ...contentsIn(previous) } }
  const [repository] = seen.observation.items
  // Just created, the outputs are all that is known until the next look.
  const { arn, url } = seen.outputs
  const place = repository === undefined ? { arn, url } : { ...repository, url: repository.uri }
  return { fields: { ...placeIn(place), ...contentsOf(repository, previous) } }
}

function placeIn({ repositoryName, arn, url, registryId, createdAt }: Partial<EcrRepositoryStatus>) {
  return { repositoryName, arn, url, registryId, createdAt }
}

function contentsIn({ imageCount, latestImage, latestScan }: Partial<EcrRepositoryStatus>) {
  return { imageCount, latestImage, latestScan }
}

/** Images are read only now and then; those of another repository of the same name are not ours to tell of. */
function contentsOf(
  repository: ObservedRepository | GlancedRepository | undefined,
  previous: Partial<EcrRepositoryStatus>,
) {
  const images = repository?.isGlance === undefined ? repository?.images : undefined
  if (images !== undefined) return contentsIn(contentsFrom(images))
  const isSame = repository !== undefined && repository.createdAt === previous.createdAt
  return contentsIn(isSame ? previous : {})
}

type ImageSummary = NonNullable<ObservedRepository['images']>
type Image = NonNullable<ImageSummary['latest']>
type ImageScan = NonNullable<ImageSummary['latestScan']>

const MAX_TAGS = 5

function contentsFrom({ count, latest, latestScan }: ImageSummary): EcrRepositoryStatus {
  return {
    imageCount: count,
    latestImage: latest && imageFrom(latest),
    latestScan: latestScan && scanFrom(latestScan),
  }
}

function imageFrom({ imageDigest, imageTags, imagePushedAt }: Image) {
  return { imageDigest, imageTags: imageTags.slice(0, MAX_TAGS), ...(imagePushedAt && { imagePushedAt }) }
}

function scanFrom({ status, completedAt, findingSeverityCounts, ...image }: ImageScan) {
  const { imageDigest, imageTags } = imageFrom(image)
  return { imageDigest, imageTags, status, imageScanCompletedAt: completedAt, findingSeverityCounts }
}
