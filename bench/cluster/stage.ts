import { pid } from 'node:process'
import { createMetrics } from '../../src/app/metrics.ts'
import type { Cluster } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { installCharts } from '../../test/support/kind/release.ts'
import { type KindStage, openKindStage } from '../../test/support/kind/stage.ts'
import { openDocker } from '../../tools/docker/daemon.ts'
import { buildImages } from '../../tools/images/build-images.ts'
import { removeImages } from '../../tools/images/remove-images.ts'
import { findNodeImage } from '../../tools/kind/node-image.ts'

/** The operator as its chart installs it, in a kind cluster. */
export interface ClusterBench extends AsyncDisposable {
  readonly stage: KindStage
  /** For what kubectl would take too long. */
  readonly cluster: Cluster
  readonly signal: AbortSignal
}

/** Where the objects of users are. */
export const NAMESPACE = 'team'

export async function openClusterBench(tell: (line: string) => void): Promise<ClusterBench> {
  await using rest = new AsyncDisposableStack()
  const { docker, close } = await openDocker()
  rest.defer(close)
  const images = await buildImages({ docker, tag: `bench-${pid}`, tell })
  rest.defer(() => removeImages(docker, images))
  const nodeImage = await findNodeImage(docker, tell)
  const timed = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    const answer = await act()
    tell(`✔ ${name.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    return answer
  }
  const stage = rest.use(
    await openKindStage({ docker, images, nodeImage, name: `longshore-bench-${pid}`, clock: 'real', timed }),
  )
  await timed('charts', () => installCharts(stage))
  await stage.kubectl('create', 'namespace', NAMESPACE)

  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [stage.kubeconfigPath] }, clock)
  const common = { clock, random: createSystemRandom(), metrics: createMetrics(), userAgent: 'longshore-bench' }
  const transport = await createTransport({ connection, ...common })
  rest.defer(() => transport.close())
  const everything = rest.move()
  return {
    stage,
    cluster: createCluster(transport),
    signal: new AbortController().signal,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}
