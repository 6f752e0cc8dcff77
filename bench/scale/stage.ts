import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { env, execPath, pid as ownPid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { createMetrics } from '../../src/app/metrics.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { bundle, DIST } from '../../tools/build/bundle.ts'
import { OPERATOR } from '../../tools/build/program.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import { endWithUs, startOperator, writesIn, type OperatorOptions, type OperatorRun } from './operator.ts'
import { startRival, type RivalOptions } from './rival.ts'
import { cpuSecondsOf, pidOf } from './usage.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A real API server with our CRDs, simulated AWS without request limits in a process of its own, operators on demand. */
export interface Stage {
  readonly cluster: Cluster
  readonly signal: AbortSignal
  startOperator(options: OperatorOptions): Promise<OperatorRun>
  /** `program` as `buildRival` has made it. */
  startRival(program: string, options: RivalOptions): OperatorRun
  /** What everybody but the operators has used so far. */
  usage(): Promise<Usage>
  close(): Promise<void>
}

export interface Usage {
  readonly apiServerCpuSeconds: number
  readonly etcdCpuSeconds: number
  readonly simulatorCpuSeconds: number
  /** This process: it plays the users, and watches. */
  readonly benchCpuSeconds: number
  /** Writes of the objects themselves, their status included, as the API server counted them. */
  readonly objectWrites: number
  readonly eventWrites: number
}

export async function openStage(): Promise<Stage> {
  await bundle(OPERATOR, DIST)
  const controlPlane = await startControlPlane()
  const { kubeconfigPath } = controlPlane
  const kubectl = createKubectl(kubeconfigPath)
  await installCrds(kubectl, `${ROOT}/crds`)
  await kubectl('create', 'namespace', 'bench')

  const clock = createSystemClock()
  const transport = await createTransport({
    connection: await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock),
    clock,
    random: createSystemRandom(),
    metrics: createMetrics(),
    userAgent: 'longshore-bench',
    connections: 40,
  })
  const simulator = await startSimulator()
  const folder = dirname(kubeconfigPath)
  const pids = { apiServer: await pidOf('kube-apiserver', folder), etcd: await pidOf('etcd', folder) }
  return {
    cluster: createCluster(transport),
    signal: new AbortController().signal,
    startOperator: (options) => startOperator(options, { kubeconfigPath, simulatorUrl: simulator.url }),
    startRival: (program, options) => startRival(program, options, kubeconfigPath),
    usage: async () => {
      const metrics = await kubectl('get', '--raw', '/metrics')
      return {
        apiServerCpuSeconds: await cpuSecondsOf(pids.apiServer),
        etcdCpuSeconds: await cpuSecondsOf(pids.etcd),
        simulatorCpuSeconds: await cpuSecondsOf(simulator.child.pid ?? 0),
        benchCpuSeconds: await cpuSecondsOf(ownPid),
        objectWrites: writesIn(metrics, 'ecrrepositories'),
        eventWrites: writesIn(metrics, 'events'),
      }
    },
    close: async () => {
      await transport.close()
      simulator.child.kill()
      await controlPlane.stop()
    },
  }
}

async function startSimulator(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const args = [`${ROOT}/src/simulator/main.ts`, '--port', '0', '--clock', 'real', '--throttling', 'off']
  const child = spawn(execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  endWithUs(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const [url] = /http:\/\/\S+/.exec(line) ?? []
  if (url === undefined) throw new Error(`the simulator said: ${line}`)
  return { url, child }
}
