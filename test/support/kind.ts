import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, pid } from 'node:process'
import { after } from 'node:test'
import { type Kubectl, createKubectl } from '../../tools/control-plane/kubectl.ts'
import { openDocker } from '../../tools/docker/daemon.ts'
import { createKindCluster, type KindCluster, removeKindCluster } from '../../tools/kind/cluster.ts'
import { findNodeImage } from '../../tools/kind/node-image.ts'

/** A kind cluster that lives as long as the test file, with nothing in it. */
export interface TestKindCluster extends KindCluster {
  /** As an administrator, who types `input`. */
  readonly kubectl: (input?: string) => Kubectl
}

/** `npm run test:kind` says how the cluster is called, of which it removes what a killed test left behind. */
export async function createTestKindCluster(): Promise<TestKindCluster> {
  const { docker, close } = await openDocker()
  const name = env['LONGSHORE_TEST_KIND_NAME'] ?? `longshore-${pid}`
  const folder = await mkdtemp(join(tmpdir(), 'longshore-kind-'))
  after(async () => {
    await removeKindCluster(docker, name)
    await rm(folder, { recursive: true })
    await close()
  })
  const image = env['LONGSHORE_TEST_KIND_IMAGE'] ?? (await findNodeImage(docker, () => {}))
  const cluster = await createKindCluster({ docker, name, image, folder })
  return { ...cluster, kubectl: (input) => createKubectl(cluster.kubeconfigPath, input) }
}
