import type { Instant } from '../../../../core/ports.ts'
import type { KubeObject } from '../../../../kube/cluster.ts'
import { generationOf, statusOf } from '../../../../reconciler/managed.ts'
import { timestamp } from '../../../../reconciler/inventory.ts'
import type { GatheredBlame } from './gather.ts'

/** What the sentences depend on. */
export interface Told {
  readonly object: KubeObject
  readonly gathered: GatheredBlame
  /** Differences whose cause CloudTrail does not show. */
  readonly unexplained: number
  /** Changes of others that CloudTrail shows. */
  readonly others: number
  readonly now: Instant
}

// AWS CloudTrail User Guide, "How CloudTrail works" and "Working with CloudTrail event history".
const LATE =
  'CloudTrail shows calls minutes late: about 5 on average, which AWS does not promise. If it was just now, ask again in 15 minutes.'
const KEPT_DAYS = 90
const OLD = `CloudTrail keeps its event history for ${KEPT_DAYS} days; what is older is only in a trail, if the account has one.`

/** Sentences about what CloudTrail does not tell, or not yet, or not any more. */
export function notesFor(told: Told): readonly string[] {
  const { gathered } = told
  if (gathered.silence !== undefined) return [...editNotes(told), gathered.silence]
  const isMissing = told.unexplained > 0 || told.others === 0
  return [
    ...editNotes(told),
    ...gathered.gaps.map(gapSentence),
    ...refusedNotes(gathered),
    ...(isMissing ? [LATE] : []),
    ...(isMissing && isOld(told) ? [OLD] : []),
  ]
}

/** Until an edit has come true, a difference may be its own doing. */
function editNotes({ object, gathered }: Told): readonly string[] {
  const { reconciledGeneration } = statusOf(object)
  const isPending = gathered.differences.length > 0 && reconciledGeneration !== generationOf(object)
  return isPending ? ['The newest edit of the spec has not come true yet: what differs may be what it asks for.'] : []
}

function gapSentence({ eventName, lookedAt, since }: GatheredBlame['gaps'][number]): string {
  return `Of ${eventName} only the newest ${lookedAt} calls in this account and Region were looked at, back to ${timestamp(since)}.`
}

function refusedNotes({ calls }: GatheredBlame): readonly string[] {
  const refused = calls.filter(({ event }) => event.errorCode !== undefined).length
  if (refused === 0) return []
  return [`${refused} ${refused === 1 ? 'call that AWS refused is' : 'calls that AWS refused are'} left out.`]
}

/** Whether what is looked for may have happened before anything that CloudTrail still has. */
function isOld({ object: { metadata }, now }: Told): boolean {
  const born = Date.parse(metadata.creationTimestamp ?? '')
  return now - born > KEPT_DAYS * 86_400_000
}
