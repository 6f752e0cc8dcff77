import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createMetrics } from '../../src/app/metrics.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import { operatorCommand } from '../../tools/programs/operator.ts'
import { startSimulator } from '../../tools/programs/simulator.ts'
import { openProcesses, type Processes, type RunningProcess } from '../../test/support/processes.ts'
import { createSimulatorProcess, REGION, type SimulatorProcess } from '../../test/support/simulator-process.ts'

const CRDS = fileURLToPath(new URL('../../crds', import.meta.url))
const NAMESPACE = 'failover'
const PATIENCE_SECONDS = 120
const POLL_SECONDS = 0.05
const REPOSITORIES = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecrrepositories',
  kind: 'EcrRepository',
  namespaced: true,
} as const

/** In seconds from the signal to the leader; the edit is made as soon as it has ended. */
export interface Handover {
  /** Until the other operator says that it leads. */
  readonly leadsSeconds: number
  /** Until AWS sees what the user asked for meanwhile. */
  readonly editSeconds: number
}

/** Two operators and everything that they need. */
export interface FailoverStage extends AsyncDisposable {
  /** Ends the one that leads while a user edits something; a new standby is ready when this resolves. */
  readonly replaceLeader: (signal: 'SIGKILL' | 'SIGTERM') => Promise<Handover>
}

interface Room {
  readonly cluster: Cluster
  readonly simulator: SimulatorProcess
  readonly processes: Processes
  readonly kubeconfigPath: string
}

/** One of the operators; AWS knows it by its key. */
interface Replica {
  readonly accessKeyId: string
  readonly process: RunningProcess
}

const signal = new AbortController().signal

/** Starts everything, with so many repositories that exist in AWS, and both operators. */
export async function openFailover(objects: number): Promise<FailoverStage> {
  const controlPlane = await startControlPlane()
  const { kubeconfigPath } = controlPlane
  const kubectl = createKubectl(kubeconfigPath)
  await installCrds(kubectl, CRDS)
  await kubectl('create', 'namespace', NAMESPACE)
  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
  const common = { clock, random: createSystemRandom(), metrics: createMetrics(), userAgent: 'longshore-bench' }
  const transport = await createTransport({ connection, ...common })
  const processes = await openProcesses('failover')
  const { folder, supervision } = processes
  const url = await startSimulator({ supervision, folder, clock: 'real', images: {} }, AbortSignal.timeout(60_000))
  const room = { cluster: createCluster(transport), simulator: createSimulatorProcess(url), processes, kubeconfigPath }

  let serial = 0
  let leader = await startReplica(room, serial++)
  await said(leader, 'leading')
  for (let index = 0; index < objects; index += 1) await createRepository(room.cluster, index)
  const made = async () => ((await room.simulator.live())['ecr']?.['repositories'] ?? 0) === objects
  await eventually('all repositories', made)
  let standby = await startReplica(room, serial++)
  return {
    replaceLeader: async (ending) => {
      const endedAt = Date.now()
      leader.process.signal(ending)
      // Or it might still follow the edit itself.
      await eventually('its end', async () => leader.process.exitCode())
      await edit(room.cluster, serial)
      const handover = await measure(room, standby, endedAt)
      leader = standby
      standby = await startReplica(room, serial++)
      return handover
    },
    [Symbol.asyncDispose]: async () => {
      await transport.close()
      await processes[Symbol.asyncDispose]()
      await controlPlane.stop()
    },
  }
}

/** Resolves when its stores are filled: then it takes part in the election. */
async function startReplica({ processes, simulator, kubeconfigPath }: Room, serial: number): Promise<Replica> {
  const accessKeyId = `AKIA${serial}EXAMPLE`
  const flags = [`--namespaces=${NAMESPACE}`, `--leader-election-namespace=${NAMESPACE}`]
  const command = operatorCommand({ kubeconfigPath, simulatorUrl: simulator.url, region: REGION, accessKeyId, flags })
  const replica = { accessKeyId, process: await processes.start({ ...command, name: `operator-${serial}` }) }
  await said(replica, 'stores are filled')
  return replica
}

async function measure({ simulator }: Room, next: Replica, endedAt: number): Promise<Handover> {
  const leadsAt = await said(next, 'leading')
  const writeAt = await eventually('the edit in AWS', async () => {
    const write = (await simulator.writes()).find(({ accessKeyId }) => accessKeyId === next.accessKeyId)
    return write?.startMs
  })
  return { leadsSeconds: (leadsAt - endedAt) / 1000, editSeconds: (writeAt - endedAt) / 1000 }
}

/** When it said so, in milliseconds since the epoch; waits for it. */
async function said({ process }: Replica, message: string): Promise<number> {
  return eventually(`"${message}"`, async () => {
    const line = (await process.output()).split('\n').find((candidate) => candidate.includes(`"msg":"${message}"`))
    const [, time] = /"time":"([^"]+)"/.exec(line ?? '') ?? []
    return time === undefined ? undefined : Date.parse(time)
  })
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + PATIENCE_SECONDS * 1000
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await setTimeout(POLL_SECONDS * 1000)
  }
  throw new Error(`waited in vain for ${what}`)
}

async function createRepository(cluster: Cluster, index: number): Promise<void> {
  const metadata = { namespace: NAMESPACE, name: `repository-${index}` }
  const object = { apiVersion: 'longshore.dev/v1alpha1', kind: 'EcrRepository', metadata, spec: specOf(false) }
  await cluster.create(REPOSITORIES, object, 'bench', signal)
}

/** One that nobody has edited: each takes one write to AWS. */
async function edit(cluster: Cluster, index: number): Promise<void> {
  const patch = { body: { spec: specOf(true) }, fieldManager: 'bench' }
  await cluster.mergePatch(REPOSITORIES, { namespace: NAMESPACE, name: `repository-${index}` }, patch, signal)
}

function specOf(scanOnPush: boolean): object {
  return { imageScanningConfiguration: { scanOnPush } }
}
