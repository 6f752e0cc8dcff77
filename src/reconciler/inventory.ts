import type { Memo } from '../core/plan.ts'
import type { Instant } from '../core/ports.ts'

/** One AWS object that this Kubernetes object may have made. An entry means *may exist*. */
export interface InventoryEntry {
  /** Name in the composition. */
  readonly name: string
  /** `Resource.type`. */
  readonly type: string
  /** `Identity.key`. */
  readonly id: string
  /** `Adopting`: marked as ours, but nothing else may change before its owner has accepted that. */
  readonly origin: 'Created' | 'Adopting' | 'Adopted'
  readonly retain: boolean
  /** Names of the entries that must outlive this one. */
  readonly dependsOn: readonly string[]
  readonly memo: Memo
  /** RFC 3339; when the entry was first recorded. */
  readonly createdAt: string
  /** RFC 3339; when a create was last attempted. */
  readonly writtenAt?: string
}

/** Entries by `entryKey`. */
export type Inventory = ReadonlyMap<string, InventoryEntry>

export function entryKey(entry: { readonly type: string; readonly id: string }): string {
  return `${entry.type} ${entry.id}`
}

export function inventoryFrom(entries: readonly InventoryEntry[]): Inventory {
  return new Map(entries.map((entry) => [entryKey(entry), entry]))
}

export function withEntries(inventory: Inventory, entries: readonly InventoryEntry[]): Inventory {
  return new Map([...inventory, ...inventoryFrom(entries)])
}

export function withoutEntry(inventory: Inventory, key: string): Inventory {
  return new Map([...inventory].filter(([other]) => other !== key))
}

/** The attempt certainly had no effect: forget that it was made. */
export function withoutAttempt(entry: InventoryEntry): InventoryEntry {
  const { writtenAt: _, ...rest } = entry
  return rest
}

export function timestamp(now: Instant): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`
}
