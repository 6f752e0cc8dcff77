import type { KubeObject } from '../../../src/kube/cluster.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { essenceOf, type Thing } from './aws-view.ts'
import { differences } from './differences.ts'
import { excusesOf } from './excuses.ts'
import { awsName, familyName, logGroupName, NAMESPACE, SECRET, SLOTS } from './slots.ts'
import type { Aftermath } from './aftermath.ts'
import { isBeyondMemory, isElsewhere, isGoing, readyOf, tell, wishesOf, type View } from './view.ts'

/** What is wrong once everything had time to come to rest; nothing: the schedule passed. */
export function problemsAtRest(stage: Aftermath): readonly string[] {
  const things = stage.things()
  return [
    ...stage.objects().flatMap(([slot, object]) => problemsOf({ stage, things, slot, object })),
    ...things.flatMap((thing) => ownershipProblems(stage, thing)),
    ...foreignProblems(stage, things),
    ...keptProblems(stage, things),
    ...twiceProblems(things),
    ...secretProblems(stage),
    ...stage.scandals(),
  ]
}

function problemsOf(view: View): readonly string[] {
  const { slot, object } = view
  if (isElsewhere(object) || isHomeElsewhere(view)) return []
  const excuses = excusesOf(view)
  const ready = readyOf(object)
  if (excuses.length > 0) {
    return excuses.includes(ready?.reason ?? '') ? [] : [`${slot}: ${tell(ready)}, not ${excuses.join(' or ')}`]
  }
  return isGoing(object) ? [`${slot} is still being deleted: ${tell(ready)}`] : unreadiness(view)
}

/** A service cannot be where its cluster is not: nothing to ask of it but to go when it is deleted. */
function isHomeElsewhere(view: View): boolean {
  const home = view.stage.objects().find(([slot]) => slot === wishesOf(view).cluster)?.[1]
  return home !== undefined && isElsewhere(home)
}

function unreadiness(view: View): readonly string[] {
  const { stage, slot, object } = view
  const ready = readyOf(object)
  if (ready?.reason !== 'InSync') return [`${slot} is not Ready: ${tell(ready)}`]
  const { observedGeneration, lastHandledReconcileAt } = statusOf(object)
  if (observedGeneration !== object.metadata.generation) return [`${slot} has not seen its generation`]
  const wanted = object.metadata.annotations?.['longshore.dev/reconcile-at']
  if (wanted !== undefined && wanted !== lastHandledReconcileAt)
    return [`${slot} was asked for a look that it never had`]
  return stage.wishes.has(slot) ? differences(view) : [`${slot} lives and should not`]
}

/** What carries our tags belongs to an object and is in its inventory; what does not is a stranger's or was released. */
function ownershipProblems(stage: Aftermath, thing: Thing): readonly string[] {
  const owner = thing.tags['longshore.dev/name']
  if (isBeyondMemory(stage, thing)) return []
  if (owner === undefined) return isReleased(stage, thing) ? [] : [`${thing.type} ${thing.name} belongs to nobody`]
  const object = stage.objects().find(([slot]) => slot === owner)?.[1]
  if (object === undefined) return [`${thing.type} ${thing.name} is an orphan of ${owner}`]
  if (isElsewhere(object) || isUnknowable(stage, object)) return []
  const isListed = (statusOf(object).inventory ?? []).some(({ id }) => id.includes(thing.name))
  return isListed ? [] : [`${thing.type} ${thing.name} is not in the inventory of ${owner}`]
}

/** Its status was lost, and it is held or its reference is missing: only tags tell what is its, and nobody asked them yet. */
function isUnknowable({ forgotten }: Aftermath, object: KubeObject): boolean {
  const isForgotten = [...forgotten].some((slot) => slot === object.metadata.name)
  return isForgotten && ['WaitingForReference', 'Paused'].includes(readyOf(object)?.reason ?? '')
}

function isReleased(stage: Aftermath, { type, arn, name }: Thing): boolean {
  if (stage.foreign.has(arn) || name === 'stranger') return true
  // Events outlive the service that wrote them.
  if (type === 'log-group') return SLOTS.some((slot) => logGroupName(slot) === name)
  return [...stage.released].some((slot) => awsName(slot) === name || familyName(slot) === name)
}

function foreignProblems(stage: Aftermath, things: readonly Thing[]): readonly string[] {
  return [...stage.foreign].flatMap(([arn, essence]) => {
    const thing = things.find((candidate) => candidate.arn === arn)
    if (thing === undefined) return [`a stranger's ${arn} is gone`]
    return essenceOf(thing) === essence ? [] : [`a stranger's ${arn} was changed: ${essence} → ${essenceOf(thing)}`]
  })
}

function keptProblems({ kept }: Aftermath, things: readonly Thing[]): readonly string[] {
  const lost = [...kept].filter((arn) => !things.some((thing) => thing.arn === arn))
  return lost.map((arn) => `${arn} was to be kept and is gone`)
}

/** AWS has no token against registering the same content twice. */
function twiceProblems(things: readonly Thing[]): readonly string[] {
  const revisions = things.filter((thing) => thing.type === 'task-definition' && 'longshore.dev/name' in thing.tags)
  const groups = Map.groupBy(revisions, (thing) => `${thing.name} ${essenceOf(thing)}`)
  return [...groups.values()].flatMap(([one, ...others]) =>
    others.map(({ arn }) => `${arn} has the same content as ${one?.arn}`),
  )
}

function secretProblems(stage: Aftermath): readonly string[] {
  const statuses = stage.objects().map(([, object]) => object.status)
  const events = stage.events()
  return JSON.stringify([statuses, events]).includes(SECRET) ? ['a secret is in a status or an event'] : []
}

/** The state of all objects, for reports. */
export function tellAll(stage: Aftermath): string {
  return stage
    .objects()
    .map(([, object]) => `${object.kind} ${NAMESPACE}/${object.metadata.name}: ${tell(readyOf(object))}`)
    .join('; ')
}
