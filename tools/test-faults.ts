// npm run test:faults -- [--schedules N] [--from SEED] [--seed SEED]
// Explores schedules of users, faults and crashes in virtual time, on all cores. Schedule number N is the one of seed N,
// here and everywhere. Prints what went wrong as the smallest history that does; exits with 1 then.
import { availableParallelism } from 'node:os'
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { exploreSeed, type Finding } from '../test/faults/explorer/explore.ts'

/** What a worker says: how many more seeds it is through with, and what it found. */
interface Progress {
  readonly finding: Finding | undefined
}

interface Share {
  readonly first: number
  readonly last: number
  /** Every so manieth seed is this worker's. */
  readonly stride: number
}

async function explore(share: Share, tell: (progress: Progress) => void): Promise<void> {
  for (let seed = share.first; seed <= share.last; seed += share.stride) tell({ finding: await exploreSeed(seed) })
}

async function main(args: readonly string[]): Promise<number> {
  const options = { schedules: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const first = Number(values.seed ?? values.from ?? 1)
  const count = values.seed === undefined ? Number(values.schedules ?? 1000) : 1
  const workers = Math.min(count, availableParallelism())
  const startedAt = performance.now()
  let done = 0
  let failures = 0
  const tell = ({ finding }: Progress): void => {
    done += 1
    if (finding !== undefined) {
      failures += 1
      report(finding)
    }
    if (done % 500 === 0) stdout.write(`${done} schedules, ${rate(done, startedAt)} per second\n`)
  }
  const last = first + count - 1
  await Promise.all(
    Array.from({ length: workers }, (_, index) => inWorker({ first: first + index, last, stride: workers }, tell)),
  )
  stdout.write(
    `${done} schedules (seeds ${first} to ${last}), ${rate(done, startedAt)} per second, ${failures} failed\n`,
  )
  return failures === 0 ? 0 : 1
}

function rate(done: number, startedAt: number): string {
  return (done / ((performance.now() - startedAt) / 1000)).toFixed(1)
}

function inWorker(share: Share, tell: (progress: Progress) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const worker = new Worker(new URL(import.meta.url), { workerData: share })
  worker.on('message', tell)
  worker.on('error', reject)
  worker.on('exit', () => resolve())
  return promise
}

function report({ seed, problems, words, history }: Finding): void {
  stdout.write(`\nseed ${seed} goes wrong:\n${words}\n`)
  for (const problem of problems) stdout.write(`  → ${problem}\n`)
  stdout.write(`  replay: npm run test:faults -- --seed ${seed}\n  history: ${history}\n\n`)
}

if (isMainThread) process.exitCode = await main(argv.slice(2))
else await explore(workerData as Share, (progress) => parentPort?.postMessage(progress))
