import { asksToAdopt } from '../../core/adoption.ts'
import type { Composed } from '../composed.ts'
import { entryKey, inventoryFrom, timestamp, withEntries, type Inventory, type InventoryEntry } from '../inventory.ts'
import { hasFinalizer, statusOf } from '../managed.ts'
import type { Pass } from '../pass.ts'
import type { AnyResource, Scope } from '../resource.ts'
import { wantedTargets } from '../target.ts'

/**
 * The inventory of an object that is wanted. When status was lost (a restored backup, somebody's edit), everything that
 * composition mentions may exist, seen in this pass or not; what it does not mention any more carries our tags.
 */
export async function loadInventory(pass: Pass, scope: Scope, items: readonly Composed[]): Promise<Inventory> {
  const { inventory } = statusOf(pass.object)
  if (inventory !== undefined) return pass.attempts.completed(inventoryFrom(inventory))
  if (!hasFinalizer(pass.object)) return new Map()
  const varying = pass.deps.kind.resources.filter(({ keysVary }) => keysVary === true)
  const owned = await ownedEntries(pass, scope, varying)
  // What was made just before, only the lost status told: AWS may not show it yet.
  const writtenAt = timestamp(pass.deps.clock.now())
  return withEntries(
    owned,
    composedEntries(pass, items).map((entry) => ({ ...entry, writtenAt })),
  )
}

/** The inventory of an object that is being deleted; a lost one is made again from composition, if that still works, and tags. */
export async function restoreInventory(
  pass: Pass,
  scope: Scope,
  items: readonly Composed[] | undefined,
): Promise<Inventory> {
  const { inventory } = statusOf(pass.object)
  if (inventory !== undefined) return pass.attempts.completed(inventoryFrom(inventory))
  const owned = await ownedEntries(pass, scope, pass.deps.kind.resources)
  return withEntries(owned, composedEntries(pass, items ?? []))
}

function composedEntries(pass: Pass, items: readonly Composed[]): readonly InventoryEntry[] {
  return wantedTargets({ kind: pass.deps.kind, owner: pass.owner }, items, new Map()).map(({ item, identity }) => ({
    ...freshEntry(pass, item.resource, identity.key),
    name: item.name,
    retain: item.retain,
    dependsOn: item.dependsOn,
  }))
}

async function ownedEntries(pass: Pass, scope: Scope, resources: readonly AnyResource[]): Promise<Inventory> {
  const found = await Promise.all(
    resources.map(async (resource) => {
      const keys = await resource.findOwned(pass.owner, scope, pass.signal)
      return keys.map((key) => freshEntry(pass, resource, key))
    }),
  )
  return chained(found)
}

/** `Kind.resources` stands in dependency order: what comes later leaves first. */
function chained(groups: readonly (readonly InventoryEntry[])[]): Inventory {
  const entries = groups.flatMap((group, index) => {
    const dependsOn = groups.slice(0, index).flatMap((earlier) => earlier.map(({ name }) => name))
    return group.map((entry) => ({ ...entry, dependsOn }))
  })
  return inventoryFrom(entries)
}

function freshEntry(pass: Pass, { type, holdsData = false }: AnyResource, id: string): InventoryEntry {
  const createdAt = timestamp(pass.deps.clock.now())
  const name = entryKey({ type, id })
  // Which of them were taken over, and whether that was accepted, went with the status: rather ask and keep too much.
  const origin = asksToAdopt(pass.requests) ? 'Adopting' : 'Created'
  return { name, type, id, origin, retain: holdsData, dependsOn: [], memo: {}, createdAt }
}
