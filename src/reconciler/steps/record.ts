import { isDeepStrictEqual } from 'node:util'
import type { Plan, Step } from '../../core/plan.ts'
import { timestamp, withEntries, type Inventory, type InventoryEntry } from '../inventory.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'
import { targetKey, type Target } from '../target.ts'
import { acknowledged } from './acknowledge.ts'
import { readySteps } from './plan.ts'

export interface Planned {
  readonly target: Target
  readonly plan: Plan<Step, string>
  readonly origin: InventoryEntry['origin']
}

/** The entries that have to be on record before these plans may be applied. Nothing for a step that is held. */
export function entriesToRecord(
  planned: readonly Planned[],
  inventory: Inventory,
  now: number,
): readonly InventoryEntry[] {
  return planned.flatMap((item) => {
    const { target, plan, origin } = item
    const steps = readySteps(plan)
    if (steps.length === 0) return []
    const recorded = inventory.get(targetKey(target))
    const entry = entryFor(item, now)
    if (steps.some(({ effect }) => effect === 'create')) return [{ ...entry, writtenAt: timestamp(now) }]
    const isSame = recorded !== undefined && recorded.origin === origin && isDeepStrictEqual(recorded.memo, plan.memo)
    return isSame ? [] : [entry]
  })
}

/** The entry of a target, carrying over what was recorded about it before. */
export function entryFor({ target, plan, origin }: Planned, now: number): InventoryEntry {
  const before = target.entry
  return {
    name: target.identity.name,
    type: target.resource.type,
    id: target.identity.key,
    origin,
    retain: target.type === 'wanted' ? target.item.retain : (before?.retain ?? false),
    dependsOn: target.dependsOn,
    memo: plan.memo,
    createdAt: before?.createdAt ?? timestamp(now),
    ...(before?.writtenAt !== undefined && { writtenAt: before.writtenAt }),
  }
}

/**
 * Writes the inventory before the AWS write that it protects, on the condition that nobody changed the object in
 * between; after a crash, status says what may exist.
 */
export async function record(
  pass: Pass,
  scope: Scope,
  { inventory, entries }: { readonly inventory: Inventory; readonly entries: readonly InventoryEntry[] },
): Promise<Inventory> {
  if (entries.length === 0) return inventory
  const next = withEntries(inventory, entries)
  await pass.handle.writeStatus((status) => ({
    ...acknowledged(pass, status, 'Applying'),
    accountId: scope.accountId,
    region: scope.region,
    inventory: [...next.values()],
  }))
  return next
}
