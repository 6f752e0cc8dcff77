import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { InputProblem } from './input-problem.ts'
import { readInput } from './input-parts.ts'

async function* stream(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

test('files and standard input come one after the other, each under its number', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-parts-'))
  context.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'large')
  const large = 'x'.repeat(600_000)
  await writeFile(path, large)

  const texts = ['', '', '']
  for await (const { source, bytes } of readInput([path, '-', path], () =>
    stream(Buffer.from('in'), Buffer.from('put')),
  )) {
    texts[source] += Buffer.from(bytes).toString()
    // What the thread would do to it.
    structuredClone(bytes, { transfer: [bytes.buffer] })
  }

  assert.deepEqual(texts, [large, 'input', large])
})

test('what shares its memory with others stays with them when a part moves', async () => {
  const shared = Buffer.from('one two')

  for await (const { bytes } of readInput(['-'], () => stream(shared.subarray(0, 3)))) {
    structuredClone(bytes, { transfer: [bytes.buffer] })
  }

  assert.equal(shared.toString(), 'one two')
})

test('what cannot be read is named', async () => {
  const sentence = `${tmpdir()} cannot be read: EISDIR: illegal operation on a directory, read`

  await assert.rejects(readInput([tmpdir()], () => stream()).next(), new InputProblem(sentence))
})
