import { setTimeout } from 'node:timers/promises'
import { generationOf, statusOf } from '../../src/reconciler/managed.ts'
import { nameOf, repositories } from './objects.ts'
import type { Stage } from './stage.ts'

export interface EditFigures {
  readonly objects: number
  readonly count: number
  readonly reachedPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
}

interface Load {
  readonly objects: number
  readonly edits: number
  readonly perSecond: number
}

/** Longest time that an edit may take to be seen before the run counts as failed. */
const PATIENCE_SECONDS = 120

/** What each object says of scanning, once it was edited. */
const scansOnPush = new Map<string, boolean>()

/** Edits objects in turn at a steady rate; measures from the moment it is sent until status shows its generation. */
export async function editSteadily(
  stage: Stage,
  namespace: string,
  { objects, edits, perSecond }: Load,
): Promise<EditFigures> {
  const waiting = new Map<string, { readonly generation: number; readonly at: number }>()
  const observed = new Map<string, { readonly generation: number; readonly at: number }>()
  const latencies: number[] = []
  // The answer to an edit and the news that it was seen may come in either order.
  const compare = (name: string): void => {
    const edited = waiting.get(name)
    const seen = observed.get(name)
    if (edited === undefined || seen === undefined || seen.generation < edited.generation) return
    latencies.push(seen.at - edited.at)
    waiting.delete(name)
  }
  const stop = new AbortController()
  const watching = watchGenerations(stage, namespace, stop.signal, (name, generation) => {
    if (generation > (observed.get(name)?.generation ?? 0)) observed.set(name, { generation, at: performance.now() })
    compare(name)
  })

  const startedAt = performance.now()
  for (let index = 0; index < edits; index++) {
    const lead = startedAt + (index * 1000) / perSecond - performance.now()
    if (lead > 0) await setTimeout(lead)
    const name = nameOf(index % objects)
    void edit(stage, namespace, name).then((edited) => {
      waiting.set(name, edited)
      compare(name)
    })
  }
  const reachedPerSecond = edits / ((performance.now() - startedAt) / 1000)
  await untilAllSeen(latencies, edits)
  stop.abort()
  await watching.catch(() => undefined)
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
  return {
    objects,
    count: edits,
    reachedPerSecond,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    longestMs: quantile(1),
  }
}

/** Sent at `at`; what the API server has made of it is `generation`. */
async function edit({ cluster, signal }: Stage, namespace: string, name: string) {
  const scanOnPush = !(scansOnPush.get(name) ?? true)
  scansOnPush.set(name, scanOnPush)
  const body = { spec: { imageScanningConfiguration: { scanOnPush } } }
  const at = performance.now()
  const edited = await cluster.mergePatch(repositories, { namespace, name }, { fieldManager: 'bench', body }, signal)
  return { at, generation: generationOf(edited) }
}

async function watchGenerations(
  { cluster }: Stage,
  namespace: string,
  signal: AbortSignal,
  seen: (name: string, observedGeneration: number) => void,
): Promise<void> {
  const { resourceVersion } = await cluster.list(repositories, { namespace, limit: 1 }, signal)
  const options = { namespace, resourceVersion, timeoutSeconds: 3600 }
  for await (const event of cluster.watch(repositories, options, signal)) {
    if (event.type !== 'BOOKMARK') seen(event.object.metadata.name, statusOf(event.object).observedGeneration ?? 0)
  }
}

async function untilAllSeen(latencies: readonly number[], edits: number): Promise<void> {
  const end = performance.now() + PATIENCE_SECONDS * 1000
  while (latencies.length < edits) {
    if (performance.now() > end) throw new Error(`only ${latencies.length} of ${edits} edits were seen`)
    await setTimeout(50)
  }
}
