import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { env, execPath } from 'node:process'
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
import { endWithUs, startMeasuring, writesIn, type OperatorRun } from './operator.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface OperatorOptions {
  readonly namespace: string
  readonly workers: number
  /** Where to write CPU profiles; undefined: nowhere. */
  readonly profileFolder: string | undefined
}

/** A real API server with our CRDs, simulated AWS in a process of its own, and operators on demand. */
export interface Stage {
  readonly cluster: Cluster
  readonly signal: AbortSignal
  startOperator(options: OperatorOptions): Promise<OperatorRun>
  close(): Promise<void>
}

export async function openBench(): Promise<Stage> {
  await bundle(OPERATOR, DIST)
  const controlPlane = await startControlPlane()
  const kubectl = createKubectl(controlPlane.kubeconfigPath)
  await installCrds(kubectl, `${ROOT}/crds`)
  for (const namespace of ['bare', 'bench']) await kubectl('create', 'namespace', namespace)

  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [controlPlane.kubeconfigPath] }, clock)
  const transport = await createTransport({
    connection,
    clock,
    random: createSystemRandom(),
    metrics: createMetrics(),
    userAgent: 'longshore-bench',
    connections: 40,
  })
  const simulator = await startSimulator()
  return {
    cluster: createCluster(transport),
    signal: new AbortController().signal,
    startOperator: (options) => {
      const { kubeconfigPath } = controlPlane
      const writesOf = async (resource: string): Promise<number> =>
        writesIn(await kubectl('get', '--raw', '/metrics'), resource)
      return startMeasuring({ ...options, kubeconfigPath, simulatorUrl: simulator.url, writesOf })
    },
    close: async () => {
      await transport.close()
      simulator.child.kill()
      await controlPlane.stop()
    },
  }
}

async function startSimulator(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const args = [`${ROOT}/src/simulator/main.ts`, '--port', '0', '--clock', 'real']
  const child = spawn(execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  endWithUs(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const [url] = /http:\/\/\S+/.exec(line) ?? []
  if (url === undefined) throw new Error(`the simulator said: ${line}`)
  return { url, child }
}
