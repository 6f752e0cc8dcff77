// npm run test:faults -- [--schedules N] [--from SEED] [--seed SEED] [--replays N]
// Explores schedules of users, faults and crashes in virtual time, on all cores. Schedule number N is the one of seed N,
// here and everywhere. Prints what went wrong as the smallest history that does; exits with 1 then. Some, by default one of
// every thousand, are then lived through by real processes: an API server, simulated AWS, and an operator that is killed.
// npm run test:faults -- --sensitivity [--schedules N] [--defect WORDS]
// Puts mistakes into the operator, one after the other, and prints how many schedules it takes to find each; exits with 1
// when one is not found. With WORDS only the mistakes whose sentence has them in it.
import { availableParallelism } from 'node:os'
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import type { Finding } from '../test/faults/explorer/explore.ts'
import { exploreInThread, type Progress } from '../test/faults/explorer/threads.ts'
import { replaySeeds, sampleOf } from '../test/faults/replay/sample.ts'
import { defectsOf, measureSensitivity, type Sensitivity } from '../test/faults/sensitivity.ts'

/** So many smaller histories are tried before the smallest so far is told. */
const MOST_SHRINKS = 250
/** Of so many schedules one is replayed. */
const EVERY = 1000

const OPTIONS = {
  schedules: { type: 'string' },
  from: { type: 'string' },
  seed: { type: 'string' },
  replays: { type: 'string' },
  sensitivity: { type: 'boolean' },
  defect: { type: 'string' },
} as const

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.sensitivity === true) return await seedDefects(defectsOf(values.defect), Number(values.schedules ?? 2000))
  const first = Number(values.seed ?? values.from ?? 1)
  const count = values.seed === undefined ? Number(values.schedules ?? 1000) : 1
  const replays = sampleOf(first, count, Number(values.replays ?? Math.floor(count / EVERY)))
  const failures = (await explore(first, first + count - 1)) + (await replayThrough(replays))
  return failures === 0 ? 0 : 1
}

/** Answers how many went wrong. */
async function replayThrough(seeds: readonly number[]): Promise<number> {
  let failures = 0
  if (seeds.length === 0) return failures
  await replaySeeds(seeds, ({ seed, seconds, finding }) => {
    stdout.write(`seed ${seed} replayed with real processes in ${seconds.toFixed(0)} s\n`)
    if (finding === undefined) return
    failures += 1
    report(finding, `--seed ${seed} --replays 1`)
  })
  stdout.write(`${seeds.length} replays, ${failures} failed\n`)
  return failures
}

/** Answers how many went wrong. */
async function explore(first: number, last: number): Promise<number> {
  const startedAt = performance.now()
  const rate = (done: number): string => `${(done / ((performance.now() - startedAt) / 1000)).toFixed(1)} per second`
  let done = 0
  let failures = 0
  const tell = ({ finding }: Progress): void => {
    done += 1
    if (finding !== undefined) {
      failures += 1
      report(finding)
    }
    if (done % 500 === 0) stdout.write(`${done} schedules, ${rate(done)}\n`)
  }
  const stride = Math.min(last - first + 1, availableParallelism())
  const tasks = Array.from({ length: stride }, (_, index) => {
    return { first: first + index, last, stride, mostShrinks: MOST_SHRINKS, untilFound: false }
  })
  await Promise.all(tasks.map((task) => exploreInThread(task, tell)))
  stdout.write(`${done} schedules (seeds ${first} to ${last}), ${rate(done)}, ${failures} failed\n`)
  return failures
}

function report({ seed, problems, words, history }: Finding, again = `--seed ${seed}`): void {
  stdout.write(`\nseed ${seed} goes wrong:\n${words}\n`)
  for (const problem of problems) stdout.write(`  → ${problem}\n`)
  stdout.write(`  replay: npm run test:faults -- ${again}\n  history: ${history}\n\n`)
}

async function seedDefects(defects: readonly string[], most: number): Promise<number> {
  let missed = 0
  stdout.write('| Defect | Found in schedule | By what |\n| --- | --- | --- |\n')
  const tell = ({ defect, schedules, finding }: Sensitivity): void => {
    if (finding === undefined) missed += 1
    const [problem = ''] = finding?.problems ?? []
    const found = finding === undefined ? `not in ${schedules}` : String(schedules)
    stdout.write(`| ${defect} | ${found} | ${problem.split('\n')[0]?.slice(0, 100).replaceAll('|', '/')} |\n`)
  }
  await measureSensitivity({ defects, most, threads: availableParallelism() }, tell)
  stdout.write(`\n${defects.length - missed} of ${defects.length} defects found\n`)
  return missed === 0 ? 0 : 1
}

process.exitCode = await main(argv.slice(2))
