import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { KubeObject } from '../../src/kube/cluster.ts'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import { operatorCommand } from '../../tools/programs/operator.ts'
import { startSimulator } from '../../tools/programs/simulator.ts'
import { connectAdmin, type Admin } from './admin.ts'
import { writeOperatorKubeconfig } from './chart-roles.ts'
import { joinCluster } from './control-plane.ts'
import { openProcesses } from './processes.ts'
import { createSimulatorProcess, REGION, type SimulatorProcess } from './simulator-process.ts'

/** One operator process of several that share a lease. */
export interface Replica {
  /** AWS sees its calls under this key. */
  readonly accessKeyId: string
  readonly signal: (signal: NodeJS.Signals) => void
  /** The exit code, once it has ended; -1: a signal ended it. */
  readonly exitCode: () => number | undefined
  /** What it said so far. */
  readonly log: () => Promise<readonly LogLine[]>
  /** When it said that it leads, in milliseconds since the epoch; waits for it. */
  readonly leadsSince: () => Promise<number>
  /** What it serves under a path: `/readyz`, `/metrics`. */
  readonly ask: (path: string) => Promise<{ readonly status: number; readonly text: string }>
}

export interface LogLine {
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly httpPort?: number
}

/** Several operators, one API server, one simulated AWS whose time is ours. */
export interface Replicas {
  readonly namespace: string
  readonly admin: Admin
  readonly simulator: SimulatorProcess
  /** With the rights that the chart gives the operator. */
  readonly kubeconfigPath: string
  /** Starts an operator and waits until its stores are full. Default kubeconfig: the one above. */
  readonly start: (name: string, kubeconfigPath?: string, nodeOptions?: string) => Promise<Replica>
  readonly lease: () => Promise<LeaseSpec>
  /** Calls of one replica that changed AWS. */
  readonly writesOf: (replica: Replica) => Promise<readonly LoggedCall[]>
  readonly eventually: Eventually
}

export interface LeaseSpec {
  readonly holderIdentity?: string
  readonly renewTime: string
  readonly leaseDurationSeconds: number
}

type Eventually = <T>(what: string, ask: () => Promise<T | undefined | false>) => Promise<T>

const PATIENCE_SECONDS = 60
const POLL_MILLISECONDS = 50
const LEASES = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
} as const

const forever = new AbortController().signal

/** Sets the stage for a test file (`import.meta.url`) and clears it when the file is through. */
export async function startReplicas(fileUrl: string): Promise<Replicas> {
  const cluster = await joinCluster(fileUrl)
  const { namespace } = cluster
  const processes = await openProcesses('replicas')
  const { folder, supervision } = processes
  after(() => processes[Symbol.asyncDispose]())
  const ownKubeconfig = join(folder, 'operator.kubeconfig')
  const [simulatorUrl, admin] = await Promise.all([
    startSimulator({ supervision, folder, clock: 'real', images: {} }, AbortSignal.timeout(PATIENCE_SECONDS * 1000)),
    connectAdmin(cluster.kubeconfigPath, namespace),
    writeOperatorKubeconfig(cluster, ownKubeconfig),
  ])
  const simulator = createSimulatorProcess(simulatorUrl)
  const flags = [
    `--namespaces=${namespace}`,
    `--installation-id=${namespace}`,
    `--leader-election-namespace=${namespace}`,
    '--settle-seconds=1',
  ]

  async function start(name: string, kubeconfigPath = ownKubeconfig, nodeOptions = ''): Promise<Replica> {
    const accessKeyId = `AKIA${name.toUpperCase()}EXAMPLE`
    const command = operatorCommand({ kubeconfigPath, simulatorUrl, region: REGION, accessKeyId, flags })
    const env = { ...command.env, NODE_OPTIONS: nodeOptions }
    const { signal, exitCode, output } = await processes.start({ ...command, env, name })
    const log = async (): Promise<readonly LogLine[]> => linesIn(await output())
    const say = (what: string) => async () => (await log()).find(({ msg }) => msg === what)
    // It takes part in the election once its stores are full.
    await eventually(`${name} to be ready`, say('stores are filled'))
    return {
      accessKeyId,
      signal,
      exitCode,
      log,
      ask: async (path) => {
        const port = (await log()).find(({ httpPort }) => httpPort !== undefined)?.httpPort
        const response = await fetch(`http://127.0.0.1:${port}${path}`)
        return { status: response.status, text: await response.text() }
      },
      leadsSince: async () => Date.parse((await eventually(`${name} to lead`, say('leading'))).time),
    }
  }

  return {
    namespace,
    admin,
    simulator,
    kubeconfigPath: ownKubeconfig,
    start,
    lease: async () => {
      const lease: KubeObject & { readonly spec?: unknown } = await admin.cluster.get(
        LEASES,
        { namespace, name: 'longshore' },
        forever,
      )
      return lease.spec as LeaseSpec
    },
    writesOf: async ({ accessKeyId }) => (await simulator.writes()).filter((call) => call.accessKeyId === accessKeyId),
    eventually,
  }
}

/** The instant at which a lease ends unless it is renewed. */
export function deadlineOf({ renewTime, leaseDurationSeconds }: LeaseSpec): number {
  return Date.parse(renewTime) + leaseDurationSeconds * 1000
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await setTimeout(POLL_MILLISECONDS)
  }
  throw new Error(`waited in vain for ${what}`)
}

/** A line that is being written is not one yet. */
function linesIn(log: string): readonly LogLine[] {
  const complete = log.slice(0, log.lastIndexOf('\n') + 1)
  const lines: readonly LogLine[] = complete
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  return lines
}
