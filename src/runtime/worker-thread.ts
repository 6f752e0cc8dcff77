import { Worker } from 'node:worker_threads'
import type { FromWorker, InputPart, ToWorker, WorkerResult } from './worker-messages.ts'

/** Work for a thread of its own: long decisions must not hold up leases, watches and probes. */
export interface WorkerJob {
  /** The module that the thread begins with: the program's own entry, which calls `serveWorker` there. */
  readonly entry: URL
  /** Which of the tasks that are served there. */
  readonly task: string
  /** Copied to the thread, so something small. */
  readonly parameters: unknown
  /** Read only as fast as the thread takes it; the bytes move there and are gone here. */
  readonly input: AsyncIterable<InputPart>
  readonly onProgress?: (progress: unknown) => void
}

/** Parts that are on their way: enough to keep the thread busy, too few to pile up. */
const MOST_PARTS_AHEAD = 4

/**
 * Runs a task in a thread and answers what it made. Rejects with what the input or the task threw, and at once with the
 * signal's reason when that fires: the thread ends wherever it is.
 */
export async function runInWorker(job: WorkerJob, signal: AbortSignal): Promise<WorkerResult> {
  signal.throwIfAborted()
  const { entry, task, parameters } = job
  const worker = new Worker(entry, { workerData: { task, parameters } })
  const { promise: failure, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    reject(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  worker.once('error', reject)
  worker.once('exit', (code) => {
    reject(new Error(`the thread for ${task} ended with ${code}`))
  })
  const turns = createTurns(MOST_PARTS_AHEAD)
  try {
    return await Promise.race([failure, converse(worker, job, turns)])
  } finally {
    signal.removeEventListener('abort', onAbort)
    turns.end()
    await worker.terminate()
  }
}

/** Feeds the thread while it asks for more; resolves with its result, which may come before all of the input is read. */
async function converse(worker: Worker, { input, onProgress }: WorkerJob, turns: Turns): Promise<WorkerResult> {
  const { promise: result, resolve } = Promise.withResolvers<WorkerResult>()
  worker.on('message', (message: FromWorker) => {
    switch (message.type) {
      case 'taken':
        turns.giveBack()
        break
      case 'progress':
        onProgress?.(message.progress)
        break
      case 'result':
        resolve(message.result)
    }
  })
  const fed = feed(worker, input, turns)
  await Promise.race([result, fed])
  return result
}

async function feed(worker: Worker, input: AsyncIterable<InputPart>, turns: Turns): Promise<void> {
  for await (const { source, bytes } of input) {
    // Leaving the loop closes what the input is read from.
    if (!(await turns.take())) return
    post(worker, { type: 'part', part: { source, bytes } }, [bytes.buffer])
  }
  post(worker, { type: 'end' }, [])
}

function post(worker: Worker, message: ToWorker, moved: ArrayBuffer[]): void {
  worker.postMessage(message, moved)
}

interface Turns {
  /** False: there will be no more. */
  readonly take: () => Promise<boolean>
  readonly giveBack: () => void
  readonly end: () => void
}

/** So many at a time; whoever comes then waits. */
function createTurns(count: number): Turns {
  const waiting: ((isTurn: boolean) => void)[] = []
  let free = count
  let isOver = false
  return {
    take: () => {
      if (isOver || free > 0) {
        free -= 1
        return Promise.resolve(!isOver)
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    giveBack: () => {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next(true)
    },
    end: () => {
      isOver = true
      for (const refuse of waiting) refuse(false)
    },
  }
}
