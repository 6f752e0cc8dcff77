import { setInterval } from 'node:timers/promises'
import { leadingPod, operatorPods, workingSets } from '../../test/support/kind/operators.ts'
import type { KindStage } from '../../test/support/kind/stage.ts'
import { createObjects, untilAllReady } from '../scale/objects.ts'
import { type ClusterBench, NAMESPACE } from './stage.ts'

/** What so many objects cost. */
export interface FullFigures {
  readonly createdSeconds: number
  /** From the first create until the last object is Ready. */
  readonly readySeconds: number
  readonly leaderMib: number
  readonly standbyMib: number
  /** Containers that the kernel killed. */
  readonly outOfMemory: number
}

/** As often as kubelet looks. */
const SAMPLE_MILLISECONDS = 10_000

/** Creates so many objects and waits until all are Ready. */
export async function fillCluster(bench: ClusterBench, count: number): Promise<FullFigures> {
  const { stage } = bench
  const leader = await leadingPod(stage)
  const stop = new AbortController()
  const sampling = sampleMemory(stage, stop.signal)
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000

  await createObjects(bench, NAMESPACE, count)
  const createdSeconds = seconds()
  await untilAllReady(bench, NAMESPACE, count)
  const readySeconds = seconds()

  stop.abort()
  const most = await sampling
  const others = [...most].filter(([name]) => name !== leader.name).map(([, mib]) => mib)
  const ends = (await operatorPods(stage)).map(({ lastEnd }) => lastEnd)
  return {
    createdSeconds,
    readySeconds,
    leaderMib: most.get(leader.name) ?? NaN,
    standbyMib: Math.max(...others),
    outOfMemory: ends.filter((end) => end === 'OOMKilled').length,
  }
}

/** The most of each pod, once more at the end. */
async function sampleMemory(stage: KindStage, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const most = new Map<string, number>()
  const look = async (): Promise<void> => {
    for (const [name, mib] of await workingSets(stage)) most.set(name, Math.max(mib, most.get(name) ?? 0))
  }
  try {
    for await (const _ of setInterval(SAMPLE_MILLISECONDS, undefined, { signal })) await look()
  } catch {
    // The signal ends it.
  }
  await look()
  return most
}
