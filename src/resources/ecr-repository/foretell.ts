import type { ExpiringImage } from '../../aws/ecr-preview.ts'
import { failureCodeFrom } from '../../core/failure.ts'
import type { Foretold, Scope } from '../../reconciler/resource.ts'
import type { RepositoryStep } from './state.ts'

const MOST_IMAGES = 10

/** Which images a lifecycle policy would expire: the one step that takes something from users by itself, later. */
export async function foretellRepositoryStep(
  step: RepositoryStep,
  name: string,
  { aws }: Scope,
  signal: AbortSignal,
): Promise<Foretold | undefined> {
  if (step.type !== 'put-lifecycle-policy') return undefined
  try {
    const { expiringCount: count, images } = await aws.ecrPreviews.lifecyclePolicy(name, step.text, signal)
    return { summary: summaryFor(count), details: detailsFor(images, count) }
  } catch (error) {
    // A repository that is still to be made has no images.
    if (failureCodeFrom(error) === 'not-found') return undefined
    throw error
  }
}

function summaryFor(count: number): string {
  if (count === 0) return 'expires none of the images that are there now'
  return `expires ${count === 1 ? '1 image' : `${count} images`} that ${count === 1 ? 'is' : 'are'} there now, within a day`
}

function detailsFor(images: readonly ExpiringImage[], count: number): readonly string[] {
  const shown = images.slice(0, MOST_IMAGES)
  const rest = count - shown.length
  return [...shown.map(imageLine), ...(rest > 0 ? [`… and ${rest} more`] : [])]
}

function imageLine({ digest, tags, pushedAt, rulePriority }: ExpiringImage): string {
  const name = tags.length === 0 ? digest.slice(0, 'sha256:'.length + 12) : tags.join(', ')
  const pushed = pushedAt === undefined ? '' : `, pushed ${pushedAt.slice(0, 10)}`
  return `${name}${pushed} (rule ${rulePriority ?? '?'})`
}
