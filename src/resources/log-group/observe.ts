import { unlessNotFound } from '../../aws/errors.ts'
import type { LogGroupState } from '../../aws/logs.ts'
import { isAdoptable, ownershipOf } from '../../core/owner.ts'
import type { Observation } from '../../core/plan.ts'
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

/** A log group whose tags were not read. */
export interface GlancedLogGroup extends LogGroupState {
  readonly isGlance: true
}

/** Looks at one group; its tags take a call of their own, as AWS has it. Throws `Failure`. */
export async function observeLogGroup(
  { key, owner, glance }: Identity,
  { aws: { logs } }: Scope,
  signal: AbortSignal,
): Promise<Observation<ObservedLogGroup | GlancedLogGroup>> {
  const group = await logs.readLogGroup(key, signal)
  if (group === undefined) return { type: 'known', items: [] }
  if (glance === true) return { type: 'known', items: [{ ...group, isGlance: true }] }
  // Undefined: deleted between the two reads.
  const tags = await unlessNotFound(() => logs.readTags(group.arn, signal))
  if (tags === undefined) return { type: 'known', items: [] }
  const isOurs = ownershipOf(tags, owner) === 'ours'
  return { type: 'known', items: [{ ...group, isOurs, isAdoptable: !isOurs && isAdoptable(tags, owner) }] }
}
