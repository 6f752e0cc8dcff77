import type { Logger } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { Reflector, type ReflectorOptions } from '../kube/reflector.ts'
import { IndexedStore, type Change, type Indexes } from './indexed-store.ts'
import type { ObjectStore } from './store.ts'
import { trim } from './trim.ts'
import { Slices } from './turn.ts'

export interface InformerOptions extends Omit<ReflectorOptions, 'sink'> {
  readonly indexes?: Indexes
  /** Applied after trimming, to keep even less of each object. Its answer must be frozen. */
  readonly transform?: (object: KubeObject) => KubeObject
}

/** A change as handlers see it; `isInitial`: it was there already when the handler came. */
export type InformerChange = Change & { readonly isInitial: boolean }
export type ChangeHandler = (change: InformerChange) => void

/** A store that follows the API server, and those who want to hear of changes. */
export class Informer {
  readonly #reflector: Reflector
  readonly #store: IndexedStore
  readonly #handlers: ChangeHandler[] = []
  readonly #log: Logger
  readonly #slices: Slices
  readonly #whenSynced = Promise.withResolvers<void>()
  #hasSynced = false

  constructor({ indexes = {}, transform = (object) => object, ...options }: InformerOptions) {
    this.#store = new IndexedStore(indexes)
    this.#slices = new Slices(options.clock)
    this.#log = options.log.child({ resource: options.type.plural })
    this.#reflector = new Reflector({
      ...options,
      sink: {
        prepare: (object) => transform(trim(object)),
        replace: (objects) => this.#replace(objects),
        breathe: () => this.#slices.breathe(),
        apply: (type, object) => {
          this.#tell(type === 'DELETED' ? this.#store.remove(object) : this.#store.put(object), false)
        },
      },
    })
  }

  get store(): ObjectStore {
    return this.#store
  }

  /** Whether the first list is in the store and every handler has heard of it. */
  hasSynced(): boolean {
    return this.#hasSynced
  }

  /** How long the API server has said nothing; more than a few minutes: the store may be out of date. */
  silentSeconds(): number {
    return this.#reflector.silentSeconds()
  }

  /** Resolves once `hasSynced`. */
  get synced(): Promise<void> {
    return this.#whenSynced.promise
  }

  /** Who comes late hears first of what is there. Handlers must be quick and not wait for anything. */
  onChange(handler: ChangeHandler): void {
    this.#handlers.push(handler)
    for (const object of this.#store.list()) this.#call(handler, { type: 'added', object, isInitial: true })
  }

  /** Follows the API server until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#reflector.run(signal)
  }

  /** Complete at once for readers; everything else goes in slices, because there may be tens of thousands of objects. */
  async #replace(objects: readonly KubeObject[]): Promise<void> {
    const next = this.#store.emptyCopy()
    for (const object of objects) {
      next.put(object)
      await this.#slices.breathe()
    }
    for (const change of this.#store.become(next)) {
      this.#tell([change], !this.#hasSynced)
      await this.#slices.breathe()
    }
    this.#hasSynced = true
    this.#whenSynced.resolve()
  }

  #tell(changes: readonly Change[], isInitial: boolean): void {
    for (const change of changes) {
      for (const handler of this.#handlers) this.#call(handler, { ...change, isInitial })
    }
  }

  /** A handler with a bug must not keep the others from hearing, nor end the watch. */
  #call(handler: ChangeHandler, change: InformerChange): void {
    try {
      handler(change)
    } catch (error) {
      this.#log.error({ error, change: change.type, name: change.object.metadata.name }, 'change handler failed')
    }
  }
}
