import { open } from 'node:fs/promises'
import { InputProblem } from './input-problem.ts'
import type { InputPart } from '../../../runtime/worker-messages.ts'

/** As much as a thread gets at once. */
const PART_BYTES = 256 * 1024

/** Files (`-`: standard input) in parts, one after the other. Throws an `InputProblem` for what cannot be read. */
export async function* readInput(
  names: readonly string[],
  standardInput: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<InputPart> {
  for (const [source, name] of names.entries()) {
    const parts = name === '-' ? copiesOf(standardInput()) : readFileParts(name)
    try {
      for await (const bytes of parts) yield { source, bytes }
    } catch (error) {
      throw unreadable(name, error)
    }
  }
}

/** Node's own sentence does not always name the file. */
function unreadable(name: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error
    ? new InputProblem(`${name} cannot be read: ${error.message}`)
    : error
}

async function* readFileParts(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  await using file = await open(path)
  for (;;) {
    // A new one for each: the bytes move away.
    const { bytesRead, buffer } = await file.read(new Uint8Array(PART_BYTES), 0, PART_BYTES)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** What a stream gives may share its memory with other things, and that must not move. */
async function* copiesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const bytes of stream) yield Uint8Array.from(bytes)
}
