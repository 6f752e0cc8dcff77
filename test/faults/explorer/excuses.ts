import { statusOf } from '../../../src/reconciler/managed.ts'
import type { Thing } from './aws-view.ts'
import { awsName, BAD_IMAGE, SLOTS, type Slot } from './slots.ts'
import type { Aftermath } from './aftermath.ts'
import { isElsewhere, isGoing, isOf, mainThings, wishesOf, type View } from './view.ts'

const ROLLOUT_TROUBLE = ['RolloutFailed', 'RolledBack', 'RolloutStalled']

/** The reasons of which an object at rest must have one; none: it has to be Ready, or gone. */
export function excusesOf(view: View): readonly string[] {
  const { slot, object } = view
  if (object.metadata.annotations?.['longshore.dev/paused'] === 'true') return ['Paused']
  if (isGoing(object)) return isInUse(view) ? ['InUse'] : []
  return slot.startsWith('s') ? serviceExcuses(view) : foreignExcuses(view)
}

function serviceExcuses(view: View): readonly string[] {
  const { image, cluster, count } = wishesOf(view)
  const moved = isElsewhereMade(view, cluster) ? ['ImmutableField'] : []
  const foreign = foreignExcuses(view)
  // The reference comes first: without it nothing else is looked at.
  if (!isUsable(view.stage, view.things, cluster)) return ['WaitingForReference', ...foreign, ...moved]
  if (moved.length > 0) return moved
  if (foreign.length > 0) return foreign
  // A rollout that needs no task succeeds with any image.
  const rollout = image === BAD_IMAGE ? [...ROLLOUT_TROUBLE, ...(count === 0 ? ['InSync'] : [])] : []
  // Status of the cluster was lost, or never told of it, and does not while it is paused.
  return isHushed(view.stage, cluster) ? ['WaitingForReference', 'InSync', ...rollout] : rollout
}

function isHushed(stage: Aftermath, name: string): boolean {
  const slot = SLOTS.find((candidate) => candidate === name)
  const object = slot && stage.object(slot)
  if (slot === undefined || object?.metadata.annotations?.['longshore.dev/paused'] !== 'true') return false
  return stage.forgotten.has(slot) || statusOf(object)['arn'] === undefined
}

/** Something of its name is there and not its own. Services of one name may be in several clusters. */
function foreignExcuses(view: View): readonly string[] {
  const { things, slot } = view
  const home = awsName(wishesOf(view).cluster as Slot)
  const isHere = (thing: Thing): boolean => thing.type !== 'service' || thing.state.cluster === home
  return mainThings(things, slot).some((thing) => !isOf(thing, slot) && isHere(thing)) ? ['ForeignResource'] : []
}

/** The service was made in another cluster than its spec names now. */
function isElsewhereMade({ object }: View, cluster: string): boolean {
  const service = (statusOf(object).inventory ?? []).find(({ name }) => name === 'service')
  return service !== undefined && !service.id.includes(awsName(cluster as Slot))
}

function isUsable(stage: Aftermath, things: readonly Thing[], cluster: string): boolean {
  const slot = SLOTS.find((candidate) => candidate === cluster)
  const object = slot && stage.object(slot)
  if (slot === undefined || object === undefined || isGoing(object) || isElsewhere(object)) return false
  return mainThings(things, slot).some((thing) => isOf(thing, slot))
}

function isInUse({ slot, things }: View): boolean {
  return things.some((thing) => thing.type === 'service' && thing.state.cluster === awsName(slot))
}
