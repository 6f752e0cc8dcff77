/**
 * What it costs to pack in a thread: how long the caller's event loop stands still meanwhile, and how much memory
 * `longshore pack` needs for lists as kubectl prints them. Prints a table and one line of JSON.
 *
 *   npm run bench -- packing-worker [--pods 20000] [--nodes 2000]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process, { argv, execPath, stdout } from 'node:process'
import { json, text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { packInWorker } from '../src/app/commands/pack/pack-in-worker.ts'
import type { PlanDocument } from '../src/app/commands/pack/plan-document.ts'
import { clusterOf, type Cluster } from './packing-worker/cluster.ts'
import { printRows } from './scale/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { pods: { type: 'string', default: '20000' }, nodes: { type: 'string', default: '2000' } },
})
const MEBIBYTE = 2 ** 20
const ENTRY = new URL('../src/main.ts', import.meta.url)

/**
 * The most CPU that this thread used between two ticks of a timer: how long it stood still by its own doing. On a busy
 * machine the delay of the loop says as much about its neighbours.
 */
function watchOwnStalls() {
  const { user, system } = process.threadCpuUsage()
  let before = user + system
  let longestMs = 0
  const timer = setInterval(() => {
    const now = process.threadCpuUsage()
    longestMs = Math.max(longestMs, (now.user + now.system - before) / 1000)
    before = now.user + now.system
  }, 1)
  return {
    end: () => {
      clearInterval(timer)
      return longestMs
    },
  }
}

/** The thread that the operator would use: a problem in memory, and an event loop with other things to do. */
async function packBeside(cluster: Cluster) {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  const own = watchOwnStalls()
  const start = performance.now()
  const { elapsedMs } = await packInWorker({ ...cluster }, { entry: ENTRY }, new AbortController().signal)
  delays.disable()
  return {
    ownStallMs: own.end(),
    totalMs: performance.now() - start,
    decisionMs: elapsedMs,
    longestStallMs: delays.max / 1e6,
    stallP99Ms: delays.percentile(99) / 1e6,
  }
}

/** Said by the process itself when it is through; threads of it say nothing. */
const TELL_MEMORY = `data:text/javascript,import process from 'node:process'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))`

/** The command as a person runs it. */
async function packFile(path: string) {
  const start = performance.now()
  const options = ['--import', TELL_MEMORY.replaceAll('\n', ';')]
  const child = spawn(execPath, [...options, ENTRY.pathname, 'pack', '-f', path], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [plan, kibibytes] = await Promise.all([json(child.stdout) as Promise<PlanDocument>, text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return {
    totalMs: performance.now() - start,
    decisionMs: plan.elapsedMs,
    peakMib: (Number(kibibytes) * 1024) / MEBIBYTE,
  }
}

const cluster = clusterOf(Number(values.pods), Number(values.nodes))
const folder = await mkdtemp(join(tmpdir(), 'longshore-bench-'))
try {
  const path = join(folder, 'lists.json')
  // As kubectl indents it.
  await writeFile(path, JSON.stringify({ kind: 'List', items: [...cluster.pods, ...cluster.nodes] }, null, 4))
  const fileMb = (await stat(path)).size / 1e6
  const command = await packFile(path)
  // The first time the thread's code is read and compiled, too.
  await packBeside(clusterOf(100, 10))
  const beside = await packBeside(cluster)
  printRows(`${values.pods} pods, ${values.nodes} nodes`, [
    ['', 'longshore pack', 'in a thread of a program'],
    ['input', `${fileMb.toFixed(0)} MB of JSON`, 'objects in memory'],
    ['from start to end', milliseconds(command.totalMs), milliseconds(beside.totalMs)],
    ['… of it the decision', milliseconds(command.decisionMs), milliseconds(beside.decisionMs)],
    ['peak resident memory', `${command.peakMib.toFixed(0)} MiB`, '–'],
    ["most CPU of the caller's thread without a break", '–', milliseconds(beside.ownStallMs)],
    ["longest delay of the caller's event loop", '–', milliseconds(beside.longestStallMs)],
    ['… 99th percentile', '–', milliseconds(beside.stallP99Ms)],
  ])
  stdout.write(
    `${JSON.stringify({ pods: Number(values.pods), nodes: Number(values.nodes), fileMb, command, beside })}\n`,
  )
} finally {
  await rm(folder, { recursive: true })
}

function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`
}
