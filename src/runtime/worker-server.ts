import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { FromWorker, InputPart, ToWorker, WorkerResult } from './worker-messages.ts'

/** Something that a thread can do. What it throws ends the thread and reaches whoever started it. */
export type WorkerTask = (
  parameters: unknown,
  input: AsyncIterable<InputPart>,
  report: (progress: unknown) => void,
) => Promise<WorkerResult>

interface WorkerOrder {
  readonly task: string
  readonly parameters: unknown
}

/** Does, inside a thread, what `runInWorker` asks for. */
export async function serveWorker(tasks: Readonly<Record<string, WorkerTask>>): Promise<void> {
  const { task, parameters }: WorkerOrder = workerData
  const run = tasks[task]
  if (parentPort === null || run === undefined) throw new Error(`there is no thread to do ${task}`)

  const port = parentPort
  const say = (message: FromWorker, moved: ArrayBuffer[] = []): void => {
    port.postMessage(message, moved)
  }
  const result = await run(parameters, inputFrom(port, say), (progress) => {
    say({ type: 'progress', progress })
  })
  // The thread stays until whoever started it has the result and ends it: its end must not overtake what it said.
  say({ type: 'result', result }, [result.bytes.buffer])
}

/** The parts in their order. Whoever stops reading stops the flow, too. */
async function* inputFrom(port: MessagePort, say: (message: FromWorker) => void): AsyncGenerator<InputPart> {
  const arrived: ToWorker[] = []
  let wake = (): void => {}
  port.on('message', (message: ToWorker) => {
    arrived.push(message)
    wake()
  })
  for (;;) {
    const message = arrived.shift()
    if (message === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    if (message.type === 'end') return
    yield message.part
    say({ type: 'taken' })
  }
}
