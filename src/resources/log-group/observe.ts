import type { LogsPort, LogGroupState } from '../../aws/logs.ts'
import { Failure } from '../../core/failure.ts'
import { isAdoptable, ownershipOf } from '../../core/owner.ts'
import { unknownBecause, type Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'

export interface ObservedLogGroup extends LogGroupState {
  /**
   * Not ours: a group that an earlier object of the same name left behind, or that somebody made by hand under this name.
   * It is written to and never changed, unless its owner asks to take it over.
   */
  readonly isOurs: boolean
  /** Nobody else's either. */
  readonly isAdoptable: boolean
  readonly isGlance?: undefined
}

type Seen = Observation<ObservedLogGroup | GlancedLogGroup>

/** A log group whose tags were not read. */
export interface GlancedLogGroup extends LogGroupState {
  readonly isGlance: true
}

/** Looks at many groups: names in batches, tags one by one, as AWS has it. */
export async function observeLogGroups(
  ids: readonly Identity[],
  { aws }: Scope,
  signal: AbortSignal,
): Promise<(id: Identity) => Seen> {
  const seen = await Promise.all(ids.map(async (id) => [id, await observeOne(aws.logs, id, signal)] as const))
  const byIdentity = new Map(seen)
  return (id) => byIdentity.get(id) ?? { type: 'unknown', code: 'unexpected', message: `${id.key} was not asked for` }
}

async function observeOne(logs: LogsPort, id: Identity, signal: AbortSignal): Promise<Seen> {
  try {
    const group = await logs.readLogGroup(id.key, signal)
    if (group === undefined) return { type: 'known', items: [] }
    if (id.glance === true) return { type: 'known', items: [{ ...group, isGlance: true }] }
    const tags = await logs.readTags(group.arn, signal)
    const isOurs = ownershipOf(tags, id.owner) === 'ours'
    return { type: 'known', items: [{ ...group, isOurs, isAdoptable: !isOurs && isAdoptable(tags, id.owner) }] }
  } catch (error) {
    return unknownFrom(error)
  }
}

function unknownFrom(error: unknown): Observation<never> {
  if (!(error instanceof Failure)) throw error
  // Deleted between the two reads.
  if (error.code === 'not-found') return { type: 'known', items: [] }
  return unknownBecause(error)
}
