import { after } from 'node:test'
import { basename } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { type Kubectl, createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'

/** What a test file has of a real API server: all of it, but a namespace of its own. */
export interface TestCluster {
  readonly kubeconfigPath: string
  readonly namespace: string
  /** Runs kubectl as a cluster administrator; name the namespace where it matters. */
  readonly kubectl: Kubectl
}

/** `own`: for a file that changes what belongs to the whole cluster, or has somebody watch all of it. */
export type ClusterChoice = 'shared' | 'own'

const CRDS = fileURLToPath(new URL('../../crds', import.meta.url))

/**
 * The API server that `npm test` shares among all files, or, when the file is run by itself, one that lives as long as
 * the file; with the CRDs installed and a namespace named after the file (`import.meta.url`).
 */
export async function joinCluster(fileUrl: string, choice: ClusterChoice = 'shared'): Promise<TestCluster> {
  const shared = choice === 'shared' ? env['LONGSHORE_TEST_KUBECONFIG'] : undefined
  const kubeconfigPath = shared ?? (await startOwn())
  const kubectl = createKubectl(kubeconfigPath)
  const namespace = namespaceFor(fileUrl)
  await kubectl('create', 'namespace', namespace)
  return { kubeconfigPath, namespace, kubectl }
}

async function startOwn(): Promise<string> {
  const controlPlane = await startControlPlane()
  after(() => controlPlane.stop())
  await installCrds(createKubectl(controlPlane.kubeconfigPath), CRDS)
  return controlPlane.kubeconfigPath
}

/** `first-service.test.ts` runs in `first-service-4711`: the process id tells two runs of one file apart. */
function namespaceFor(fileUrl: string): string {
  return `${basename(fileUrl).replace(/\..*$/, '')}-${process.pid}`
}
