import { Failure } from '../../src/core/failure.ts'
import type { Cluster, KubeObject, ObjectList, ResourceType, WatchEvent, WatchOptions } from '../../src/kube/cluster.ts'

export const WIDGETS: ResourceType = {
  group: 'test.longshore.dev',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
}

export function widget(name: string, version: number, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  const metadata = { namespace: 'demo', name, uid: `uid-${name}`, resourceVersion: String(version), ...more }
  return { apiVersion: 'test.longshore.dev/v1', kind: 'Widget', metadata }
}

export interface OpenWatch {
  readonly options: WatchOptions
  /** Sends an event. */
  send(event: WatchEvent): void
  /** Ends the watch, as the server does when its time is over. */
  end(): void
  fail(error: Error): void
  /** Whether the client has gone. */
  isCut(): boolean
}

/** Lists and watches whose every answer is given by the test. */
export interface ScriptedCluster extends Pick<Cluster, 'list' | 'watch'> {
  /** What the next lists answer, or fail with; the last stays. */
  readonly lists: (ObjectList | Error)[]
  readonly listed: Parameters<Cluster['list']>[1][]
  /** Every watch so far, the newest last. */
  readonly watches: OpenWatch[]
  /** Fails the next watches before they begin. */
  readonly refusals: Error[]
  /** Whether it streams lists, as newer API servers do; false at first. */
  streamsLists: boolean
}

export function createScriptedCluster(...lists: (ObjectList | Error)[]): ScriptedCluster {
  const scripted: ScriptedCluster = {
    lists,
    listed: [],
    watches: [],
    refusals: [],
    streamsLists: false,
    list: async (_type, options) => {
      scripted.listed.push(options)
      const answer = lists.length > 1 ? lists.shift() : lists[0]
      if (answer === undefined) throw new Error('the script has no list')
      if (answer instanceof Error) throw answer
      return answer
    },
    watch: (_type, options, signal) => {
      if (options.sendInitialEvents === true && !scripted.streamsLists) throw new Failure('invalid', 'WATCH')
      const refusal = scripted.refusals.shift()
      const { watch, events } = openWatch(options, signal)
      scripted.watches.push(watch)
      if (refusal === undefined) options.onOpen?.()
      else watch.fail(refusal)
      return events
    },
  }
  return scripted
}

function openWatch(
  options: OpenWatch['options'],
  signal: AbortSignal,
): { readonly watch: OpenWatch; readonly events: AsyncIterable<WatchEvent> } {
  const waiting: (() => WatchEvent | undefined)[] = []
  let wake = (): void => {}

  function put(next: () => WatchEvent | undefined): void {
    waiting.push(next)
    wake()
  }
  signal.addEventListener('abort', () => {
    wake()
  })

  async function* events(): AsyncGenerator<WatchEvent, void, void> {
    for (;;) {
      // As the transport has it: to it, any signal from outside is somebody's wish.
      if (signal.aborted) throw new Failure('aborted', 'WATCH', { cause: signal.reason })
      const event = waiting.shift()
      if (event === undefined) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      const next = event()
      if (next === undefined) return
      yield next
    }
  }

  const watch: OpenWatch = {
    options,
    send: (event) => {
      put(() => event)
    },
    end: () => {
      put(() => undefined)
    },
    fail: (error) => {
      put(() => {
        throw error
      })
    },
    isCut: () => signal.aborted,
  }
  return { watch, events: events() }
}
