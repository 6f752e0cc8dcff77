import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InputPart } from './worker-messages.ts'
import { runInWorker, type WorkerJob } from './worker-thread.ts'

const entry = new URL('../../test/support/worker-entry.ts', import.meta.url)
const never = new AbortController().signal

async function* inputOf(parts: readonly InputPart[]): AsyncGenerator<InputPart> {
  yield* parts
}

function part(source: number, length: number): InputPart {
  return { source, bytes: new Uint8Array(length) }
}

function jobFor(task: string, rest: Partial<WorkerJob> = {}): WorkerJob {
  return { entry, task, parameters: { name: 'x' }, input: inputOf([]), ...rest }
}

describe('a thread', () => {
  test('gets its input in order, by moving it, and answers', async () => {
    const parts = Array.from({ length: 12 }, (_, index) => part(index % 2, index + 1))

    const { value, bytes } = await runInWorker(jobFor('count', { input: inputOf(parts) }), never)

    const expected = Array.from({ length: 12 }, (_, index) => [index % 2, index + 1])
    assert.deepEqual(value, { parameters: { name: 'x' }, parts: expected })
    assert.deepEqual([...bytes], [1, 2, 3])
    assert.deepEqual(
      parts.map(({ bytes: moved }) => moved.length),
      parts.map(() => 0),
    )
  })

  for (const { fact, job, message } of [
    { fact: 'that fails says why', job: jobFor('throw'), message: 'no idea' },
    { fact: 'cannot do what nobody serves', job: jobFor('dance'), message: 'there is no thread to do dance' },
    {
      fact: 'ends when its input fails',
      job: jobFor('count', {
        // oxlint-disable-next-line require-yield -- it fails before
        input: (async function* (): AsyncGenerator<InputPart> {
          throw new Error('unreadable')
        })(),
      }),
      message: 'unreadable',
    },
  ]) {
    test(fact, () => assert.rejects(runInWorker(job, never), { message }))
  }

  test('ends at once when nobody wants its answer, and closes its input', async () => {
    const controller = new AbortController()
    const asked = { parts: 0, isClosed: false }
    async function* endless(): AsyncGenerator<InputPart> {
      try {
        for (;;) {
          asked.parts += 1
          yield part(0, 1)
        }
      } finally {
        asked.isClosed = true
      }
    }
    const onProgress = (progress: unknown): void => {
      controller.abort(new Error(`enough of ${String(progress)}`))
    }

    const running = runInWorker(jobFor('spin', { input: endless(), onProgress }), controller.signal)

    await assert.rejects(running, { message: 'enough of spinning' })
    assert.equal(asked.isClosed, true)
    assert.ok(asked.parts <= 5, `${asked.parts} parts were read ahead of a thread that takes none`)
  })

  test('does not begin when the signal has fired before', async () => {
    await assert.rejects(runInWorker(jobFor('count'), AbortSignal.abort(new Error('too late'))), {
      message: 'too late',
    })
  })
})
