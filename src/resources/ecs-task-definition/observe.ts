import type { EcsTaskDefinitionPort, RevisionState } from '../../aws/ecs-task-definition.ts'
import { Failure } from '../../core/failure.ts'
import { ownerIn, ownershipOf } from '../../core/owner.ts'
import { unknownBecause, type Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'

/** Tag that holds the hash of a revision's content, so that it is found again whatever happened after registering it. */
export const HASH_TAG = 'longshore.dev/content-hash'

/** One ACTIVE revision of ours. */
export interface ObservedRevision extends RevisionState {
  readonly contentHash: string | undefined
}

/** Looks at the ACTIVE revisions of many families; those of others are left out. */
export async function observeTaskDefinitions(
  ids: readonly Identity[],
  { aws }: Scope,
  signal: AbortSignal,
): Promise<(id: Identity) => Observation<ObservedRevision>> {
  const seen = await Promise.all(
    ids.map(async (id) => [id, await observeFamily(aws.ecsTaskDefinitions, id, signal)] as const),
  )
  const byIdentity = new Map(seen)
  return (id) => byIdentity.get(id) ?? { type: 'unknown', code: 'unexpected', message: `${id.key} was not asked for` }
}

async function observeFamily(
  port: EcsTaskDefinitionPort,
  { key: family, owner }: Identity,
  signal: AbortSignal,
): Promise<Observation<ObservedRevision>> {
  try {
    const revisions = await port.listActive(family, signal)
    const ours = revisions.filter(({ tags }) => ownershipOf(tags, owner) === 'ours')
    if (ours.length > 0 || revisions.length === 0) return { type: 'known', items: ours.map(observedFrom) }
    // A revision of ours would become the newest of a family that others run without naming a revision.
    const whose = ownerIn(revisions[0]?.tags ?? {}) ?? 'somebody else'
    return { type: 'foreign', message: `The task-definition family ${family} belongs to ${whose}` }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return unknownBecause(error)
  }
}

function observedFrom(revision: RevisionState): ObservedRevision {
  return { ...revision, contentHash: revision.tags[HASH_TAG] }
}
