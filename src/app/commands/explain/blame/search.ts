import type { TrailEvent } from '../../../../aws/trail-event.ts'
import type { TrailPort } from '../../../../aws/cloudtrail.ts'
import type { Instant } from '../../../../core/ports.ts'
import type { InventoryEntry } from '../../../../reconciler/inventory.ts'
import type { AnyResource } from '../../../../reconciler/resource.ts'

/** A call that was about something that the object owns. */
export interface FoundCall {
  readonly event: TrailEvent
  /** `Resource.type`. */
  readonly type: string
  readonly id: string
}

/** Calls of one name of which there are too many to look at all. */
export interface Gap {
  /** `UpdateService`. */
  readonly eventName: string
  readonly lookedAt: number
  /** The oldest of them. */
  readonly since: Instant
}

export interface Findings {
  /** Newest first. */
  readonly calls: readonly FoundCall[]
  readonly gaps: readonly Gap[]
}

/** Something that the object owns, with what AWS calls tell about it. */
export type Suspect = Pick<InventoryEntry, 'type' | 'id'> & { readonly trail: NonNullable<AnyResource['trail']> }

/** 500 calls of a name: five seconds at AWS's rate of lookups. */
const MOST_PAGES = 10

/**
 * Looks for calls that changed one of these things. By the names of the calls: that is what lookups find for sure, while
 * events of ECS and Logs name no resource, and `EventSource` would bring all reads as well. Throws `Failure`.
 */
export async function searchTrail(
  trail: TrailPort,
  suspects: readonly Suspect[],
  signal: AbortSignal,
): Promise<Findings> {
  const causes = suspects.flatMap((suspect) => Object.values(suspect.trail.causes).flat())
  const names = [...new Set(causes.map((call) => call.slice(call.indexOf(':') + 1)))]
  const histories = await Promise.all(names.map((eventName) => readHistory(trail, eventName, signal)))
  return {
    calls: histories.flatMap(({ events }) => events.flatMap((event) => about(suspects, event))).toSorted(newestFirst),
    gaps: histories.flatMap(({ gap }) => gap ?? []),
  }
}

interface CallHistory {
  readonly events: readonly TrailEvent[]
  readonly gap: Gap | undefined
}

async function readHistory(trail: TrailPort, eventName: string, signal: AbortSignal): Promise<CallHistory> {
  const events: TrailEvent[] = []
  let nextToken: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await trail.lookUp({ eventName, nextToken }, signal)
    events.push(...answer.events)
    nextToken = answer.nextToken
    if (nextToken === undefined) return { events, gap: undefined }
  }
  return { events, gap: { eventName, lookedAt: events.length, since: events.at(-1)?.at ?? 0 } }
}

function about(suspects: readonly Suspect[], event: TrailEvent): readonly FoundCall[] {
  const isCause = ({ causes }: Suspect['trail']): boolean => Object.values(causes).flat().includes(event.call)
  return suspects
    .filter(({ trail, id }) => isCause(trail) && trail.isAbout(event.parameters, id))
    .map(({ type, id }) => ({ event, type, id }))
}

function newestFirst(a: FoundCall, b: FoundCall): number {
  return b.event.at - a.event.at
}
