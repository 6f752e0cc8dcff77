import { operatorCommand } from '../../../tools/programs/operator.ts'
import type { Processes, RunningProcess } from '../../support/processes.ts'
import { REGION } from '../../support/simulator-process.ts'
import { INSTALLATION } from '../explorer/life.ts'
import { NAMESPACE, SECRET } from '../explorer/slots.ts'
import { sleep } from './time.ts'

/** The operator as a process that is started again whenever it ends. */
export interface Operator {
  /** SIGKILL, at once. */
  die(): void
  /** SIGTERM. */
  stop(): void
  /** Whose credentials the next lives have. */
  useAccount(accountId: string): void
  /** Ends this life by SIGKILL; resolves when the next has begun. */
  restart(): Promise<void>
  /** No more lives. */
  end(): Promise<void>
  /** What it serves to Prometheus now. */
  metrics(): Promise<string>
  /** What should not have happened in any of its lives. */
  scandals(): Promise<readonly string[]>
}

export interface OperatorOptions {
  readonly processes: Processes
  /** Tells its lives from those of other operators. */
  readonly name: string
  readonly kubeconfigPath: string
  readonly awsUrl: string
  readonly accountId: string
}

const RESTART_SECONDS = 0.2
/** As many seconds of ours as AWS answers with the past, and more. */
const SETTLE_SECONDS = 1
const DRIFT_SECONDS = 10

interface Life {
  readonly process: RunningProcess
  /** What ended it; undefined: nobody asked. */
  cause: 'killed' | 'stopped' | undefined
}

/** Starts the first life. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const lives: Life[] = []
  let { accountId } = options
  let isOver = false
  let next = begin()

  async function begin(): Promise<void> {
    const command = commandFor({ ...options, accountId }, lives.length)
    const life: Life = { process: await options.processes.start(command), cause: undefined }
    lives.push(life)
    void life.process.ended.then(() => {
      if (!isOver) next = sleep(RESTART_SECONDS).then(begin)
    })
  }
  function endBy(signal: 'SIGKILL' | 'SIGTERM'): void {
    const life = lives.at(-1)
    if (life === undefined || life.process.exitCode() !== undefined) return
    // Whoever asks twice gets no answer (see main.ts); whoever kills gets one at any time.
    if (life.cause !== undefined && signal === 'SIGTERM') return
    life.cause = signal === 'SIGKILL' ? 'killed' : 'stopped'
    life.process.signal(signal)
  }

  await next
  return {
    die: () => endBy('SIGKILL'),
    stop: () => endBy('SIGTERM'),
    useAccount: (id) => void (accountId = id),
    restart: async () => {
      await next
      const life = lives.at(-1)
      endBy('SIGKILL')
      await life?.process.ended
      await next
    },
    end: async () => {
      isOver = true
      await next
      endBy('SIGKILL')
      await lives.at(-1)?.process.ended
    },
    metrics: async () => {
      await next
      const [, port] = /"httpPort":(\d+)/.exec((await lives.at(-1)?.process.output()) ?? '') ?? []
      return (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    },
    scandals: async () => (await Promise.all(lives.map(scandalsOf))).flat(),
  }
}

function commandFor({ name, kubeconfigPath, awsUrl, accountId }: OperatorOptions, life: number) {
  const flags = [
    `--namespaces=${NAMESPACE}`,
    `--installation-id=${INSTALLATION}`,
    '--leader-elect=false',
    `--settle-seconds=${SETTLE_SECONDS}`,
    `--drift-seconds=${DRIFT_SECONDS}`,
  ]
  const accessKeyId = `AKIA${accountId}OPERATOR`
  const command = operatorCommand({ kubeconfigPath, simulatorUrl: awsUrl, region: REGION, accessKeyId, flags })
  return { ...command, name: `${name}-${life}` }
}

async function scandalsOf({ process, cause }: Life): Promise<readonly string[]> {
  const lines = (await process.output()).split('\n')
  const code = process.exitCode()
  // Until it has begun, a signal ends it as it ends any program.
  const mayEnd = cause === 'stopped' && (code === 0 || !lines.some((line) => line.includes('longshore starts')))
  const isFine = code === undefined || cause === 'killed' || mayEnd
  return [
    ...(isFine ? [] : [`the operator ended with ${code}: ${lines.slice(-3).join(' ')}`]),
    ...lines.filter((line) => line.includes(SECRET)).map((line) => `a secret in the log: ${line}`),
    ...lines.filter((line) => line.includes('"level":"error"')).map((line) => `an error in the log: ${line}`),
  ]
}
