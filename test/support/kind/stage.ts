import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Tool, createHelm } from '../../../tools/charts/chart-tools.ts'
import { type Kubectl, createKubectl } from '../../../tools/control-plane/kubectl.ts'
import type { Docker } from '../../../tools/docker/cli.ts'
import type { Images } from '../../../tools/images/build-images.ts'
import { createKindCluster, type KindCluster, removeKindCluster } from '../../../tools/kind/cluster.ts'
import { createSimulatorProcess, type SimulatorProcess } from '../simulator-process.ts'
import { forwardPort } from './port-forward.ts'

/** A kind cluster with simulated AWS in it, and what a platform team has to work with it. */
export interface KindStage extends AsyncDisposable {
  readonly images: Images
  readonly kubeconfigPath: string
  readonly onNode: KindCluster['onNode']
  /** As an administrator. */
  readonly kubectl: Kubectl
  /** `kubectl apply -f -`, of YAML or of an object. */
  readonly apply: (manifest: string | object, ...options: readonly string[]) => Promise<string>
  readonly helm: Tool
  readonly simulator: SimulatorProcess
}

/** What a stage is made of. */
export interface KindStageInput {
  readonly docker: Docker
  readonly images: Images
  /** Of the node. */
  readonly nodeImage: string
  /** Of the cluster. */
  readonly name: string
  /** How fast simulated time passes: `real`, or `20`. */
  readonly clock: string
  /** Counts what each part takes. */
  readonly timed: <T>(name: string, act: () => Promise<T>) => Promise<T>
}

/** Where simulated AWS is, for pods. */
export const SIMULATOR_URL = 'http://simulator.aws:4566'
const SIMULATOR = fileURLToPath(new URL('simulator.yaml', import.meta.url))

/** Brings everything up; after an error nothing is left of it. */
export async function openKindStage(input: KindStageInput): Promise<KindStage> {
  const { docker, images, nodeImage, name, timed } = input
  await using rest = new AsyncDisposableStack()
  rest.defer(() => removeKindCluster(docker, name))
  const cluster = await timed('cluster up', () => createKindCluster({ docker, name, image: nodeImage }))
  await timed('images loaded', () => cluster.load(images.operator, images.simulator))
  const { kubeconfigPath, folder, onNode } = cluster
  const kubectl = createKubectl(kubeconfigPath)
  const apply: KindStage['apply'] = (manifest, ...options) => {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
    return createKubectl(kubeconfigPath, text)('apply', '--filename', '-', ...options)
  }
  await timed('simulator up', () => startSimulator(input, kubectl, apply))
  const forwarded = await forwardPort(kubeconfigPath, 'aws', 'service/simulator', 4566)
  rest.defer(forwarded.close)
  const everything = rest.move()
  return {
    images,
    kubeconfigPath,
    onNode,
    kubectl,
    apply,
    helm: createHelm(folder, kubeconfigPath),
    simulator: createSimulatorProcess(forwarded.url),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}

async function startSimulator({ images, clock }: KindStageInput, kubectl: Kubectl, apply: KindStage['apply']) {
  const text = await readFile(SIMULATOR, 'utf8')
  await apply(restrictedNamespace('aws'))
  await apply(
    text
      .replace('image: longshore-simulate-aws', `image: ${images.simulator}`)
      .replace('--clock=real', `--clock=${clock}`),
  )
  await kubectl('rollout', 'status', 'deployment/simulator', '--namespace=aws', '--timeout=120s')
}

/** A namespace in which Kubernetes refuses pods that are not as the restricted Pod Security Standard demands. */
export function restrictedNamespace(name: string): object {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}
