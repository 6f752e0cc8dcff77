import type { Observation } from '../../core/plan.ts'
import { problemFrom } from '../outcome.ts'
import { isSettling } from '../inventory.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'
import { targetKey, type Target } from '../target.ts'

/** What a round saw: one observation for each target. */
export interface Survey {
  readonly of: (target: Target) => Observation<unknown>
  /** Whether something that was looked at may keep the AWS object with this id in use; true when not known for sure. */
  readonly mayBeInUse: (id: string) => boolean
}

/** What a pass saw, by target; steps taken on a target make what was seen of it old. */
export type Seen = Map<string, Observation<unknown>>

/**
 * Looks at the targets, all at the same moment, so that their reads can share calls; what this pass has seen already and
 * not changed since is not looked at again. Changes nothing in AWS.
 */
export async function observe(pass: Pass, scope: Scope, targets: readonly Target[], seen: Seen): Promise<Survey> {
  const unseen = targets.filter((target) => !seen.has(targetKey(target)))
  const found = await Promise.all(
    unseen.map(async (target) => [targetKey(target), await observeOne(target, scope, pass.signal)] as const),
  )
  const observations = new Map([...seen, ...found])
  for (const [key, observation] of found) if (observation.type !== 'unknown') seen.set(key, observation)
  const now = pass.deps.clock.now()
  const isFresh = ({ entry }: Target): boolean => isSettling(entry, now, pass.deps.settings.settleSeconds)

  const of = (target: Target): Observation<unknown> =>
    observations.get(targetKey(target)) ?? { type: 'unknown', code: 'unexpected', message: 'not looked at' }
  return {
    of,
    mayBeInUse: (id) => targets.some((target) => mayUse(target, of(target), id) || (isFresh(target) && isUser(target))),
  }
}

/** What cannot be looked at must not hide the others. Throws our own abort, and bugs. */
async function observeOne(
  { resource, identity }: Pick<Target, 'resource' | 'identity'>,
  scope: Scope,
  signal: AbortSignal,
): Promise<Observation<unknown>> {
  try {
    return await resource.observe(identity, scope, signal)
  } catch (error) {
    return { type: 'unknown', ...problemFrom(error) }
  }
}

function isUser({ resource }: Target): boolean {
  return resource.uses !== undefined
}

function mayUse({ resource }: Target, observation: Observation<unknown>, id: string): boolean {
  switch (observation.type) {
    case 'unknown':
      return resource.uses !== undefined
    case 'foreign':
    case 'known':
      return (observation.items ?? []).some((item) => resource.uses?.(item).includes(id) ?? false)
  }
}
