import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import type { Docker } from '../../tools/docker/cli.ts'
import { openDocker } from '../../tools/docker/daemon.ts'
import { buildImages } from '../../tools/images/build-images.ts'
import { removeImages } from '../../tools/images/remove-images.ts'
import { ROOT } from '../../tools/build/bundle.ts'

/** A real API server, simulated AWS in its image, and the operator's image to start containers of. */
export interface ImageStage {
  readonly docker: Docker
  readonly operatorImage: string
  /** What `docker run` takes for an operator here, but for its limits. */
  readonly runArguments: readonly string[]
  readonly close: () => Promise<void>
}

const SIMULATOR_PORT = 24_566

export async function openImageStage(tell: (line: string) => void): Promise<ImageStage> {
  const { docker, close: closeDocker } = await openDocker()
  const images = await buildImages({ docker, tag: `bench-${process.pid}`, tell })
  const controlPlane = await startControlPlane()
  const folder = await mkdtemp(join(tmpdir(), 'longshore-bench-image-'))
  await installCrds(createKubectl(controlPlane.kubeconfigPath), join(ROOT, 'crds'))
  // The user of the image is nobody here.
  await copyFile(controlPlane.kubeconfigPath, join(folder, 'kubeconfig'))
  await chmod(folder, 0o755)
  await chmod(join(folder, 'kubeconfig'), 0o644)
  await docker('run', '--detach', '--network=host', images.simulator, `--port=${SIMULATOR_PORT}`)
  return {
    docker,
    operatorImage: images.operator,
    runArguments: argumentsFor(join(folder, 'kubeconfig')),
    close: async () => {
      await removeImages(docker, images)
      await closeDocker()
      await controlPlane.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** As the restricted Pod Security Standard allows it, on a read-only root. */
function argumentsFor(kubeconfigPath: string): readonly string[] {
  const variables = {
    KUBECONFIG: '/kubeconfig',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${SIMULATOR_PORT}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIMAGEEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    LONGSHORE_LEADER_ELECTION_NAMESPACE: 'default',
    LONGSHORE_BIND_ADDRESS: '127.0.0.1',
  }
  return [
    '--network=host',
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    `--volume=${kubeconfigPath}:/kubeconfig:ro`,
    ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
  ]
}
