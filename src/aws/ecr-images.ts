import { DescribeImagesCommand, type ECRClient, type ImageDetail } from '@aws-sdk/client-ecr'
import type { SendTo } from './send.ts'

/** One image of a repository. Times are RFC 3339. */
export interface Image {
  readonly imageDigest: string
  readonly imageTags: readonly string[]
  readonly imagePushedAt: string | undefined
}

/** What the scan of an image came to. */
export interface ImageScan extends Image {
  /** `COMPLETE`, `IN_PROGRESS`, `FAILED` … (ECR API, ImageScanStatus). */
  readonly status: string
  readonly completedAt: string | undefined
  /** Findings by severity, as far as there are any. */
  readonly findingSeverityCounts: Readonly<Record<string, number>>
}

/** What a repository holds, in a few words. */
export interface ImageSummary {
  readonly count: number
  /** The image that was pushed last; one that carries tags before all that do not. */
  readonly latest: Image | undefined
  /** Of the images that ECR scanned, or scans, the one that was pushed last. */
  readonly latestScan: ImageScan | undefined
}

// ECR API, DescribeImages: at most 1,000 images on a page.
const PAGE_SIZE = 1000

/** Reads all images of a repository, which comes in no order, and keeps what a person looks for. Throws `Failure`. */
export async function readImages(
  send: SendTo<ECRClient>,
  repositoryName: string,
  signal: AbortSignal,
): Promise<ImageSummary> {
  let summary: ImageSummary = { count: 0, latest: undefined, latestScan: undefined }
  let nextToken: string | undefined
  do {
    const command = new DescribeImagesCommand({ repositoryName, maxResults: PAGE_SIZE, nextToken })
    const page = await send(command, signal)
    summary = (page.imageDetails ?? []).reduce(withImage, summary)
    nextToken = page.nextToken
  } while (nextToken)
  return summary
}

function withImage({ count, latest, latestScan }: ImageSummary, detail: ImageDetail): ImageSummary {
  const scan = scanFrom(detail)
  return {
    count: count + 1,
    latest: isReferrer(detail) ? latest : later(latest, imageFrom(detail), hasTags),
    latestScan: scan === undefined ? latestScan : later(latestScan, scan, () => true),
  }
}

/** Signatures and attestations come right after the image that they are about. */
function isReferrer({ subjectManifestDigest }: ImageDetail): boolean {
  return subjectManifestDigest !== undefined
}

function hasTags({ imageTags }: Image): boolean {
  return imageTags.length > 0
}

function later<I extends Image>(known: I | undefined, next: I, isPreferred: (image: I) => boolean): I {
  if (known === undefined) return next
  if (isPreferred(known) !== isPreferred(next)) return isPreferred(known) ? known : next
  return (next.imagePushedAt ?? '') > (known.imagePushedAt ?? '') ? next : known
}

function imageFrom({ imageDigest = '', imageTags = [], imagePushedAt }: ImageDetail): Image {
  return { imageDigest, imageTags: imageTags.toSorted(), imagePushedAt: imagePushedAt?.toISOString() }
}

/** Undefined: the image was never scanned. */
function scanFrom(detail: ImageDetail): ImageScan | undefined {
  const { status } = detail.imageScanStatus ?? {}
  if (status === undefined) return undefined
  const { imageScanCompletedAt, findingSeverityCounts = {} } = detail.imageScanFindingsSummary ?? {}
  const completedAt = imageScanCompletedAt?.toISOString()
  return { ...imageFrom(detail), status, completedAt, findingSeverityCounts: { ...findingSeverityCounts } }
}
