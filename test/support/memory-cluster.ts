import { Failure } from '../../src/core/failure.ts'
import type {
  Cluster,
  KubeObject,
  ListOptions,
  MergePatch,
  ObjectRef,
  ResourceType,
  WatchEvent,
} from '../../src/kube/cluster.ts'
import { applyMergePatch } from '../../src/kube/patch.ts'
import { UNSEEN_GENERATION } from '../../src/reconciler/schema/common-status.ts'
import type { ObjectStore } from '../../src/runtime/store.ts'
import { keyOf } from '../../src/runtime/store.ts'

type Json = Record<string, unknown>

/** What our CRDs give an object that has no status. */
const UNSEEN_STATUS = { observedGeneration: UNSEEN_GENERATION }

/**
 * A Kubernetes API server in memory, as far as longshore uses one: versions, generations, the status subresource,
 * merge patches with preconditions, finalizers, watches. Everything it hands out is frozen.
 */
export interface MemoryCluster extends Cluster {
  /** A store that always shows the newest state. */
  storeOf(type: ResourceType): ObjectStore
  /** What a user does: create or replace the spec and metadata of an object, as `kubectl apply` would. */
  apply(type: ResourceType, object: Pick<KubeObject, 'metadata' | 'spec'>): KubeObject
  /** Forgets every version so far, as etcd does when it is compacted: no watch can begin there any more. */
  compact(): void
  /** Every write so far: `PATCH status demo/app`. */
  readonly writes: readonly string[]
  /** Every version of every object so far. */
  history(): readonly KubeObject[]
  /** Called before each write; may throw a `Failure`. */
  onWrite: (write: string) => void
  /** Called when an object has gone. */
  onGone: (object: KubeObject) => void
}

export function createMemoryCluster(now: () => number): MemoryCluster {
  const objects = new Map<string, Map<string, KubeObject>>()
  const histories = new Map<string, History>()
  const writes: string[] = []
  let version = 0
  let oldestVersion = 0

  const bucket = (type: ResourceType): Map<string, KubeObject> => {
    const found = objects.get(type.plural) ?? new Map<string, KubeObject>()
    objects.set(type.plural, found)
    return found
  }
  const read = (type: ResourceType, ref: ObjectRef): KubeObject => {
    const found = bucket(type).get(
      keyOf({ metadata: { name: ref.name, ...(ref.namespace && { namespace: ref.namespace }) } }),
    )
    if (found === undefined) throw new Failure('not-found', `GET ${type.plural}/${ref.name}`)
    return found
  }
  const historyOf = (type: ResourceType): History => {
    const found = histories.get(type.plural) ?? { events: [], next: Promise.withResolvers<void>() }
    histories.set(type.plural, found)
    return found
  }
  const emit = (type: ResourceType, event: Happened['event']): void => {
    const history = historyOf(type)
    history.events.push({ version, event })
    history.next.resolve()
    history.next = Promise.withResolvers()
  }
  const store = (type: ResourceType, object: KubeObject, event: 'ADDED' | 'MODIFIED'): KubeObject => {
    const status = object.status ?? UNSEEN_STATUS
    const stored = deepFreeze({
      ...object,
      status,
      metadata: { ...object.metadata, resourceVersion: String(++version) },
    })
    const isGone = stored.metadata.deletionTimestamp !== undefined && (stored.metadata.finalizers ?? []).length === 0
    if (isGone) bucket(type).delete(keyOf(stored))
    else bucket(type).set(keyOf(stored), stored)
    emit(type, { type: isGone ? 'DELETED' : event, object: stored })
    if (isGone) cluster.onGone(stored)
    return stored
  }
  const note = (cluster: MemoryCluster, verb: string, ref: ObjectRef): void => {
    const write = `${verb} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`
    cluster.onWrite(write)
    writes.push(write)
  }
  const create = (type: ResourceType, object: KubeObject): KubeObject => {
    if (bucket(type).has(keyOf(object))) throw new Failure('already-exists', `POST ${type.plural}`)
    const metadata = {
      ...object.metadata,
      uid: `uid-${version + 1}`,
      generation: 1,
      creationTimestamp: new Date(now()).toISOString(),
    }
    // Status has its own door.
    const { status: _, ...kept } = object
    return store(type, { ...kept, metadata }, 'ADDED')
  }
  const replaceWith = (type: ResourceType, before: KubeObject, after: KubeObject): KubeObject => {
    refuseNewFinalizers(before, after)
    const changed = JSON.stringify(before.spec) !== JSON.stringify(after.spec)
    const generation = (before.metadata.generation ?? 0) + (changed ? 1 : 0)
    return store(type, { ...after, metadata: { ...after.metadata, generation } }, 'MODIFIED')
  }

  const cluster: MemoryCluster = {
    writes,
    compact: () => {
      // Other things in a cluster have versions as well: whoever follows some is always a bit behind.
      version += 2
      oldestVersion = version
    },
    history: () => [...histories.values()].flatMap(({ events }) => events.map(({ event }) => event.object)),
    onWrite: () => undefined,
    onGone: () => undefined,
    storeOf: (type) => ({
      get: (key) => bucket(type).get(key),
      list: () => [...bucket(type).values()],
      byIndex: () => [],
    }),
    apply: (type, { metadata, spec }) => {
      const before = bucket(type).get(keyOf({ metadata }))
      const identity = { apiVersion: `${type.group}/${type.version}`, kind: type.kind }
      if (before === undefined) return create(type, { ...identity, metadata: metadata, spec })
      return replaceWith(type, before, {
        ...before,
        metadata: { ...before.metadata, ...metadata },
        spec,
      })
    },
    get: async (type, ref) => read(type, ref),
    list: async (type, options) => ({
      resourceVersion: String(version),
      items: [...bucket(type).values()].filter(isIn(options)),
    }),
    watch: (type, options, signal) => {
      const { sendInitialEvents: isInitial = false, resourceVersion } = options
      const initial = isInitial ? initialEvents([...bucket(type).values()].filter(isIn(options)), version) : []
      options.onOpen?.()
      const after = isInitial ? version : Number(resourceVersion)
      const isForgotten = after + 1 < oldestVersion
      return watchOf(historyOf(type), { accepts: isIn(options), initial, after, isForgotten, signal })
    },
    create: async (type, object) => {
      note(cluster, 'CREATE', object.metadata)
      return create(type, object)
    },
    replace: async (type, object) => {
      note(cluster, 'REPLACE', object.metadata)
      return replaceWith(type, precondition(read(type, object.metadata), object.metadata.resourceVersion), object)
    },
    mergePatch: async (type, ref, patch) => {
      note(cluster, patch.subresource === undefined ? 'PATCH' : `PATCH ${patch.subresource}`, ref)
      const before = precondition(read(type, ref), versionIn(patch))
      const after = patched(before, patch)
      return JSON.stringify(after) === JSON.stringify(before) ? before : replaceWith(type, before, after)
    },
    remove: async (type, ref) => {
      note(cluster, 'DELETE', ref)
      const before = read(type, ref)
      if (before.metadata.deletionTimestamp !== undefined) return
      // The API server counts the mark as a new generation.
      const generation = (before.metadata.generation ?? 0) + 1
      const deletionTimestamp = new Date(now()).toISOString()
      store(type, { ...before, metadata: { ...before.metadata, generation, deletionTimestamp } }, 'MODIFIED')
    },
  }
  return cluster
}

function patched(before: KubeObject, patch: MergePatch): KubeObject {
  const { metadata, spec, status } = patch.body
  if (patch.subresource === 'status') return { ...before, status: applyMergePatch(before.status ?? {}, status) }
  const { resourceVersion: _, ...meta } = (metadata ?? {}) as Json
  return {
    ...before,
    metadata: applyMergePatch(before.metadata, meta) as KubeObject['metadata'],
    ...(spec !== undefined && { spec: applyMergePatch(before.spec, spec) }),
  }
}

function versionIn({ body }: MergePatch): string | undefined {
  return (body['metadata'] as { readonly resourceVersion?: string } | undefined)?.resourceVersion
}

function precondition(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  if (resourceVersion === undefined || resourceVersion === object.metadata.resourceVersion) return object
  throw new Failure('conflict', `PATCH ${object.kind}/${object.metadata.name}`)
}

/** What is being deleted takes no new finalizer. */
function refuseNewFinalizers(before: KubeObject, after: KubeObject): void {
  if (before.metadata.deletionTimestamp === undefined) return
  const isNew = after.metadata.finalizers?.some((name) => !before.metadata.finalizers?.includes(name))
  if (isNew === true) throw new Failure('invalid', `PATCH ${after.kind}/${after.metadata.name}`)
}

function isIn({ namespace }: ListOptions): (object: KubeObject) => boolean {
  return ({ metadata }) => namespace === undefined || metadata.namespace === namespace
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

/** What happened to the objects of one type, for watches that begin in the past. */
interface History {
  readonly events: Happened[]
  /** Resolves at the next event. */
  next: PromiseWithResolvers<void>
}

interface Happened {
  readonly version: number
  readonly event: WatchEvent & { readonly object: KubeObject }
}

function initialEvents(objects: readonly KubeObject[], version: number): readonly WatchEvent[] {
  const added = objects.map((object) => ({ type: 'ADDED', object }) as const)
  return [...added, { type: 'BOOKMARK', resourceVersion: String(version), initialEventsEnd: true }]
}

interface WatchInput {
  readonly accepts: (object: KubeObject) => boolean
  readonly initial: readonly WatchEvent[]
  readonly after: number
  /** Whether what comes after that version is not known any more. */
  readonly isForgotten: boolean
  readonly signal: AbortSignal
}

async function* watchOf(history: History, input: WatchInput): AsyncIterable<WatchEvent> {
  const { accepts, initial, after, signal } = input
  if (input.isForgotten) throw new Failure('expired', 'WATCH')
  yield* initial
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  let place = history.events.findIndex(({ version }) => version > after)
  if (place === -1) place = history.events.length
  while (!signal.aborted) {
    const { next } = history
    for (; place < history.events.length; place++) {
      const event = history.events[place]?.event
      if (event !== undefined && accepts(event.object)) yield event
    }
    await Promise.race([next.promise, stopped])
  }
}
