import type { Clock, Instant } from '../core/ports.ts'
import { PASS_SECONDS } from '../runtime/reconcile.ts'
import { entryKey, timestamp, type Inventory, type InventoryEntry } from './inventory.ts'

/**
 * What this process tried in AWS lately and status does not tell, by object.
 *
 * When creates ended: status learns it at the end of a pass, and a pass that has to start over never gets there. Without this
 * a create that took long would seem to have settled before it was over. Of what a process before this one tried, status may
 * only tell when it was about to begin: it was over when that process was, which was before this one's first pass. And for which generation of the spec something was
 * last written: reads that do not show it yet may look just like what an edit right after that wants.
 */
export interface Attempts {
  of(key: string): ObjectAttempts
  /** The object is gone. */
  forget(key: string): void
}

export interface ObjectAttempts {
  /** A create of this entry (`entryKey`) that may have had its effect has just ended. */
  ended(entry: string, at: Instant): void
  /** The inventory with what is known of attempts beyond what it says itself. */
  completed(inventory: Inventory): Inventory
  /** When the last attempt to create this ended, at the latest. Undefined: there was none that may have had an effect. */
  endOf(entry: InventoryEntry): Instant | undefined
  /** Something was written for this generation, with effect or maybe so. */
  wrote(generation: number, at: Instant): void
  /** Our own patch made one generation the next: what was written for the one was written for the other. */
  continues(generation: number, next: number): void
  /** When something was last written for another generation than this. */
  wroteForAnother(generation: number): Instant | undefined
}

export function createAttempts(clock: Pick<Clock, 'now'>): Attempts {
  /** When this process began to work: nothing that others had under way goes on. */
  let beganAt: Instant | undefined
  const endIn = (entries: ReadonlyMap<string, string> | undefined, entry: InventoryEntry): Instant | undefined => {
    if (entry.writtenAt === undefined) return undefined
    const recordedAt = Date.parse(entry.writtenAt)
    const endedAt = entries?.get(entryKey(entry))
    if (endedAt !== undefined) return Math.max(recordedAt, Date.parse(endedAt))
    return Math.max(recordedAt, Math.min(recordedAt + PASS_SECONDS * 1000, beganAt ?? recordedAt))
  }
  const objects = new Map<string, Map<string, string>>()
  const writes = new Map<string, Written>()
  const of: Attempts['of'] = (key) => {
    beganAt ??= clock.now()
    return {
      ended: (entry, at) => {
        const entries = objects.get(key) ?? new Map<string, string>()
        objects.set(key, entries.set(entry, timestamp(at)))
      },
      completed: (inventory) => {
        const entries = objects.get(key)
        if (entries === undefined) return inventory
        return new Map([...inventory].map(([entry, value]) => [entry, later(value, entries.get(entry))]))
      },
      wrote: (generation, at) =>
        void writes.set(key, { generation, at, before: beforeOf(writes.get(key), generation) }),
      continues: (generation, next) => {
        const written = writes.get(key)
        if (written?.generation === generation) writes.set(key, { ...written, generation: next })
      },
      endOf: (entry) => endIn(objects.get(key), entry),
      wroteForAnother: (generation) => beforeOf(writes.get(key), generation),
    }
  }
  return {
    of,
    forget: (key) => {
      objects.delete(key)
      writes.delete(key)
    },
  }
}

interface Written {
  readonly generation: number
  readonly at: Instant
  /** When something was last written for an earlier generation. */
  readonly before: Instant | undefined
}

function beforeOf(written: Written | undefined, generation: number): Instant | undefined {
  return written?.generation === generation ? written.before : written?.at
}

/** For passes that make nothing. */
export const noAttempts: ObjectAttempts = {
  ended: () => undefined,
  completed: (inventory) => inventory,
  endOf: ({ writtenAt }) => (writtenAt === undefined ? undefined : Date.parse(writtenAt)),
  wrote: () => undefined,
  continues: () => undefined,
  wroteForAnother: () => undefined,
}

function later<Entry extends { readonly writtenAt?: string }>(entry: Entry, endedAt: string | undefined): Entry {
  // Without a time of its own the attempt certainly had no effect.
  if (endedAt === undefined || entry.writtenAt === undefined || entry.writtenAt >= endedAt) return entry
  return { ...entry, writtenAt: endedAt }
}
