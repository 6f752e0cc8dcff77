import type { KubeObject, WatchEvent } from './cluster.ts'

/** Everything there was at a version. */
export interface Snapshot {
  readonly resourceVersion: string
  readonly objects: readonly KubeObject[]
}

/** Gathers the beginning of a streaming list until the server says that it is complete. */
export class InitialEvents {
  readonly #prepare: (object: KubeObject) => KubeObject
  readonly #objects = new Map<string, KubeObject>()

  constructor(prepare: (object: KubeObject) => KubeObject) {
    this.#prepare = prepare
  }

  /** The snapshot, once it is complete. Changes may come in between: the list is as of its end. */
  take(event: WatchEvent): Snapshot | undefined {
    if (event.type === 'BOOKMARK') return event.initialEventsEnd ? this.#snapshot(event.resourceVersion) : undefined
    const { namespace = '', name } = event.object.metadata
    if (event.type === 'DELETED') this.#objects.delete(`${namespace}/${name}`)
    else this.#objects.set(`${namespace}/${name}`, this.#prepare(event.object))
    return undefined
  }

  /** The watch goes on for minutes and holds on to this; what changes meanwhile must not stay in memory twice. */
  #snapshot(resourceVersion: string): Snapshot {
    const objects = [...this.#objects.values()]
    this.#objects.clear()
    return { resourceVersion, objects }
  }
}
