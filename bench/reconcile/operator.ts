import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { DIST } from '../../tools/build/bundle.ts'

/** What users run: `openBench` bundles it. */
const PROGRAM = join(DIST, 'longshore.js')
const CLOCK_TICKS_PER_SECOND = 100

/** What an operator process had used when it was asked. */
export interface Figures {
  readonly cpuSeconds: number
  readonly peakRssMib: number
  /** Writes of the objects themselves, their status included, as the API server counted them. */
  readonly objectWrites: number
  /** Events written. */
  readonly eventWrites: number
  readonly awsCalls: number
  readonly eventLoopDelayP99Ms: number
}

export interface OperatorRun {
  /** `performance.now()` when the process was started. */
  readonly startedAt: number
  /** Seconds from the start until the controller has finished this many passes. */
  untilReconciled(passes: number): Promise<number>
  figures(): Promise<Figures>
  stop(): Promise<void>
}

interface StartOptions {
  readonly namespace: string
  readonly workers: number
  readonly kubeconfigPath: string
  readonly simulatorUrl: string
  /** A folder for CPU profiles of the operators; undefined: none are taken. */
  readonly profileFolder: string | undefined
  /** Writes of this resource that the API server has seen so far. */
  readonly writesOf: (resource: string) => Promise<number>
}

export async function startMeasuring(options: StartOptions): Promise<OperatorRun> {
  const port = await freePort()
  const objectWritesBefore = await options.writesOf('ecrrepositories')
  const eventWritesBefore = await options.writesOf('events')
  const startedAt = performance.now()
  const child = launch(options, port)
  endWithUs(child)
  const scrape = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return {
    startedAt,
    untilReconciled: async (passes) => {
      for (;;) {
        const text = await scrape().catch(() => '')
        if (sum(text, 'controller_runtime_reconcile_total', 'controller="ecrrepository"') >= passes) break
        await setTimeout(50)
      }
      return (performance.now() - startedAt) / 1000
    },
    figures: async () => {
      const text = await scrape()
      const [cpuSeconds, peakRssMib] = await usageOf(child.pid ?? 0)
      return {
        cpuSeconds,
        peakRssMib,
        objectWrites: (await options.writesOf('ecrrepositories')) - objectWritesBefore,
        eventWrites: (await options.writesOf('events')) - eventWritesBefore,
        awsCalls: sum(text, 'longshore_aws_calls_total', ''),
        eventLoopDelayP99Ms: sum(text, 'nodejs_eventloop_lag_p99_seconds', '') * 1000,
      }
    },
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

function launch(options: StartOptions, port: number): ChildProcess {
  const args = [
    '--enable-source-maps',
    PROGRAM,
    'operator',
    '--leader-elect=false',
    `--namespaces=${options.namespace}`,
  ]
  return spawn(execPath, [...profiling(options.profileFolder), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...env,
      KUBECONFIG: options.kubeconfigPath,
      AWS_ENDPOINT_URL: options.simulatorUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAOPERATOREXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      LONGSHORE_WORKERS: String(options.workers),
      LONGSHORE_BIND_ADDRESS: '127.0.0.1',
      LONGSHORE_HTTP_PORT: String(port),
      LONGSHORE_LOG_LEVEL: 'warn',
      // As in the image.
      MALLOC_TRIM_THRESHOLD_: '131072',
    },
  })
}

/** Flags of Node that write a CPU profile when the process ends. */
function profiling(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** However this process ends, its child must not go on. */
export function endWithUs(child: ChildProcess): void {
  process.once('exit', () => child.kill('SIGKILL'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
}

/** Writes of a resource in the metrics of the API server. */
export function writesIn(apiServerMetrics: string, resource: string): number {
  const verbs = ['PATCH', 'POST', 'PUT', 'DELETE', 'APPLY']
  const lines = apiServerMetrics.split('\n').filter((line) => line.includes(`resource="${resource}"`))
  return verbs.reduce((total, verb) => total + sum(lines.join('\n'), 'apiserver_request_total', `verb="${verb}"`), 0)
}

/** Sum of the samples of a metric whose labels contain `labels`. */
function sum(text: string, name: string, labels: string): number {
  const samples = text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
  return samples.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** CPU time and peak resident memory, from `/proc` (Linux only). */
async function usageOf(pid: number): Promise<readonly [number, number]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, peakKib = '0'] = /VmHWM:\s+(\d+)/.exec(status) ?? []
  return [ticks / CLOCK_TICKS_PER_SECOND, Number(peakKib) / 1024]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
