import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { superviseIn } from '../control-plane/supervision.ts'
import { operatorCommand } from '../programs/operator.ts'
import { startSimulator } from '../programs/simulator.ts'
import { OPERATOR_ACCESS_KEY_ID, REGION } from './simulator-client.ts'

/** The simulator and the operator, running as the processes that users run. */
export interface Programs {
  readonly simulatorUrl: string
  readonly operatorLogPath: string
  /** Rejects when one of them ends by itself. */
  readonly failure: Promise<never>
  readonly stop: () => Promise<void>
}

/**
 * What the simulated v3 does: it exits as it starts, every time. Later would not do: a task that once ran counts for the
 * circuit breaker only when a health check fails (ECS API reference, Deployment, `failedTasks`).
 */
const IMAGES = { 'nginxdemos/hello:v3': { type: 'crash', afterSeconds: 0, exitCode: 1 } }

/** Starts both; AWS time runs `speed` times as fast as ours. */
export async function startPrograms(kubeconfigPath: string, speed: number, signal: AbortSignal): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-demo-'))
  const { promise: failure, reject } = Promise.withResolvers<never>()
  // Whoever waits for something hears of it; nobody has to.
  void failure.catch(() => {})
  const supervision = superviseIn(folder, ({ name, code }) => reject(new Error(`The ${name} ended with ${code}.`)))
  try {
    const simulator = { supervision, folder, clock: String(speed), images: IMAGES }
    const simulatorUrl = await Promise.race([startSimulator(simulator, signal), failure])
    const flags = ['--leader-election-namespace=default']
    const operator = { kubeconfigPath, simulatorUrl, region: REGION, accessKeyId: OPERATOR_ACCESS_KEY_ID, flags }
    supervision.start(operatorCommand(operator))
    return { simulatorUrl, operatorLogPath: join(folder, 'operator.log'), failure, stop: supervision.stop }
  } catch (error) {
    await supervision.stop()
    throw error
  }
}
