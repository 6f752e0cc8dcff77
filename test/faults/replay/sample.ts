import { fileURLToPath } from 'node:url'
import { startControlPlane } from '../../../tools/control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../../../tools/control-plane/kubectl.ts'
import { historyOf, type Finding } from '../explorer/explore.ts'
import { inWords } from '../explorer/step.ts'
import { replay } from './replay.ts'
import { openRoom } from './room.ts'

const CRDS = fileURLToPath(new URL('../../../crds', import.meta.url))

/** What came of one replay. `finding`: it went wrong. */
export interface Replayed {
  readonly seed: number
  readonly seconds: number
  readonly finding: Finding | undefined
}

/** Replays the schedules of these seeds, one after the other, on an API server of their own. */
export async function replaySeeds(seeds: readonly number[], tell: (replayed: Replayed) => void): Promise<void> {
  const controlPlane = await startControlPlane({ apiServerFlags: ['--watch-cache=false'] })
  try {
    await installCrds(createKubectl(controlPlane.kubeconfigPath), CRDS)
    await using room = await openRoom(controlPlane.kubeconfigPath, controlPlane.etcdSocketPath)
    for (const seed of seeds) {
      const startedAt = performance.now()
      const history = historyOf(seed)
      const problems = await replay(history, room).catch((error: Error) => [`the replay threw ${error.stack}`])
      const finding = { seed, problems, words: inWords(history), history: JSON.stringify(history) }
      const seconds = (performance.now() - startedAt) / 1000
      tell({ seed, seconds, finding: problems.length === 0 ? undefined : finding })
    }
  } finally {
    await controlPlane.stop()
  }
}

/** So many of `count` seeds from `first` on, evenly spread: the last of each part. */
export function sampleOf(first: number, count: number, most: number): readonly number[] {
  const replays = Math.min(most, count)
  return Array.from({ length: replays }, (_, index) => first - 1 + Math.floor(((index + 1) * count) / replays))
}
