import { isMainThread } from 'node:worker_threads'
import type { InputPart, WorkerResult } from '../../src/runtime/worker-messages.ts'
import { serveWorker } from '../../src/runtime/worker-server.ts'

// Threads for the tests of threads.

async function collected(input: AsyncIterable<InputPart>): Promise<readonly [number, number][]> {
  const parts: [number, number][] = []
  for await (const { source, bytes } of input) parts.push([source, bytes.length])
  return parts
}

function result(value: unknown): WorkerResult {
  return { value, bytes: Uint8Array.of(1, 2, 3) }
}

if (!isMainThread) {
  await serveWorker({
    count: async (parameters, input) => result({ parameters, parts: await collected(input) }),
    throw: () => Promise.reject(new Error('no idea')),
    spin: (_, __, report) => {
      report('spinning')
      for (;;);
    },
  })
}
