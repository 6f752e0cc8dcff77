import { createHash } from 'node:crypto'
import type { ImageIdentifier, PutImageRequest, PutImageResponse, Image } from '@aws-sdk/client-ecr'
import { isRecord } from '../../protocol/http.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findRepository, invalidParameter, type RepositoryInput } from './find.ts'
import { isTagMovable } from './mutability.ts'
import { scanOnPush } from './scanning.ts'
import type { EcrState, ImageState, RepositoryState } from './state.ts'

const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'

/** Layers are not simulated: every manifest is taken as if its layers had been uploaded. */
export function putImage(
  input: PutImageRequest & RepositoryInput & { readonly imageManifest: string },
  state: EcrState,
  call: Call,
): PutImageResponse {
  const repository = findRepository(input, state, call)
  const digest = digestOf(input.imageManifest)
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new AwsFault(
      'ImageDigestDoesNotMatchException',
      `The provided digest '${input.imageDigest}' does not match the calculated digest '${digest}'`,
    )
  }
  checkPush(repository, digest, input.imageTag)

  const image = repository.images.find((known) => known.digest === digest) ?? newImage(input, repository, call)
  if (!repository.images.includes(image)) repository.images.push(image)
  if (input.imageTag !== undefined) moveTag(input.imageTag, image, repository)
  return { image: presentImage(image, repository, input.imageTag) }
}

function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`
}

function checkPush({ images, ...repository }: RepositoryState, digest: string, tag: string | undefined): void {
  const holder = images.find((image) => tag !== undefined && image.tags.includes(tag))
  const isKnown = images.some((image) => image.digest === digest)
  if (holder?.digest === digest || (tag === undefined && isKnown)) {
    throw new AwsFault(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? ''}' already exists in the repository with name '${repository.name}' in registry with id '${repository.registryId}'`,
    )
  }
  if (holder && tag !== undefined && !isTagMovable(tag, { ...repository, images })) {
    throw new AwsFault(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    )
  }
}

function newImage(
  input: PutImageRequest & { readonly imageManifest: string },
  repository: RepositoryState,
  call: Call,
): ImageState {
  const manifest = parseManifest(input.imageManifest)
  const scan = scanOnPush(repository, input.imageTag, call)
  return {
    digest: digestOf(input.imageManifest),
    manifest: input.imageManifest,
    mediaType: input.imageManifestMediaType ?? textOr(manifest['mediaType'], DOCKER_MANIFEST),
    sizeBytes: sizeOf(manifest),
    pushedAtMs: call.clock.now(),
    tags: [],
    ...(scan && { scan }),
  }
}

function parseManifest(text: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(text)
    if (isRecord(manifest)) return manifest
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw invalidParameter('ImageManifest', 'Invalid JSON syntax')
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback
}

/** What a manifest says of the bytes that it refers to. */
function sizeOf(manifest: Readonly<Record<string, unknown>>): number {
  const layers: unknown[] = Array.isArray(manifest['layers']) ? manifest['layers'] : []
  return [manifest['config'], ...layers].reduce<number>(
    (sum, part) => sum + (isRecord(part) ? Number(part['size'] ?? 0) : 0),
    0,
  )
}

function moveTag(tag: string, image: ImageState, { images }: RepositoryState): void {
  for (const other of images) other.tags = other.tags.filter((existing) => existing !== tag)
  image.tags.push(tag)
}

/** The image that an identifier means; both parts must fit when both are given. */
export function findImage(
  { imageDigest, imageTag }: ImageIdentifier,
  { images }: RepositoryState,
): ImageState | undefined {
  if (imageDigest === undefined && imageTag === undefined) return undefined
  return images.find(
    (image) =>
      (imageDigest === undefined || image.digest === imageDigest) &&
      (imageTag === undefined || image.tags.includes(imageTag)),
  )
}

export function presentImage(image: ImageState, repository: RepositoryState, tag: string | undefined): Image {
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
    imageManifest: image.manifest,
    imageManifestMediaType: image.mediaType,
  }
}
