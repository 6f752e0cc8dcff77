import type { KubeObject } from '../kube/cluster.ts'
import { keyOf, type ObjectStore } from './store.ts'

/** Names of index and function: the values under which an object can be found. */
export type Indexes = Readonly<Record<string, (object: KubeObject) => readonly string[]>>

export type Change =
  | { readonly type: 'added'; readonly object: KubeObject }
  | { readonly type: 'changed'; readonly object: KubeObject; readonly previous: KubeObject }
  /** `object` is the last state that was seen. */
  | { readonly type: 'deleted'; readonly object: KubeObject }

/** Objects by key and by index. Every change is complete before it is told. */
export class IndexedStore implements ObjectStore {
  readonly #indexes: Indexes
  #objects = new Map<string, KubeObject>()
  /** By index and value: keys. Kept beside the objects, never built for a query. */
  #keys = new Map<string, Map<string, Set<string>>>()

  constructor(indexes: Indexes) {
    this.#indexes = indexes
    this.#keys = this.#emptyIndexes()
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key)
  }

  list(): readonly KubeObject[] {
    return [...this.#objects.values()]
  }

  byIndex(index: string, value: string): readonly KubeObject[] {
    const keys = this.#keys.get(index)
    if (keys === undefined) throw new Error(`the store has no index ${index}`)
    return [...(keys.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? [])
  }

  put(object: KubeObject): readonly Change[] {
    const key = keyOf(object)
    const previous = this.#objects.get(key)
    this.#drop(key, previous)
    this.#add(key, object)
    return changesBetween(previous, object)
  }

  remove(object: KubeObject): readonly Change[] {
    const key = keyOf(object)
    const previous = this.#objects.get(key)
    if (previous === undefined) return []
    this.#drop(key, previous)
    return [{ type: 'deleted', object }]
  }

  /** An empty store with the same indexes: to be filled, in whatever time that takes, before it replaces this one's content. */
  emptyCopy(): IndexedStore {
    return new IndexedStore(this.#indexes)
  }

  /** Takes over the content of `next`, at once; answers, one by one, what is different. `next` must not be used any more. */
  become(next: IndexedStore): Iterable<Change> {
    const before = this.#objects
    this.#objects = next.#objects
    this.#keys = next.#keys
    return differences(before, this.#objects)
  }

  #emptyIndexes(): Map<string, Map<string, Set<string>>> {
    return new Map(Object.keys(this.#indexes).map((index) => [index, new Map()]))
  }

  #add(key: string, object: KubeObject): void {
    this.#objects.set(key, object)
    for (const [index, valuesOf] of Object.entries(this.#indexes)) {
      for (const value of valuesOf(object)) keysUnder(this.#keys.get(index), value).add(key)
    }
  }

  #drop(key: string, object: KubeObject | undefined): void {
    if (object === undefined) return
    this.#objects.delete(key)
    for (const [index, valuesOf] of Object.entries(this.#indexes)) {
      for (const value of valuesOf(object)) forget(this.#keys.get(index), value, key)
    }
  }
}

function* differences(
  before: ReadonlyMap<string, KubeObject>,
  after: ReadonlyMap<string, KubeObject>,
): Generator<Change, void, void> {
  for (const [key, object] of before) if (!after.has(key)) yield { type: 'deleted', object }
  for (const [key, object] of after) yield* changesBetween(before.get(key), object)
}

function changesBetween(previous: KubeObject | undefined, object: KubeObject): readonly Change[] {
  if (previous === undefined) return [{ type: 'added', object }]
  // Deleted and made again under the same name while nobody looked.
  if (previous.metadata.uid !== object.metadata.uid) {
    return [
      { type: 'deleted', object: previous },
      { type: 'added', object },
    ]
  }
  const isSame = previous.metadata.resourceVersion === object.metadata.resourceVersion
  return isSame ? [] : [{ type: 'changed', object, previous }]
}

function keysUnder(index: Map<string, Set<string>> | undefined, value: string): Set<string> {
  const keys = index?.get(value) ?? new Set<string>()
  index?.set(value, keys)
  return keys
}

function forget(index: Map<string, Set<string>> | undefined, value: string, key: string): void {
  const keys = index?.get(value)
  keys?.delete(key)
  if (keys?.size === 0) index?.delete(value)
}
