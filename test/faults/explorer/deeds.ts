import type { AwsSession } from '../../../src/aws/session.ts'
import { failureCodeFrom } from '../../../src/core/failure.ts'
import type { Instant } from '../../../src/core/ports.ts'
import type { Cluster, KubeObject } from '../../../src/kube/cluster.ts'
import { mergePatchBetween } from '../../../src/kube/patch.ts'
import { essenceOf, type Thing } from './aws-view.ts'
import { INSTALLATION } from './life.ts'
import { changeByHand, deleteByHand, makeAsStranger } from './people.ts'
import { awsName, firstWishes, NAMESPACE, SLOTS, specOf, typeOf, type Slot, type Wishes } from './slots.ts'
import type { Deed } from './step.ts'

/** What has to be remembered of what people did, to judge the end by. */
export interface Memory {
  /** What users want now, of the objects that they have not deleted. */
  readonly wishes: Map<Slot, Wishes>
  /** What strangers made, as it was when they made it, by ARN. */
  readonly foreign: Map<string, string>
  /** ARNs of what its owner asked to keep when it was deleted. */
  readonly kept: Set<string>
  /** Slots with something that the operator was asked to let go of, or whose ownership could not be remembered. */
  readonly released: Set<Slot>
  /** Slots whose status was lost: nobody knows any more which tags were ours. */
  readonly forgotten: Set<Slot>
}

export function createMemory(): Memory {
  return { wishes: new Map(), foreign: new Map(), kept: new Set(), released: new Set(), forgotten: new Set() }
}

/** Where people do something: a cluster and an account, in memory or not. */
export interface Scene {
  readonly cluster: Pick<Cluster, 'create' | 'mergePatch' | 'remove'>
  readonly people: AwsSession
  readonly accountId: string
  readonly memory: Memory
  now(): Instant
  object(slot: Slot): Promise<KubeObject | undefined>
  things(): Promise<readonly Thing[]>
  /** Whether reads may still show that this AWS name is ours, though it is not any more. Absent: they never do. */
  readonly mayStillSeem?: (name: string) => boolean
}

const signal = new AbortController().signal
const USER = 'user'

/** Does what people do. Throws `Failure` where they are refused; then nothing has happened. */
export async function perform(deed: Deed, scene: Scene): Promise<void> {
  switch (deed.type) {
    case 'apply':
      return apply(deed.slot, deed.change, scene)
    case 'delete':
      return remove(deed.slot, scene)
    case 'annotate':
      return annotate(deed, scene)
    case 'console':
      return byHand(deed.slot, deed.deed, scene)
    case 'stranger':
      return stranger(deed.slot, scene)
    case 'lose-status':
      return loseStatus(deed.slot, scene)
    case 'spoil-status':
      return spoilStatus(deed.slot, scene)
  }
}

async function apply(slot: Slot, change: Partial<Wishes>, scene: Scene): Promise<void> {
  const { wishes } = scene.memory
  const wished = { ...(wishes.get(slot) ?? firstWishes(slot)), ...change }
  const spec = specOf(slot, wished)
  const found = await scene.object(slot)
  if (found === undefined || !(await changes(slot, found, { scene, spec }))) await create(slot, { scene, spec })
  wishes.set(slot, wished)
}

interface Applied {
  readonly scene: Scene
  readonly spec: object
}

/** False: it has gone meanwhile. */
async function changes(slot: Slot, found: KubeObject, { scene, spec }: Applied): Promise<boolean> {
  const body = mergePatchBetween({ spec: found.spec }, { spec })
  if (body === undefined) return true
  try {
    await scene.cluster.mergePatch(typeOf(slot), refOf(slot), { fieldManager: USER, body }, signal)
    return true
  } catch (error) {
    if (failureCodeFrom(error) !== 'not-found') throw error
    return false
  }
}

async function create(slot: Slot, { scene, spec }: Applied): Promise<void> {
  const { group, version, kind } = typeOf(slot)
  const object = { apiVersion: `${group}/${version}`, kind, metadata: refOf(slot), spec }
  await scene.cluster.create(typeOf(slot), object, USER, signal)
}

async function remove(slot: Slot, scene: Scene): Promise<void> {
  const { wishes, released } = scene.memory
  const found = await scene.object(slot)
  if (found === undefined) return
  const isRetained = found.metadata.annotations?.['longshore.dev/deletion-policy'] === 'Retain'
  if (isRetained) released.add(slot)
  if (isRetained) await keep(slot, scene)
  wishes.delete(slot)
  await scene.cluster.remove(typeOf(slot), refOf(slot), signal)
}

/** What is its own now has to stay, unless somebody changes their mind. */
async function keep(slot: Slot, scene: Scene): Promise<void> {
  const thing = await thingOf(slot, scene)
  if (thing?.tags['longshore.dev/name'] !== slot) return
  // What drains is going already.
  if (thing.type !== 'service' || thing.state.status === 'ACTIVE') scene.memory.kept.add(thing.arn)
}

async function annotate({ slot, name, value }: Deed & { readonly type: 'annotate' }, scene: Scene): Promise<void> {
  const { released, kept } = scene.memory
  if ((await scene.object(slot)) === undefined) return
  if (value === 'Retain') released.add(slot)
  else if (name === 'deletion-policy') kept.clear()
  const body = { metadata: { annotations: { [`longshore.dev/${name}`]: value } } }
  await scene.cluster.mergePatch(typeOf(slot), refOf(slot), { fieldManager: USER, body }, signal)
}

async function loseStatus(slot: Slot, scene: Scene): Promise<void> {
  if ((await scene.object(slot)) === undefined) return
  scene.memory.forgotten.add(slot)
  const patch = { fieldManager: USER, subresource: 'status', body: { status: null } } as const
  await scene.cluster.mergePatch(typeOf(slot), refOf(slot), patch, signal)
}

async function spoilStatus(slot: Slot, scene: Scene): Promise<void> {
  const found = await scene.object(slot)
  if (found === undefined) return
  const ready = { type: 'Ready', status: 'False', reason: 'AwsUnavailable', message: 'spoilt' } as const
  const lastTransitionTime = new Date(scene.now()).toISOString()
  const conditions = [{ ...ready, observedGeneration: found.metadata.generation, lastTransitionTime }]
  const patch = { fieldManager: 'longshore', subresource: 'status', body: { status: { conditions } } } as const
  await scene.cluster.mergePatch(typeOf(slot), refOf(slot), patch, signal)
}

async function byHand(slot: Slot, deed: 'change' | 'delete', scene: Scene): Promise<void> {
  const thing = await thingOf(slot, scene)
  if (thing?.tags['longshore.dev/installation'] !== INSTALLATION) return
  scene.memory.kept.delete(thing.arn)
  // Two may want it: it is changed away from what its owner wishes.
  const owner = SLOTS.find((candidate) => candidate === thing.tags['longshore.dev/name']) ?? slot
  await (deed === 'delete'
    ? deleteByHand(scene.people, thing)
    : changeByHand(scene.people, thing, scene.memory.wishes.get(owner)))
}

async function stranger(slot: Slot, scene: Scene): Promise<void> {
  const { wishes, foreign } = scene.memory
  if ((await thingOf(slot, scene)) !== undefined) return
  // AWS deletes by name: what looks like ours in every answer is deleted like ours, and nobody could help that.
  if (scene.mayStillSeem?.(awsName(slot)) === true) return
  await makeAsStranger(scene.people, slot, (wishes.get(slot) ?? firstWishes(slot)).cluster)
  const made = await thingOf(slot, scene)
  if (made !== undefined) foreign.set(made.arn, essenceOf(made))
}

async function thingOf(slot: Slot, scene: Scene): Promise<Thing | undefined> {
  const type = { r: 'repository', c: 'cluster', s: 'service' }[slot.charAt(0)]
  const isIt = (thing: Thing): boolean =>
    thing.type === type && thing.name === awsName(slot) && thing.accountId === scene.accountId
  return (await scene.things()).find(isIt)
}

function refOf(slot: Slot) {
  return { namespace: NAMESPACE, name: slot }
}
