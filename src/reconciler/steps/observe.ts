import type { Observation, Step } from '../../core/plan.ts'
import { entryKey } from '../inventory.ts'
import { problemFrom } from '../outcome.ts'
import type { Instant } from '../../core/ports.ts'
import type { Pass } from '../pass.ts'
import type { Identity, Scope } from '../resource.ts'
import { targetKey, type Target } from '../target.ts'

/** What was seen of a target, and when it was looked at: nothing can be concluded from it about any time after that. */
export interface Sighting {
  readonly observation: Observation<unknown>
  readonly at: Instant
  /** Types of the steps taken on it since, which make it old. Absent: none. */
  readonly since?: readonly string[]
}

/** What a round saw: one sighting of each target. */
export interface Survey {
  readonly of: (target: Target) => Sighting
  /** Whether a create was attempted so shortly before the target was looked at that absence proves nothing. */
  readonly isSettling: (target: Target) => boolean
  /** Whether something that was looked at may keep the AWS object with this id in use; true when not known for sure. */
  readonly mayBeInUse: (id: string) => boolean
}

/** What a pass saw, by target. */
export type Seen = Map<string, Sighting>

/**
 * Looks at the targets, all at the same moment, so that their reads can share calls; what this pass has seen already and
 * not changed since is not looked at again. Changes nothing in AWS.
 */
export async function observe(pass: Pass, scope: Scope, targets: readonly Target[], seen: Seen): Promise<Survey> {
  const beganAt = pass.deps.clock.now()
  const missing = targets.filter((target) => isOld(seen.get(targetKey(target))))
  const found = await Promise.all(
    missing.map(async ({ resource, identity }) => {
      const key = entryKey({ type: resource.type, id: identity.key })
      const again = { resource, identity: { ...identity, ...beforeIn(seen.get(key)) } }
      return [key, await observeOne(again, scope, pass.signal)] as const
    }),
  )
  const at = Math.min(beganAt, scope.aws.readsSince() ?? beganAt)
  const sightings = new Map(seen)
  for (const [key, observation] of found) {
    sightings.set(key, { observation, at })
    if (observation.type !== 'unknown') seen.set(key, { observation, at })
  }
  const of = (target: Target): Sighting => sightings.get(targetKey(target)) ?? { observation: unseen, at }
  const isSettling = (target: Target): boolean => {
    const endedAt = target.entry && pass.attempts.endOf(target.entry)
    return endedAt !== undefined && of(target).at - endedAt < pass.deps.settings.settleSeconds * 1000
  }
  const isUsing = (target: Target, id: string): boolean => mayUse(target, of(target).observation, id)
  return {
    of,
    isSettling,
    mayBeInUse: (id) => targets.some((target) => isUsing(target, id) || (isSettling(target) && isUser(target))),
  }
}

const unseen = { type: 'unknown', code: 'unexpected', message: 'not looked at' } as const

function isOld(sighting: Sighting | undefined): boolean {
  return sighting === undefined || sighting.since !== undefined
}

function beforeIn(sighting: Sighting | undefined): Pick<Identity, 'before'> {
  if (sighting?.observation.type !== 'known' || sighting.since === undefined) return {}
  return { before: { items: sighting.observation.items, steps: sighting.since } }
}

/** Makes what was seen of a target old. */
export function outdate(seen: Seen, key: string, steps: readonly Step[]): void {
  const sighting = seen.get(key)
  if (sighting === undefined) return
  seen.set(key, { ...sighting, since: [...(sighting.since ?? []), ...steps.map(({ type }) => type)] })
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
