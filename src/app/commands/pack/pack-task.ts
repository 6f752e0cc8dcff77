import { Buffer } from 'node:buffer'
import type { InputPart, WorkerResult } from '../../../runtime/worker-messages.ts'
import type { WorkerTask } from '../../../runtime/worker-server.ts'
import { decide, type Decision } from './decide.ts'
import { InputProblem } from './input-problem.ts'
import type { PackAnswer, PackOrder, PackProgress, PackSource } from './pack-order.ts'
import { createProblemReader, type ReadProblem } from './problem-reader.ts'
import { rendered } from './render.ts'
import { systemTools } from './system-tools.ts'
import { createTextReader } from './text-documents.ts'

/** `longshore pack` inside its thread: reads, decides and renders; only bytes and a few words go to and fro. */
export const packTask: WorkerTask = async (parameters, input, report) => {
  // What runInWorker was given: nobody else starts this task.
  const order = parameters as PackOrder
  const onProgress: (progress: PackProgress) => void = report
  try {
    const read = await readProblem(input, order.sources, onProgress)
    const decision = decideOn({ ...read, settings: { ...read.settings, ...order.settings } }, onProgress)
    return answer({ type: 'packed', notes: decision.notes }, rendered(decision, order.view))
  } catch (error) {
    if (error instanceof InputProblem) return answer({ type: 'refused', sentence: error.message }, '')
    throw error
  }
}

function decideOn(problem: ReadProblem, onProgress: (progress: PackProgress) => void): Decision {
  const pods = problem.problem.pods.length
  onProgress({ type: 'packing', pods, rounds: 0, elapsedMs: 0 })
  return decide(problem, {
    ...systemTools,
    onRound: (standing) => {
      onProgress({ type: 'packing', pods, ...standing })
    },
  })
}

const MEGABYTE = 1e6

async function readProblem(
  input: AsyncIterable<InputPart>,
  sources: readonly PackSource[],
  onProgress: (progress: PackProgress) => void,
): Promise<ReadProblem> {
  const problem = createProblemReader()
  const readers = sources.map(({ expected }) => createTextReader(problem, expected))
  let bytesRead = 0
  for await (const { source, bytes } of input) {
    named(sources[source], () => readers[source]?.push(bytes))
    bytesRead += bytes.length
    onProgress({ type: 'reading', megabytes: bytesRead / MEGABYTE })
  }
  for (const [index, reader] of readers.entries()) {
    named(sources[index], () => {
      reader.finish()
    })
  }
  return problem.finish()
}

/** Says in which of the inputs a problem is. */
function named(source: PackSource | undefined, read: () => void): void {
  try {
    read()
  } catch (error) {
    throw error instanceof InputProblem ? new InputProblem(`${source?.name}: ${error.message}`) : error
  }
}

function answer(value: PackAnswer, text: string): WorkerResult {
  // A copy: small buffers are parts of one that Node shares among many.
  return { value, bytes: new Uint8Array(Buffer.from(text)) }
}
