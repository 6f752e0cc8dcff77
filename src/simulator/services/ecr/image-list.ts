import type {
  DescribeImagesRequest,
  DescribeImagesResponse,
  ImageDetail,
  ImageIdentifier,
  ListImagesRequest,
  ListImagesResponse,
  TagStatus,
} from '@aws-sdk/client-ecr'
import { pageOf } from '../../paging.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findRepository, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import { findImage } from './image.ts'
import { presentScan } from './scanning.ts'
import type { EcrState, ImageState, RepositoryState } from './state.ts'

/** One identifier for each tag, and one for each image without any. */
export function listImages(
  input: ListImagesRequest & RepositoryInput,
  state: EcrState,
  call: Call,
): ListImagesResponse {
  const repository = findRepository(input, state, call)
  const page = pageOf({
    items: selected(repository, input.filter?.tagStatus).flatMap(identifiersOf),
    keyOf: ({ imageDigest, imageTag }) => `${imageDigest ?? ''} ${imageTag ?? ''}`,
    limit: input.maxResults ?? LEDGER.pageSize.value,
    token: input.nextToken,
    list: `ecr:images:${repository.name}:${input.filter?.tagStatus ?? ''}`,
  })
  return { imageIds: [...page.items], ...(page.nextToken !== undefined && { nextToken: page.nextToken }) }
}

export function describeImages(
  input: DescribeImagesRequest & RepositoryInput,
  state: EcrState,
  call: Call,
): DescribeImagesResponse {
  const repository = findRepository(input, state, call)
  if (input.imageIds)
    return { imageDetails: input.imageIds.map((id) => present(existing(id, repository), repository, call)) }
  const page = pageOf({
    items: selected(repository, input.filter?.tagStatus),
    keyOf: (image) => image.digest,
    limit: input.maxResults ?? LEDGER.pageSize.value,
    token: input.nextToken,
    list: `ecr:image-details:${repository.name}:${input.filter?.tagStatus ?? ''}`,
  })
  return {
    imageDetails: page.items.map((image) => present(image, repository, call)),
    ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
  }
}

function selected({ images }: RepositoryState, status: TagStatus | undefined): readonly ImageState[] {
  if (status === 'TAGGED') return images.filter((image) => image.tags.length > 0)
  return status === 'UNTAGGED' ? images.filter((image) => image.tags.length === 0) : images
}

function identifiersOf({ digest, tags }: ImageState): readonly ImageIdentifier[] {
  return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }))
}

function existing(id: ImageIdentifier, repository: RepositoryState): ImageState {
  const image = findImage(id, repository)
  if (image) return image
  throw new AwsFault(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  )
}

function present(image: ImageState, repository: RepositoryState, call: Call): ImageDetail {
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(image.tags.length > 0 && { imageTags: [...image.tags] }),
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: new Date(image.pushedAtMs),
    imageManifestMediaType: image.mediaType,
    imageStatus: 'ACTIVE',
    ...presentScan(image, call),
    ...(image.lastPulledAtMs !== undefined && { lastRecordedPullTime: new Date(image.lastPulledAtMs) }),
  }
}
