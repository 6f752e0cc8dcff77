import type { Condition } from '../../../src/core/conditions.ts'
import type { KubeObject } from '../../../src/kube/cluster.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import type { Thing } from './aws-view.ts'
import { INSTALLATION } from './life.ts'
import { awsName, firstWishes, OTHER_ACCOUNT, type Slot, type Wishes } from './slots.ts'
import type { Aftermath } from './aftermath.ts'

/** One object beside everything in AWS. */
export interface View {
  readonly stage: Aftermath
  readonly things: readonly Thing[]
  readonly slot: Slot
  readonly object: KubeObject
}

export function readyOf(object: KubeObject): Condition | undefined {
  return statusOf(object).conditions?.find(({ type }) => type === 'Ready')
}

export function tell(ready: Condition | undefined): string {
  return ready === undefined ? 'has no condition' : `${ready.status} ${ready.reason}: ${ready.message}`
}

export function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined
}

/** It was made with the credentials of the other account. */
export function isElsewhere(object: KubeObject): boolean {
  return statusOf(object).accountId === OTHER_ACCOUNT
}

export function wishesOf({ stage, slot }: View): Wishes {
  return stage.wishes.get(slot) ?? firstWishes(slot)
}

/** Things of the type and name that the object stands for, whoever owns them. */
export function mainThings(things: readonly Thing[], slot: Slot): readonly Thing[] {
  const type = { r: 'repository', c: 'cluster', s: 'service' }[slot.charAt(0)]
  return things.filter(
    (thing) => thing.type === type && thing.name === awsName(slot) && thing.accountId !== OTHER_ACCOUNT,
  )
}

export function isOf({ tags }: Thing, slot: Slot): boolean {
  return tags['longshore.dev/installation'] === INSTALLATION && tags['longshore.dev/name'] === slot
}

/**
 * It drains already, and only a status that was lost told of it: ListServices, which finds services by their tags, does not
 * show it any more (API reference of ECS, DeleteService).
 */
export function isBeyondReach({ forgotten }: Aftermath, thing: Thing): boolean {
  const isForgotten = [...forgotten].some((slot) => slot === thing.tags['longshore.dev/name'])
  return isForgotten && thing.type === 'service' && thing.state.status === 'DRAINING'
}

/** Which of two accounts it was made in was only in a status that was lost. */
export function isBeyondMemory({ forgotten, hasStrayed }: Aftermath, { tags }: Thing): boolean {
  return hasStrayed === true && [...forgotten].some((slot) => slot === tags['longshore.dev/name'])
}
