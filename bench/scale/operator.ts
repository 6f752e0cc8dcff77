import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { heapFlags } from '../../src/app/heap-limit.ts'
import { DIST } from '../../tools/build/bundle.ts'
import { peakRssMibOf } from './usage.ts'

/** What users run: `openStage` bundles it. */
const PROGRAM = join(DIST, 'longshore.js')
const PAUSE_MS = 50
/** Objects that the operator looks at in one call to AWS. */
const OBJECTS_A_CALL = 100

/** What an operator process had done and used when it was asked. */
export interface OperatorFigures {
  readonly peakRssMib: number
  readonly awsCalls: number
  /** Since it was asked before; undefined: it has no event loop. */
  readonly eventLoopDelayP99Ms?: number
}

export interface OperatorRun {
  readonly pid: number
  /** `performance.now()` when the process was started. */
  readonly startedAt: number
  /** Resolves when this many objects were looked at and are as they should be: all of them, from the start of the process. */
  untilLookedAt(objects: number): Promise<void>
  figures(): Promise<OperatorFigures>
  stop(): Promise<void>
}

export interface OperatorOptions {
  readonly namespace: string
  readonly workers: number
  /** A folder for CPU profiles of the operators; undefined: none are taken. */
  readonly profileFolder: string | undefined
}

interface Surroundings {
  readonly kubeconfigPath: string
  readonly simulatorUrl: string
}

export async function startOperator(options: OperatorOptions, around: Surroundings): Promise<OperatorRun> {
  const port = await freePort()
  const looksBefore = await looksAt(around.simulatorUrl)
  const startedAt = performance.now()
  const child = launch(options, around, port)
  endWithUs(child)
  // The operator forgets at each scrape how late its event loop ran until then.
  let eventLoopDelayP99Ms = 0
  const scrape = async (): Promise<string> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    eventLoopDelayP99Ms = Math.max(eventLoopDelayP99Ms, sum(text, LOOP_DELAY, 'quantile="0.99"') * 1000)
    return text
  }
  return {
    pid: child.pid ?? 0,
    startedAt,
    untilLookedAt: async (objects) => {
      // A scrape costs the operator time, and begins its figures of the event loop anew: AWS knows first that it is through.
      const isAsked = async () => (await looksAt(around.simulatorUrl)) - looksBefore >= objects / OBJECTS_A_CALL
      while (!(await isAsked())) await setTimeout(PAUSE_MS)
      while (sum(await scrape(), 'longshore_sweep_objects_total', 'controller="ecrrepository"') < objects)
        await setTimeout(PAUSE_MS)
    },
    figures: async () => {
      const awsCalls = sum(await scrape(), 'longshore_aws_calls_total', '')
      const figures = { peakRssMib: await peakRssMibOf(child.pid ?? 0), awsCalls, eventLoopDelayP99Ms }
      eventLoopDelayP99Ms = 0
      return figures
    },
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** How often repositories were described, by whomever. */
async function looksAt(simulatorUrl: string): Promise<number> {
  // No call failed with this code: only the counts are wanted.
  const answer = await fetch(`${simulatorUrl}/_simulator/calls?errorCode=None`)
  const { counts } = (await answer.json()) as { readonly counts: Readonly<Record<string, number>> }
  return counts['ecr:DescribeRepositories'] ?? 0
}

const LOOP_DELAY = 'longshore_event_loop_delay_seconds'

function launch(options: OperatorOptions, { kubeconfigPath, simulatorUrl }: Surroundings, port: number): ChildProcess {
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
      KUBECONFIG: kubeconfigPath,
      AWS_ENDPOINT_URL: simulatorUrl,
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

/**
 * Flags of Node that write a CPU profile when the process ends. With those that the operator would give itself: what begins anew
 * while it is sampled dies of the sampler's last signal now and then.
 */
function profiling(folder: string | undefined): readonly string[] {
  if (folder === undefined) return []
  const own = heapFlags({ memoryLimitBytes: process.constrainedMemory(), flags: [], isService: true })
  return [...own, '--cpu-prof', `--cpu-prof-dir=${folder}`]
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
