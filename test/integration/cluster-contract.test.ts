import { after } from 'node:test'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { clusterContract } from '../support/cluster-contract.ts'
import { joinCluster } from '../support/control-plane.ts'
import { createMemoryCluster } from '../support/memory-cluster.ts'
import { createLogRecorder, createMetricsRecorder } from '../support/recorders.ts'

const clock = createSystemClock()

clusterContract('the cluster in memory', { cluster: createMemoryCluster(() => clock.now()), namespace: 'contract' })

const { kubeconfigPath, namespace } = await joinCluster(import.meta.url)
const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
const common = { clock, random: createSystemRandom(), metrics: createMetricsRecorder(), log: createLogRecorder().log }
const transport = await createTransport({ connection, userAgent: 'longshore/test', ...common })
after(() => transport.close())

clusterContract('a real API server', { cluster: createCluster(transport), namespace })
