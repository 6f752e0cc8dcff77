import type {
  BatchDeleteImageResponse,
  BatchGetImageResponse,
  ImageFailure,
  ImageFailureCode,
  ImageIdentifier,
} from '@aws-sdk/client-ecr'
import type { Call } from '../../service.ts'
import { findRepository, type RepositoryInput } from './find.ts'
import { findImage, presentImage } from './image.ts'
import type { EcrState, ImageState, RepositoryState } from './state.ts'

interface BatchInput extends RepositoryInput {
  readonly imageIds: readonly ImageIdentifier[]
}

export function batchGetImage(input: BatchInput, state: EcrState, call: Call): BatchGetImageResponse {
  const repository = findRepository(input, state, call)
  const results = input.imageIds.map((imageId) => ({ imageId, image: findImage(imageId, repository) }))
  for (const { image } of results) if (image) image.lastPulledAtMs = call.clock.now()
  return {
    images: results.flatMap(({ imageId, image }) => (image ? [presentImage(image, repository, imageId.imageTag)] : [])),
    failures: results.flatMap(({ imageId, image }) => (image ? [] : [notFound(imageId)])),
  }
}

/** Deleting by tag removes the tag, and the image with its last one; deleting by digest removes the image with all tags. */
export function batchDeleteImage(input: BatchInput, state: EcrState, call: Call): BatchDeleteImageResponse {
  const repository = findRepository(input, state, call)
  const outcomes = input.imageIds.map((imageId) => deleteOne(imageId, repository))
  return {
    imageIds: outcomes.flatMap((outcome) => outcome.removed),
    failures: outcomes.flatMap((outcome) => outcome.failures),
  }
}

interface Outcome {
  readonly removed: ImageIdentifier[]
  readonly failures: ImageFailure[]
}

function deleteOne(imageId: ImageIdentifier, repository: RepositoryState): Outcome {
  const image = findImage(imageId, repository)
  if (!image) return { removed: [], failures: [notFound(imageId)] }
  const removesImage = imageId.imageTag === undefined || image.tags.length === 1
  if (removesImage && isReferenced(image, repository)) {
    return {
      removed: [],
      failures: [failure(imageId, 'ImageReferencedByManifestList', 'Requested image referenced by manifest list')],
    }
  }
  const tags = imageId.imageTag === undefined ? image.tags : [imageId.imageTag]
  if (removesImage) repository.images = repository.images.filter((other) => other !== image)
  else image.tags = image.tags.filter((tag) => tag !== imageId.imageTag)
  const removed = tags.map((imageTag) => ({ imageDigest: image.digest, imageTag }))
  return { removed: removed.length > 0 ? removed : [{ imageDigest: image.digest }], failures: [] }
}

function isReferenced(image: ImageState, { images }: RepositoryState): boolean {
  return images.some((other) => other !== image && other.manifest.includes(image.digest))
}

function notFound(imageId: ImageIdentifier): ImageFailure {
  if (imageId.imageDigest === undefined && imageId.imageTag === undefined) {
    return failure(imageId, 'MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null')
  }
  return failure(imageId, 'ImageNotFound', 'Requested image not found')
}

function failure(imageId: ImageIdentifier, failureCode: ImageFailureCode, failureReason: string): ImageFailure {
  return { imageId, failureCode, failureReason }
}
