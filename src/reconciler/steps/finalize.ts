import type { Block, Removal, Wait } from '../../core/plan.ts'
import { ObjectWriteError } from '../handle.ts'
import type { Composed } from '../composed.ts'
import { inventoryFrom, type Inventory } from '../inventory.ts'
import { FINALIZER, hasFinalizer, statusOf } from '../managed.ts'
import { waiting, type Outcome } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'
import type { RemovalOptions } from '../target.ts'
import { converge } from './converge.ts'
import { restoreInventory } from './restore.ts'

export interface FinalizeInput {
  readonly pass: Pass
  readonly openScope: () => Promise<Scope>
  /** What the spec stands for, if that can still be said: used only when status was lost. Throws `Failure`. */
  readonly compose: (scope: Scope) => readonly Composed[] | undefined
  readonly force: boolean
}

/** Empties the inventory, then lets the object go. Works from the inventory alone, whatever the spec says by now. */
export async function finalize(input: FinalizeInput): Promise<Outcome> {
  const { pass } = input
  if (!hasFinalizer(pass.object)) return { type: 'gone' }
  if (isKnownToOwnNothing(pass)) return letGo(pass)

  const scope = await input.openScope()
  const items = isLost(pass) ? input.compose(scope) : undefined
  if (isJustLost(pass)) return { ...waiting(searching), goal: 'absent' }
  const inventory = await restoreInventory(pass, scope, items)
  const result = await converge({ pass, scope, items: [], removal: removalFor(input), inventory })
  if (result.inventory.size === 0) return letGo(pass)
  const blocks = [...result.blocks, ...unknownTypes(pass, result.inventory)]
  const hasReason = result.waits.length > 0 || blocks.length > 0 || result.held.length > 0
  const waits = hasReason ? result.waits : [stillDeleting(result.inventory.size)]
  return { type: 'reconciled', goal: 'absent', ...result, blocks, waits, scope, spec: undefined }
}

function isKnownToOwnNothing({ object }: Pass): boolean {
  const { inventory } = statusOf(object)
  return inventory !== undefined && inventoryFrom(inventory).size === 0
}

function isLost({ object }: Pass): boolean {
  return statusOf(object).inventory === undefined
}

const searching: Wait = {
  reason: 'Settling',
  message: 'Its status was lost; AWS may not show yet what was made just before',
  pollSeconds: 2,
}

/**
 * Whether AWS may still hide something that only the status told of. What shows by then is found by its tags; what nobody
 * waited for would be found by nobody.
 */
function isJustLost(pass: Pass): boolean {
  if (!isLost(pass)) return false
  const { object, deps } = pass
  const { clock, settings } = deps
  const { waitingFor } = statusOf(object)
  if (waitingFor?.message !== searching.message) return true
  return clock.now() - Date.parse(waitingFor.since) < settings.settleSeconds * 1000
}

function removalFor({ pass, force }: FinalizeInput): RemovalOptions {
  return { policy: deletionPolicy(pass.requests['deletion-policy']), force }
}

function deletionPolicy(value: string | undefined): Removal['policy'] | undefined {
  return value === 'Delete' || value === 'Retain' ? value : undefined
}

/** What another version of the operator made: how to delete that is not known here, and it must not be forgotten. */
function unknownTypes({ deps }: Pass, inventory: Inventory): readonly Block[] {
  const unknown = [...inventory.values()].filter(({ type }) =>
    deps.kind.resources.every((known) => known.type !== type),
  )
  if (unknown.length === 0) return []
  const names = unknown.map(({ type, id }) => `${type} ${id}`).join(', ')
  const message = `This version of the operator does not know how to delete ${names}: run the version that made it, or a newer one`
  return [{ reason: 'UnknownResource', message, field: 'status.inventory' }]
}

function stillDeleting(count: number): Wait {
  return { reason: 'Deleting', message: `${count} AWS object(s) still have to go`, pollSeconds: 2 }
}

/** Nothing of ours is left: take the finalizer off. The object may vanish with it, or have vanished. */
async function letGo(pass: Pass): Promise<Outcome> {
  const finalizers = (pass.object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER)
  try {
    await pass.handle.patch({ metadata: { finalizers } })
  } catch (error) {
    if (!(error instanceof ObjectWriteError) || error.failure.code !== 'not-found') throw error
  }
  pass.logger.info({}, 'released the object')
  return { type: 'gone' }
}
