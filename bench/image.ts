/**
 * What the operator's image costs before it has anything to do: from its start to ready, memory at rest inside the
 * container, from SIGTERM to its end. Prints a table of medians and one line of JSON. Needs Docker.
 *
 *   npm run bench -- image [--rounds 5] [--rest-seconds 20]
 */
import { argv, stdout } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ImageStage, openImageStage } from './image/stage.ts'
import { printRows } from './scale/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { rounds: { type: 'string', default: '5' }, 'rest-seconds': { type: 'string', default: '20' } },
})
const MEBIBYTE = 2 ** 20
const LIMITS_MIB = [128, 512]
const FIRST_PORT = 24_600
const POLL_MILLISECONDS = 5

interface Round {
  readonly readyMs: number
  readonly residentMib: number
  /** Of all that the container's cgroup is charged for and cannot give back at once. */
  readonly workingSetMib: number
  readonly stopMs: number
}

/** Both in `docker exec`: the kernel's own numbers, as the container sees them. */
const READ_MEMORY = `
  const { readFileSync } = require('fs')
  const [, kib] = /VmRSS:\\s+(\\d+)/.exec(readFileSync('/proc/1/status', 'utf8'))
  console.log(kib * 1024)`

async function measure(stage: ImageStage, memoryMib: number, port: number): Promise<Round> {
  const { docker, operatorImage, runArguments } = stage
  const limits = [`--memory=${memoryMib}m`, `--memory-swap=${memoryMib}m`, `--env=LONGSHORE_HTTP_PORT=${port}`]
  const id = await docker('run', '--detach', ...runArguments, ...limits, operatorImage)
  const ready = await readyAt(port)
  const startedAt = Date.parse(await docker('inspect', '--format', '{{.State.StartedAt}}', id))

  await setTimeout(Number(values['rest-seconds']) * 1000)
  const workingSetMib = mebibytesFrom(await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', id))
  const residentMib = Number(await docker('exec', id, 'node', '--eval', READ_MEMORY)) / MEBIBYTE

  const stopAt = performance.now()
  await docker('stop', '--time', '30', id)
  const stopMs = performance.now() - stopAt
  await docker('rm', id)
  return { readyMs: ready - startedAt, residentMib, workingSetMib, stopMs }
}

async function readyAt(port: number): Promise<number> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    if (answer?.ok) return Date.now()
    await setTimeout(POLL_MILLISECONDS)
  }
}

/** `51.2MiB / 128MiB`. */
function mebibytesFrom(usage: string): number {
  const [, amount, unit] = /^([\d.]+)(MiB|GiB|KiB)/.exec(usage) ?? []
  const factor = { KiB: 1 / 1024, MiB: 1, GiB: 1024 }[unit ?? ''] ?? Number.NaN
  return Number(amount) * factor
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

const stage = await openImageStage((line) => stdout.write(`${line}\n`))
try {
  const results: { readonly memoryMib: number; readonly rounds: readonly Round[] }[] = []
  let port = FIRST_PORT
  for (const memoryMib of LIMITS_MIB) {
    const rounds: Round[] = []
    for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await measure(stage, memoryMib, port++))
    results.push({ memoryMib, rounds })
  }
  const row = (title: string, unit: string, figure: (round: Round) => number): readonly string[] => [
    title,
    ...results.map(({ rounds }) => {
      const figures = rounds.map(figure)
      return `${median(figures).toFixed(0)} ${unit} (${Math.max(...figures).toFixed(0)})`
    }),
  ]
  printRows(`the operator's image, nothing to do, ${values.rounds} rounds: median (most)`, [
    ['memory limit', ...results.map(({ memoryMib }) => `${memoryMib} MiB`)],
    row('container start to ready', 'ms', ({ readyMs }) => readyMs),
    row('resident at rest (VmRSS)', 'MiB', ({ residentMib }) => residentMib),
    row("the cgroup's working set", 'MiB', ({ workingSetMib }) => workingSetMib),
    row('SIGTERM to the end', 'ms', ({ stopMs }) => stopMs),
  ])
  const size = Number(await stage.docker('image', 'inspect', '--format', '{{.Size}}', stage.operatorImage))
  stdout.write(`image: ${(size / 1e6).toFixed(0)} MB\n${JSON.stringify({ size, results })}\n`)
} finally {
  await stage.close()
}
