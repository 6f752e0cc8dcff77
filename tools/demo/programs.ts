import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Supervision, superviseIn } from '../control-plane/supervision.ts'
import { OPERATOR_ACCESS_KEY_ID, REGION } from './simulator-client.ts'

/** The simulator and the operator, running as the processes that users run. */
export interface Programs {
  readonly simulatorUrl: string
  readonly operatorLogPath: string
  /** Rejects when one of them ends by itself. */
  readonly failure: Promise<never>
  readonly stop: () => Promise<void>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const URL_POLL_MILLISECONDS = 50
const URL_SECONDS = 20

/**
 * What the simulated v3 does: it exits as it starts, every time. Later would not do: a task that once ran counts for the
 * circuit breaker only when a health check fails (ECS API reference, Deployment, `failedTasks`).
 */
const SCENARIO = { images: { 'nginxdemos/hello:v3': { type: 'crash', afterSeconds: 0, exitCode: 1 } } }

/** Starts both; AWS time runs `speed` times as fast as ours. */
export async function startPrograms(kubeconfigPath: string, speed: number, signal: AbortSignal): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-demo-'))
  const { promise: failure, reject } = Promise.withResolvers<never>()
  // Whoever waits for something hears of it; nobody has to.
  void failure.catch(() => {})
  const supervision = superviseIn(folder, ({ name, code }) => reject(new Error(`The ${name} ended with ${code}.`)))
  try {
    await startSimulator(supervision, folder, speed)
    const simulatorUrl = await Promise.race([simulatorUrlFrom(join(folder, 'simulator.log'), signal), failure])
    startOperator(supervision, kubeconfigPath, simulatorUrl)
    return { simulatorUrl, operatorLogPath: join(folder, 'operator.log'), failure, stop: supervision.stop }
  } catch (error) {
    await supervision.stop()
    throw error
  }
}

async function startSimulator(supervision: Supervision, folder: string, speed: number): Promise<void> {
  const seedPath = join(folder, 'scenario.json')
  await writeFile(seedPath, JSON.stringify(SCENARIO))
  const args = ['--port', '0', '--clock', String(speed), '--seed', seedPath]
  supervision.start({ name: 'simulator', command: execPath, args: [join(ROOT, 'src/simulator/main.ts'), ...args] })
}

function startOperator(supervision: Supervision, kubeconfigPath: string, simulatorUrl: string): void {
  supervision.start({
    name: 'operator',
    command: execPath,
    args: [join(ROOT, 'src/main.ts'), 'operator'],
    env: {
      KUBECONFIG: kubeconfigPath,
      AWS_ENDPOINT_URL: simulatorUrl,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: OPERATOR_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: 'example',
      LONGSHORE_BIND_ADDRESS: '127.0.0.1',
      LONGSHORE_HTTP_PORT: '0',
      LONGSHORE_LEADER_ELECTION_NAMESPACE: 'default',
    },
  })
}

/** The one line that the simulator prints names its URL. */
async function simulatorUrlFrom(logPath: string, signal: AbortSignal): Promise<string> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(URL_SECONDS * 1000)])
  for (;;) {
    const log = await readFile(logPath, 'utf8').catch(() => '')
    const [url] = /http:\/\/\S+/.exec(log) ?? []
    if (url !== undefined) return url
    await setTimeout(URL_POLL_MILLISECONDS, undefined, { signal: deadline })
  }
}
