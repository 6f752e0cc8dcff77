import type { ImageSummary } from '../../aws/ecr-images.ts'
import type { EcrPort, Repository } from '../../aws/ecr.ts'
import { Failure } from '../../core/failure.ts'
import { isAdoptable, ownerIn, ownershipOf, type Owner, type Tags } from '../../core/owner.ts'
import type { Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import {
  PART,
  type DesiredRepository,
  type GlancedRepository,
  type ObservedRepository,
  type RepositoryStep,
} from './state.ts'

type Seen = Observation<ObservedRepository | GlancedRepository>

/** The parts that ECR tells one by one and `desired` says something about. */
export function partsOfRepository({ lifecyclePolicy, policy }: DesiredRepository): readonly string[] {
  return [...(lifecyclePolicy ? [PART.lifecyclePolicy] : []), ...(policy ? [PART.policy] : [])]
}

/** Looks at one repository: its settings in a call with others, the rest in calls of its own. Throws `Failure`. */
export async function observeRepository(id: Id, { aws: { ecr } }: Scope, signal: AbortSignal): Promise<Seen> {
  const repository = await ecr.repository(id.key, signal)
  if (!repository) return { type: 'known', items: [] }
  if (id.glance === true) return { type: 'known', items: [{ ...repository, isGlance: true }] }
  const kept = keptOf(id, repository)
  const tags = kept.tags ?? (await ecr.tagsOf(repository.arn, signal))
  const isOurs = ownershipOf(tags, id.owner) === 'ours'
  const message = foreignMessage(id.key, tags)
  if (!isOurs && !isAdoptable(tags, id.owner)) return { type: 'foreign', message }
  const items = [await withContents(ecr, repository, { id, tags, kept, signal })]
  return isOurs ? { type: 'known', items } : { type: 'foreign', message, items }
}

type Id = Identity<ObservedRepository | GlancedRepository>

type Told = Pick<ObservedRepository, 'tags' | 'lifecyclePolicyText' | 'policyText'>

/** Which steps touch what ECR tells one by one. */
const TOUCHED_BY: Readonly<Record<keyof Told, readonly RepositoryStep['type'][]>> = {
  tags: ['tag', 'untag'],
  lifecyclePolicyText: ['put-lifecycle-policy', 'delete-lifecycle-policy'],
  policyText: ['set-policy', 'delete-policy'],
}

/** What was seen before and no step has touched since, as long as it is the same repository. */
function keptOf({ before }: Id, { createdAt }: Repository): Partial<Told> {
  const seen = before?.items[0]
  if (before === undefined || seen === undefined || seen.isGlance || seen.createdAt !== createdAt) return {}
  const { tags, lifecyclePolicyText, policyText } = seen
  const isTouched = (part: keyof Told): boolean => TOUCHED_BY[part].some((type) => before.steps.includes(type))
  return {
    ...(!isTouched('tags') && { tags }),
    ...(!isTouched('lifecyclePolicyText') && { lifecyclePolicyText }),
    ...(!isTouched('policyText') && { policyText }),
  }
}

interface Context {
  readonly id: Id
  readonly tags: Tags
  readonly kept: Partial<Told>
  readonly signal: AbortSignal
}

async function withContents(
  ecr: EcrPort,
  repository: Repository,
  { id, tags, kept, signal }: Context,
): Promise<ObservedRepository> {
  const name = repository.repositoryName
  const { parts = [] } = id
  type Text = Exclude<keyof Told, 'tags'>
  const unlessKept = (
    text: Text,
    part: string,
    ask: EcrPort[Text],
  ): Promise<string | undefined> | string | undefined =>
    text in kept || !parts.includes(part) ? kept[text] : ask(name, signal)
  const [lifecyclePolicyText, policyText, hasImages, images] = await Promise.all([
    unlessKept('lifecyclePolicyText', PART.lifecyclePolicy, ecr.lifecyclePolicyText),
    unlessKept('policyText', PART.policy, ecr.policyText),
    id.leaving === true ? ecr.hasImages(name, signal) : undefined,
    id.thorough === true ? readImages(ecr, name, signal) : undefined,
  ])
  return { ...repository, tags, lifecyclePolicyText, policyText, hasImages, images }
}

/** Nothing is decided by the images: that they cannot be read must hold nothing up. */
async function readImages(ecr: EcrPort, name: string, signal: AbortSignal): Promise<ImageSummary | undefined> {
  try {
    return await ecr.images(name, signal)
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'aborted') throw error
    return undefined
  }
}

function foreignMessage(name: string, tags: Tags): string {
  const owner = ownerIn(tags)
  return `ECR repository ${name} exists and belongs to ${owner ?? 'somebody else (it carries no tags of ours)'}`
}

/** Names of all repositories that carry the owner's tags. ECR cannot filter by tag, so every repository is asked. */
export async function findOwnedRepositories(
  owner: Owner,
  { aws: { ecr } }: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const owned: string[] = []
  for (const { repositoryName, arn } of await ecr.allRepositories(signal)) {
    if (ownershipOf(await ecr.tagsOf(arn, signal), owner) === 'ours') owned.push(repositoryName)
  }
  return owned
}
