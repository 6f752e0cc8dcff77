import type { RevisionState, TaskDefinitionContent } from '../../aws/ecs-task-definition.ts'
import { isAdoptable, ownerIn, ownershipOf, type Owner } from '../../core/owner.ts'
import type { Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import { revisionHash } from './content.ts'

/** Tag that holds the hash of a revision's content, so that it is found again whatever happened after registering it. */
export const HASH_TAG = 'longshore.dev/content-hash'

/** One ACTIVE revision: ours, or one of a family that nobody owns. */
export interface ObservedRevision extends Omit<RevisionState, 'digest'> {
  readonly isOurs: boolean
  /** As its tag says; without the tag, from the content. */
  readonly contentHash: string
}

/** The hash that a revision with this content, as AWS shows it, would carry. */
export function hashOfContent(content: Partial<TaskDefinitionContent>): string {
  return revisionHash({ ...content, containerDefinitions: content.containerDefinitions ?? [] })
}

/** Looks at the ACTIVE revisions of one family; those of others are left out. Throws `Failure`. */
export async function observeTaskDefinition(
  { key: family, owner }: Identity,
  { aws: { ecsTaskDefinitions: port } }: Scope,
  signal: AbortSignal,
): Promise<Observation<ObservedRevision>> {
  const revisions = await port.listActive(family, hashOfContent, signal)
  const seen = revisions.map((revision) => observedFrom(revision, owner))
  const ours = seen.filter(({ isOurs }) => isOurs)
  if (ours.length > 0 || seen.length === 0) return { type: 'known', items: ours }
  // A revision of ours would become the newest of a family that others run without naming a revision.
  // It stops being so when its owner releases it, which no write of ours would show.
  port.forget(seen.map(({ arn }) => arn))
  const foreign = seen.find(({ tags }) => !isAdoptable(tags, owner))
  const whose = ownerIn(foreign?.tags ?? {}) ?? 'somebody else'
  const message = `The task-definition family ${family} belongs to ${whose}`
  return { type: 'foreign', message, ...(foreign === undefined && { items: seen }) }
}

function observedFrom({ digest, ...revision }: RevisionState, owner: Owner): ObservedRevision {
  const isOurs = ownershipOf(revision.tags, owner) === 'ours'
  return { ...revision, isOurs, contentHash: revision.tags[HASH_TAG] ?? digest }
}
