import { connectFromKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { createTransport, type Transport } from '../../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../../src/runtime/clock.ts'
import { createMetricsRecorder } from '../../support/recorders.ts'

/** The API server, reached as the operator reaches it. */
export async function openTransport(kubeconfigPath: string): Promise<Transport> {
  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
  const around = { clock, random: createSystemRandom(), metrics: createMetricsRecorder() }
  return createTransport({ connection, userAgent: 'longshore/fuzz', ...around })
}
