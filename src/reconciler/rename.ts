import type { Block } from '../core/plan.ts'
import type { Composed } from './composed.ts'
import type { Inventory, InventoryEntry } from './inventory.ts'
import type { AnyKind } from './kind.ts'

/** An edit that would give something another identity. */
export interface Rename {
  /** What there is, under its old identity. */
  readonly entry: InventoryEntry
  readonly refusal: Block
}

/**
 * Whether an edit would give what the item stands for another identity. For AWS that is another object: making it and
 * deleting the old one would lose what the old one holds, so a person has to say that. The API server refuses such edits;
 * this is for objects that came past it (restored, or stored under an older schema).
 */
export function renameOf(
  kind: AnyKind,
  { name, resource, desired }: Composed,
  inventory: Inventory,
): Rename | undefined {
  if (resource.keysVary === true) return undefined
  const key = resource.identify(desired)
  let other: InventoryEntry | undefined
  for (const entry of inventory.values()) {
    if (entry.name !== name || entry.type !== resource.type) continue
    if (entry.id === key) return undefined
    other ??= entry
  }
  return other && { entry: other, refusal: refusalOf(kind, other, key) }
}

function refusalOf(kind: AnyKind, { type, id }: InventoryEntry, key: string): Block {
  const fields = kind.immutable.map(({ field }) => `spec.${field}`).join(', ')
  const message = `The ${type} ${id} cannot become ${key}: undo the edit (of ${fields}), or create another object for ${key}`
  return { reason: 'ImmutableField', message }
}
