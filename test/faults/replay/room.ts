import { join } from 'node:path'
import { failureCodeFrom } from '../../../src/core/failure.ts'
import type { Cluster } from '../../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { createCluster } from '../../../src/kube/real-cluster.ts'
import { createTransport } from '../../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../../src/runtime/clock.ts'
import { createKubectl } from '../../../tools/control-plane/kubectl.ts'
import { startSimulator } from '../../../tools/programs/simulator.ts'
import { writeOperatorKubeconfig } from '../../support/chart-roles.ts'
import { compactEtcd } from '../../support/compaction.ts'
import { openProcesses, type Processes } from '../../support/processes.ts'
import { createSimulatorProcess, type SimulatorProcess } from '../../support/simulator-process.ts'
import { noMetrics } from '../explorer/no-metrics.ts'
import { NAMESPACE } from '../explorer/slots.ts'
import { SPEED } from './time.ts'

/** What replays share, one after the other: a real API server with the CRDs, and the simulator as a process. */
export interface Room extends AsyncDisposable {
  /** As an administrator. */
  readonly cluster: Cluster
  readonly simulator: SimulatorProcess
  readonly processes: Processes
  /** With the rights that the chart gives the operator. */
  readonly operatorKubeconfigPath: string
  /** Makes every version so far one that nothing can go on from; absent: the API server is not ours alone. */
  readonly compact: (() => Promise<void>) | undefined
  /** Number of this replay. */
  readonly nextSerial: () => number
}

const START_SECONDS = 60
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false } as const

/**
 * Prepares an API server that has our CRDs and no namespace of the histories yet. `etcdSocketPath`: of one that nobody else
 * uses, without a watch cache, which would remember for a while what etcd has forgotten.
 */
export async function openRoom(kubeconfigPath: string, etcdSocketPath?: string): Promise<Room> {
  const [processes, transport] = await Promise.all([openProcesses('replay'), connect(kubeconfigPath)])
  const { folder, supervision } = processes
  const cluster = createCluster(transport)
  await createNamespace(cluster)
  const operatorKubeconfigPath = join(folder, 'operator.kubeconfig')
  const testCluster = { kubeconfigPath, namespace: NAMESPACE, kubectl: createKubectl(kubeconfigPath) }
  const start = { supervision, folder, clock: String(SPEED), images: {} }
  const [simulatorUrl] = await Promise.all([
    startSimulator(start, AbortSignal.timeout(START_SECONDS * 1000)),
    writeOperatorKubeconfig(testCluster, operatorKubeconfigPath),
  ])
  let serial = 0
  return {
    cluster,
    simulator: createSimulatorProcess(simulatorUrl),
    processes,
    operatorKubeconfigPath,
    compact: etcdSocketPath === undefined ? undefined : () => compactNow(cluster, etcdSocketPath),
    nextSerial: () => serial++,
    [Symbol.asyncDispose]: async () => {
      await transport.close()
      await processes[Symbol.asyncDispose]()
    },
  }
}

async function connect(kubeconfigPath: string) {
  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
  return createTransport({ connection, clock, random: createSystemRandom(), metrics: noMetrics, userAgent: 'users' })
}

/** Something that nobody watches makes a new version; all that came before are forgotten. */
async function compactNow(cluster: Cluster, etcdSocketPath: string): Promise<void> {
  const body = { metadata: { annotations: { 'compacted-at': String(Date.now()) } } }
  const patch = { fieldManager: 'users', body }
  const { metadata } = await cluster.mergePatch(NAMESPACES, { name: NAMESPACE }, patch, new AbortController().signal)
  await compactEtcd(etcdSocketPath, metadata.resourceVersion ?? '')
}

async function createNamespace(cluster: Cluster): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }
  try {
    await cluster.create(NAMESPACES, namespace, 'users', new AbortController().signal)
  } catch (error) {
    if (failureCodeFrom(error) !== 'already-exists') throw error
  }
}
