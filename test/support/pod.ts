import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { RestrictedContainer } from './restricted-container.ts'
import { OPERATOR_ACCOUNT, bindChartRoles } from './chart-roles.ts'
import type { TestCluster } from './control-plane.ts'

/** What a kubelet gives to a pod of the operator: where the API server is, and a mounted service account with its roles. */
export interface Pod {
  readonly environment: Readonly<Record<string, string>>
  /** On this machine; containers see it at `SERVICE_ACCOUNT`. */
  readonly serviceAccountFolder: string
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
  ]
}

/** Creates the operator's account with the chart's roles, and the files of it that a pod has. */
export async function createPod(cluster: TestCluster): Promise<Pod> {
  const { kubectl, namespace, kubeconfigPath } = cluster
  await kubectl('create', 'serviceaccount', OPERATOR_ACCOUNT, '--namespace', namespace)
  await bindChartRoles(cluster)
  const token = await kubectl('create', 'token', OPERATOR_ACCOUNT, '--namespace', namespace)
  const kubeconfig: Kubeconfig = JSON.parse(await readFile(kubeconfigPath, 'utf8'))
  const { server, 'certificate-authority-data': authority } = kubeconfig.clusters[0].cluster

  const folder = await mkdtemp(join(tmpdir(), 'longshore-pod-'))
  after(() => rm(folder, { recursive: true }))
  // The user of the image is nobody here.
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'token'), token.trim())
  await writeFile(join(folder, 'ca.crt'), Buffer.from(authority, 'base64'))
  await writeFile(join(folder, 'namespace'), namespace)
  const { hostname, port } = new URL(server)
  return {
    environment: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    serviceAccountFolder: folder,
  }
}

interface OperatorInput {
  readonly image: string
  readonly pod: Pod
  readonly namespace: string
  readonly simulatorUrl: string
  readonly memoryMib: number
}

/** The operator's container as its pod would have it, not yet started; it watches the namespace alone. */
export function operatorContainer(input: OperatorInput): RestrictedContainer {
  const { image, pod, namespace, simulatorUrl, memoryMib } = input
  return (
    new RestrictedContainer(image, { memoryMib })
      // The API server and simulated AWS listen on this machine's loopback address.
      .withNetworkMode('host')
      .withBindMounts([{ source: pod.serviceAccountFolder, target: SERVICE_ACCOUNT, mode: 'ro' }])
      .withEnvironment({
        ...pod.environment,
        AWS_ENDPOINT_URL: simulatorUrl,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIAIMAGEEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
        LONGSHORE_BIND_ADDRESS: '127.0.0.1',
        LONGSHORE_HTTP_PORT: '0',
        LONGSHORE_NAMESPACES: namespace,
        LONGSHORE_INSTALLATION_ID: namespace,
        LONGSHORE_SETTLE_SECONDS: '1',
      })
  )
}
