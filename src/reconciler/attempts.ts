import type { Instant } from '../core/ports.ts'
import { timestamp, type Inventory } from './inventory.ts'

/**
 * When creates ended, by object and entry: status learns it at the end of a pass, and a pass that has to start over never gets
 * there. Without this a create that took long would seem to have settled before it was over.
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
}

export function createAttempts(): Attempts {
  const objects = new Map<string, Map<string, string>>()
  return {
    of: (key) => ({
      ended: (entry, at) => {
        const entries = objects.get(key) ?? new Map<string, string>()
        objects.set(key, entries.set(entry, timestamp(at)))
      },
      completed: (inventory) => {
        const entries = objects.get(key)
        if (entries === undefined) return inventory
        return new Map([...inventory].map(([entry, value]) => [entry, later(value, entries.get(entry))]))
      },
    }),
    forget: (key) => void objects.delete(key),
  }
}

/** For passes that make nothing. */
export const noAttempts: ObjectAttempts = { ended: () => undefined, completed: (inventory) => inventory }

function later<Entry extends { readonly writtenAt?: string }>(entry: Entry, endedAt: string | undefined): Entry {
  // Without a time of its own the attempt certainly had no effect.
  if (endedAt === undefined || entry.writtenAt === undefined || entry.writtenAt >= endedAt) return entry
  return { ...entry, writtenAt: endedAt }
}
