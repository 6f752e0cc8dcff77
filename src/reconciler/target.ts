import type { Block, Removal } from '../core/plan.ts'
import type { Owner } from '../core/owner.ts'
import type { Composed } from './composed.ts'
import { entryKey, type Inventory, type InventoryEntry } from './inventory.ts'
import type { AnyKind } from './kind.ts'
import { renameOf } from './rename.ts'
import type { AnyResource, Identity } from './resource.ts'

/** One AWS object that a pass has to look at: wanted by the composition, or left over in the inventory. */
export type Target = WantedTarget | RetiredTarget

export interface WantedTarget extends TargetBase {
  readonly type: 'wanted'
  readonly item: Composed
  /** Why nothing may be done about it: it is looked at as it is, and stays. */
  readonly refusal: Block | undefined
}

export interface RetiredTarget extends TargetBase {
  readonly type: 'retired'
  readonly removal: Removal
}

interface TargetBase {
  readonly identity: Identity
  readonly resource: AnyResource
  /** As recorded when the round began. */
  readonly entry: InventoryEntry | undefined
  readonly dependsOn: readonly string[]
}

export function targetKey(target: Target): string {
  return entryKey({ type: target.resource.type, id: target.identity.key })
}

interface Ownership {
  readonly kind: AnyKind
  readonly owner: Owner
}

/** What an edit would rename keeps its old identity: others may depend on what it is, and nothing is made in its place. */
export function wantedTargets(
  { kind, owner }: Ownership,
  items: readonly Composed[],
  inventory: Inventory,
): readonly WantedTarget[] {
  return items.map((item) => {
    const { resource, desired } = item
    const rename = renameOf(kind, item, inventory)
    const key = rename?.entry.id ?? resource.identify(desired)
    const entry = inventory.get(entryKey({ type: resource.type, id: key }))
    const identity = { owner, name: item.name, key, parts: resource.partsIn?.(desired) ?? [] }
    return { type: 'wanted', identity, resource, entry, item, dependsOn: item.dependsOn, refusal: rename?.refusal }
  })
}

/** How an entry leaves: `policy` overrides what was recorded. Adopted things are retained unless told otherwise. */
export interface RemovalOptions {
  readonly policy: Removal['policy'] | undefined
  readonly force: boolean
}

/**
 * Inventory entries that nothing wants any more and on which nothing else that leaves depends: dependants go first, as
 * AWS demands. What is wanted depends on what is composed with it now, not on an older generation of the same name, which
 * its resource keeps as long as something may use it.
 */
export function retiredTargets(
  { kind, owner, removal }: Ownership & { readonly removal: RemovalOptions },
  inventory: Inventory,
  wanted: readonly WantedTarget[],
): readonly RetiredTarget[] {
  const wantedKeys = new Set(wanted.map(targetKey))
  const retired = [...inventory.values()].filter((entry) => !wantedKeys.has(entryKey(entry)))
  const needed = new Set(retired.flatMap(({ dependsOn }) => dependsOn))

  return retired
    .filter((entry) => !needed.has(entry.name))
    .flatMap((entry) => {
      const resource = kind.resources.find(({ type }) => type === entry.type)
      if (resource === undefined) return []
      const identity = { owner, name: entry.name, key: entry.id, leaving: true }
      return [
        { type: 'retired', identity, resource, entry, dependsOn: entry.dependsOn, removal: removalOf(entry, removal) },
      ]
    })
}

function removalOf(entry: InventoryEntry, { policy, force }: RemovalOptions): Removal {
  return { policy: policy ?? (entry.retain || entry.origin !== 'Created' ? 'Retain' : 'Delete'), force }
}
