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
import type { ObjectStore } from '../../src/runtime/store.ts'
import { keyOf } from '../../src/runtime/store.ts'

type Json = Record<string, unknown>
type Listener = (event: WatchEvent) => void

/**
 * A Kubernetes API server in memory, as far as longshore uses one: versions, generations, the status subresource,
 * merge patches with preconditions, finalizers, watches. Everything it hands out is frozen.
 */
export interface MemoryCluster extends Cluster {
  /** A store that always shows the newest state. */
  storeOf(type: ResourceType): ObjectStore
  /** What a user does: create or replace the spec and metadata of an object, as `kubectl apply` would. */
  apply(type: ResourceType, object: Pick<KubeObject, 'metadata' | 'spec'>): KubeObject
  /** Every write so far: `PATCH status demo/app`. */
  readonly writes: readonly string[]
  /** Called before each write; may throw a `Failure`. */
  onWrite: (write: string) => void
}

export function createMemoryCluster(now: () => number): MemoryCluster {
  const objects = new Map<string, Map<string, KubeObject>>()
  const listeners = new Map<string, Set<Listener>>()
  const writes: string[] = []
  let version = 0

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
  const emit = (type: ResourceType, event: WatchEvent): void => {
    for (const listener of listeners.get(type.plural) ?? []) listener(event)
  }
  const store = (type: ResourceType, object: KubeObject, event: 'ADDED' | 'MODIFIED'): KubeObject => {
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } })
    const isGone = stored.metadata.deletionTimestamp !== undefined && (stored.metadata.finalizers ?? []).length === 0
    if (isGone) bucket(type).delete(keyOf(stored))
    else bucket(type).set(keyOf(stored), stored)
    emit(type, { type: isGone ? 'DELETED' : event, object: stored })
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
    return store(type, { ...object, metadata }, 'ADDED')
  }
  const replaceWith = (type: ResourceType, before: KubeObject, after: KubeObject): KubeObject => {
    const changed = JSON.stringify(before.spec) !== JSON.stringify(after.spec)
    const generation = (before.metadata.generation ?? 0) + (changed ? 1 : 0)
    return store(type, { ...after, metadata: { ...after.metadata, generation } }, 'MODIFIED')
  }

  const cluster: MemoryCluster = {
    writes,
    onWrite: () => undefined,
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
    watch: (type, options, signal) => watchOf(listeners, type, { isIn: isIn(options), signal }),
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
      store(
        type,
        { ...before, metadata: { ...before.metadata, deletionTimestamp: new Date(now()).toISOString() } },
        'MODIFIED',
      )
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

function isIn({ namespace }: ListOptions): (object: KubeObject) => boolean {
  return ({ metadata }) => namespace === undefined || metadata.namespace === namespace
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

async function* watchOf(
  listeners: Map<string, Set<Listener>>,
  type: ResourceType,
  { isIn: accepts, signal }: { readonly isIn: (object: KubeObject) => boolean; readonly signal: AbortSignal },
): AsyncIterable<WatchEvent> {
  const queue: WatchEvent[] = []
  let wake = Promise.withResolvers<void>()
  const listener: Listener = (event) => {
    if (event.type === 'BOOKMARK' || accepts(event.object)) queue.push(event)
    wake.resolve()
  }
  const own = listeners.get(type.plural) ?? new Set()
  listeners.set(type.plural, own.add(listener))
  signal.addEventListener('abort', () => wake.resolve())
  try {
    while (!signal.aborted) {
      yield* queue.splice(0)
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
  } finally {
    own.delete(listener)
  }
}
