import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { promisify } from 'node:util'
import type { Docker } from '../docker/cli.ts'
import { folderOf } from './set-up.ts'

const run = promisify(execFile)
const MOST_OUTPUT_BYTES = 64 * 2 ** 20

/** A real cluster in a container. */
export interface KindCluster {
  readonly kubeconfigPath: string
  /** For files that live as long as it does. */
  readonly folder: string
  /** Makes images of this machine known to the node. */
  readonly load: (...images: readonly string[]) => Promise<void>
  /** Runs a command on the node, as root; answers what it printed. */
  readonly onNode: (...command: readonly string[]) => Promise<string>
  readonly remove: () => Promise<void>
}

interface KindInput {
  readonly docker: Docker
  /** Also of its network. */
  readonly name: string
  /** Of the node. */
  readonly image: string
}

/** One node; kubeadm's own choices for everything else. */
const CONFIGURATION = {
  kind: 'Cluster',
  apiVersion: 'kind.x-k8s.io/v1alpha4',
  nodes: [{ role: 'control-plane' }],
  // The network of our own node image has these addresses.
  networking: { podSubnet: '10.244.0.0/16', kubeProxyMode: 'iptables' },
}

/** Brings it up, which takes a quarter of a minute, until its node is Ready. Whoever calls removes it, also after an error. */
export async function createKindCluster({ docker, name, image }: KindInput): Promise<KindCluster> {
  const program = join(await folderOf('kind'), 'kind')
  // kind's own network would stay behind, or belong to somebody else.
  const options = { env: { ...env, KIND_EXPERIMENTAL_DOCKER_NETWORK: name }, maxBuffer: MOST_OUTPUT_BYTES }
  const kind = async (...args: readonly string[]): Promise<void> => void (await run(program, args, options))
  const folder = folderFor(name)
  await mkdir(folder, { mode: 0o700 })
  const kubeconfigPath = join(folder, 'kubeconfig')
  const configuration = join(folder, 'kind.json')
  await writeFile(configuration, JSON.stringify(CONFIGURATION))
  const common = ['--name', name, '--kubeconfig', kubeconfigPath]
  await kind('create', 'cluster', ...common, '--image', image, '--config', configuration, '--wait', '180s')
  return {
    kubeconfigPath,
    folder,
    load: (...images) => kind('load', 'docker-image', '--name', name, ...images),
    onNode: (...command) => docker('exec', `${name}-control-plane`, ...command),
    remove: () => removeKindCluster(docker, name),
  }
}

/** Removes whatever there is of a cluster, its folder included: what kind does, without the need to have it. */
export async function removeKindCluster(docker: Docker, name: string): Promise<void> {
  const nodes = await docker('ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=${name}`)
  if (nodes !== '') await docker('rm', '--force', '--volumes', ...nodes.split('\n'))
  const networks = await docker('network', 'ls', '--quiet', '--filter', `name=^${name}$`)
  if (networks !== '') await docker('network', 'rm', ...networks.split('\n'))
  await rm(folderFor(name), { recursive: true, force: true })
}

/** By its name, so that whoever removes the cluster finds it. */
function folderFor(name: string): string {
  return join(tmpdir(), `kind-${name}`)
}
