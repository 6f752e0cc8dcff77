import { Worker } from 'node:worker_threads'
import type { Finding } from './explore.ts'

/** Seeds for one thread: every `stride`-th from `first` to `last`. */
export interface Task {
  readonly first: number
  readonly last: number
  readonly stride: number
  /** How many smaller histories are tried for each that goes wrong. */
  readonly mostShrinks: number
  /** The fact of a defect to put into the operator; absent: it is as it is. */
  readonly defect?: string
  /** Whether the first finding is enough. */
  readonly untilFound: boolean
}

/** A thread is through with this seed. */
export interface Progress {
  readonly seed: number
  readonly finding: Finding | undefined
}

/** Explores in a thread of its own, which loads its own operator. Rejects when the thread cannot go on. */
export function exploreInThread(task: Task, tell: (progress: Progress) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: task })
  worker.on('message', tell)
  worker.on('error', reject)
  worker.on('exit', () => resolve())
  return promise
}
