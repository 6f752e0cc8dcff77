import { failureCodeFrom } from '../core/failure.ts'
import type { Cluster, KubeObject, ListOptions, ResourceType } from './cluster.ts'
import type { Snapshot } from './initial-events.ts'

/** As in client-go: large enough to be quick, small enough to be parsed between two turns of the event loop. */
const PAGE_SIZE = 500

export interface PagesOptions {
  readonly cluster: Pick<Cluster, 'list'>
  readonly type: ResourceType
  readonly selection?: ListOptions
  /** Makes an object small, as soon as it arrives. */
  readonly prepare: (object: KubeObject) => KubeObject
}

/** Lists in pages: what every API server can do. Never from a cache of the server, which might go back in time. */
export class Pages {
  readonly #options: PagesOptions
  /** The server turned a page too late for its own token: next time everything at once. */
  #mayPage = true

  constructor(options: PagesOptions) {
    this.#options = options
  }

  /** Everything there is. Throws `Failure`. */
  async read(signal: AbortSignal): Promise<Snapshot> {
    const { cluster, type, selection, prepare } = this.#options
    const objects: KubeObject[] = []
    let page = await cluster.list(type, { ...selection, ...(this.#mayPage && { limit: PAGE_SIZE }) }, signal)
    for (;;) {
      for (const item of page.items) objects.push(prepare(item))
      if (page.continue === undefined) break
      page = await this.#next(page.continue, signal)
    }
    this.#mayPage = true
    return { resourceVersion: page.resourceVersion, objects }
  }

  async #next(token: string, signal: AbortSignal): ReturnType<Cluster['list']> {
    const { cluster, type, selection } = this.#options
    try {
      return await cluster.list(type, { ...selection, limit: PAGE_SIZE, continue: token }, signal)
    } catch (error) {
      if (failureCodeFrom(error) === 'expired') this.#mayPage = false
      throw error
    }
  }
}
