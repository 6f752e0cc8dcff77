import { Buffer } from 'node:buffer'
import { runInWorker } from '../../../runtime/worker-thread.ts'
import { InputProblem } from './input-problem.ts'
import type { InputPart } from '../../../runtime/worker-messages.ts'
import type { PackAnswer, PackOrder, PackProgress } from './pack-order.ts'
import type { PlanDocument } from './plan-document.ts'
import { problemParts } from './problem-parts.ts'

/** How a thread is reached, and who hears how far it is. */
export interface PackThread {
  /** The program's entry. */
  readonly entry: URL
  readonly onProgress?: (progress: PackProgress) => void
}

/** A rendered plan, and sentences about what may be a slip in the input. */
export interface PackedText {
  readonly text: string
  readonly notes: readonly string[]
}

/**
 * Packs in a thread what comes in parts; answers the rendered plan. Throws an `InputProblem`, what the input throws, or
 * the signal's reason, at once.
 */
export async function packParts(
  order: PackOrder,
  input: AsyncIterable<InputPart>,
  { entry, onProgress }: PackThread,
  signal: AbortSignal,
): Promise<PackedText> {
  const job = {
    entry,
    task: 'pack',
    parameters: order,
    input,
    onProgress: (progress: unknown) => onProgress?.(progress as PackProgress),
  }
  const { value, bytes } = await runInWorker(job, signal)
  const answer = value as PackAnswer
  if (answer.type === 'refused') throw new InputProblem(answer.sentence)
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), notes: answer.notes }
}

/** `packDocument` in a thread: the caller's event loop goes on meanwhile. */
export async function packInWorker(
  problem: Readonly<Record<string, unknown>>,
  thread: PackThread,
  signal: AbortSignal,
): Promise<PlanDocument> {
  const order: PackOrder = {
    sources: [{ name: 'the problem', expected: undefined }],
    settings: {},
    view: { format: 'json' },
  }
  const { text } = await packParts(order, problemParts(problem), thread, signal)
  const document: PlanDocument = JSON.parse(text)
  return document
}
