import { Failure } from '../../../core/failure.ts'
import type { Observation } from '../../../core/plan.ts'
import type { KubeObject } from '../../../kube/cluster.ts'
import { memberOf, numberIn, stringIn } from '../../../core/json.ts'
import { resourceTypeOf } from '../../../reconciler/api.ts'
import type { InventoryEntry } from '../../../reconciler/inventory.ts'
import type { AnyKind, Reference } from '../../../reconciler/kind.ts'
import { statusOf } from '../../../reconciler/managed.ts'
import { parseSpec } from '../../../reconciler/spec.ts'
import type { World } from '../world/reach.ts'
import { gatherBlame, type GatheredBlame } from './blame/gather.ts'
import type { NamedObject } from './kind-names.ts'

/** What there is to know about one object. */
export interface Gathered {
  readonly kind: AnyKind
  readonly object: KubeObject
  readonly references: readonly (readonly [Reference, KubeObject | undefined])[]
  readonly owned: readonly (readonly [InventoryEntry, Observation<unknown>])[]
  /** Oldest first. */
  readonly events: readonly ToldEvent[]
  /** Undefined: nobody asked for it. */
  readonly blame: GatheredBlame | undefined
}

/** Where to look. */
interface Surroundings {
  readonly world: World
  readonly kinds: readonly AnyKind[]
  /** Whether to ask CloudTrail as well, which takes some seconds. */
  readonly asksForBlame: boolean
}

export interface ToldEvent {
  /** RFC 3339. */
  readonly at: string
  readonly type: string
  readonly reason: string
  readonly note: string
  readonly count: number
}

/** Reads the object, what it refers to, what AWS shows of what it owns, and its events. Throws `Failure`. */
export async function gather(
  { kind, name }: NamedObject,
  { world, kinds, asksForBlame }: Surroundings,
  signal: AbortSignal,
): Promise<Gathered> {
  const object = await readObject(world, kind, { namespace: world.namespace, name }, signal)
  if (object === undefined) {
    throw new Failure('not-found', 'explain', { message: `there is no ${kind.kind} ${world.namespace}/${name}` })
  }
  const [references, owned, events] = await Promise.all([
    readReferences({ kind, object, world, kinds }, signal),
    observeOwned({ kind, object, world }, signal),
    readEvents(world, object, signal),
  ])
  const blame = asksForBlame ? await gatherBlame({ kind, object, references }, { world, kinds }, signal) : undefined
  return { kind, object, references, owned, events, blame }
}

async function readObject(
  { cluster }: World,
  kind: AnyKind,
  ref: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return await cluster?.get(resourceTypeOf(kind), ref, signal)
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-found') return undefined
    throw error
  }
}

interface Looking {
  readonly kind: AnyKind
  readonly object: KubeObject
  readonly world: World
}

async function readReferences(
  { kind, object, world, kinds }: Looking & { readonly kinds: readonly AnyKind[] },
  signal: AbortSignal,
): Promise<Gathered['references']> {
  const parsed = parseSpec(kind, object.spec)
  const references = parsed.type === 'valid' ? (kind.references?.(parsed.spec) ?? []) : []
  return Promise.all(
    references.map(async (reference) => {
      const target = kinds.find((candidate) => candidate.kind === reference.kind)
      const ref = { namespace: reference.namespace ?? object.metadata.namespace ?? '', name: reference.name }
      return [reference, target && (await readObject(world, target, ref, signal))] as const
    }),
  )
}

/** One by one: what cannot be seen now must not hide the rest. */
async function observeOwned({ kind, object, world }: Looking, signal: AbortSignal): Promise<Gathered['owned']> {
  const { inventory = [] } = statusOf(object)
  return Promise.all(
    inventory.map(async (entry) => {
      try {
        return [entry, await observe({ kind, object, world }, entry, signal)] as const
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        return [entry, { type: 'unknown', code: error.code, message: error.message }] as const
      }
    }),
  )
}

async function observe(
  { kind, object, world }: Looking,
  entry: InventoryEntry,
  signal: AbortSignal,
): Promise<Observation<unknown>> {
  const resource = kind.resources.find(({ type }) => type === entry.type)
  if (resource === undefined) return { type: 'unknown', code: 'unexpected', message: `${entry.type} is not known here` }
  const { namespace = '', name } = object.metadata
  const { installationId = '' } = world
  const identity = { owner: { installationId, namespace, kind: kind.kind, name }, name: entry.name, key: entry.id }
  const scope = await world.scopeFor(signal)
  return resource.observe(identity, scope, signal)
}

const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event', namespaced: true } as const
const MOST_EVENTS = 10

async function readEvents(
  { cluster }: World,
  { kind, metadata }: KubeObject,
  signal: AbortSignal,
): Promise<readonly ToldEvent[]> {
  const { namespace, name } = metadata
  const fieldSelector = `regarding.kind=${kind},regarding.name=${name}`
  try {
    const items = (await cluster?.list(EVENTS, { namespace, fieldSelector }, signal))?.items ?? []
    const told = items.filter((item) => isAbout(item, kind, name)).map(toldFrom)
    return told.toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-MOST_EVENTS)
  } catch (error) {
    // Not everybody may read events, and the rest is worth telling without them.
    if (error instanceof Failure && error.code === 'denied') return []
    throw error
  }
}

function isAbout(event: KubeObject, kind: string, name: string): boolean {
  const regarding = memberOf(event, 'regarding')
  return stringIn(regarding, 'kind') === kind && stringIn(regarding, 'name') === name
}

function toldFrom(event: KubeObject): ToldEvent {
  const series = memberOf(event, 'series')
  const at = stringIn(series, 'lastObservedTime') ?? stringIn(event, 'eventTime') ?? event.metadata.creationTimestamp
  return {
    at: at ?? '',
    type: stringIn(event, 'type') ?? '',
    reason: stringIn(event, 'reason') ?? '',
    note: stringIn(event, 'note') ?? '',
    count: numberIn(series, 'count') ?? 1,
  }
}
