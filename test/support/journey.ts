import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ApiClient, createApiClient } from '../../tools/control-plane/api-client.ts'
import { type Kubectl, createKubectl } from '../../tools/control-plane/kubectl.ts'
import { superviseIn } from '../../tools/control-plane/supervision.ts'
import { operatorCommand } from '../../tools/programs/operator.ts'
import { startSimulator } from '../../tools/programs/simulator.ts'
import { writeOperatorKubeconfig } from './chart-roles.ts'
import { type ClusterChoice, type TestCluster, joinCluster } from './control-plane.ts'
import { type OperatorProcess, createOperatorProcess } from './operator-process.ts'
import { type Images, REGION, type SimulatorProcess, createSimulatorProcess } from './simulator-process.ts'

/**
 * A person's way with longshore: kubectl, the operator and simulated AWS as the processes that users run, against the
 * API server that test files share, in a namespace of the file's own.
 */
export interface Journey {
  readonly namespace: string
  /** Of an administrator. */
  readonly kubeconfigPath: string
  /** kubectl as an administrator, in the namespace. */
  readonly kubectl: Kubectl
  /** `kubectl apply --filename -`. */
  readonly applyText: (manifests: string) => Promise<string>
  readonly simulator: SimulatorProcess
  readonly operator: OperatorProcess
  /** The object as the API server has it now; undefined: there is none. */
  readonly read: (plural: string, name: string) => Promise<ManagedObject | undefined>
  /** Asks again and again until the answer is neither undefined nor false; fails after a minute and says what it saw. */
  readonly eventually: Eventually
  /** Asks for a look at an object (`ecsservice/hello`) as a user does, and waits until status says that it is through. */
  readonly reconcileNow: (object: string) => Promise<void>
}

type Eventually = <T>(what: string, ask: () => Promise<T | undefined | false>) => Promise<T>

/** An object of ours as far as journeys look at it. */
export interface ManagedObject {
  readonly metadata: { readonly name: string; readonly generation: number }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: ManagedStatus
}

interface ManagedStatus {
  readonly observedGeneration?: number
  readonly conditions?: readonly ManagedCondition[]
  readonly runningCount?: number
  readonly revision?: string
  readonly rollout?: { readonly state?: string; readonly deploymentId?: string; readonly message?: string }
}

interface ManagedCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export interface JourneyOptions {
  /** `manual`, or how many times as fast as ours AWS's time runs. */
  readonly clock?: string
  readonly images?: Images
  readonly cluster?: ClusterChoice
  /** Which namespaces the operator watches; absent: the journey's own. */
  readonly watches?: 'own' | 'all'
}

/** At this speed a Fargate rollout, which takes minutes, is a matter of seconds. */
const DEFAULT_CLOCK = '60'
/** As many seconds of ours as AWS may show stale news at that speed, and more. */
const SETTLE_SECONDS = 1
const PATIENCE_SECONDS = 60
const POLL_MILLISECONDS = 100
const LOG_TAIL_LINES = 20

/** Path of a folder in `examples/`, or of a file in it. */
export function exampleAt(path: string): string {
  return fileURLToPath(new URL(`../../examples/${path}`, import.meta.url))
}

/** Sets the stage for a test file (`import.meta.url`) and clears it when the file is through. */
export async function startJourney(fileUrl: string, options: JourneyOptions = {}): Promise<Journey> {
  const cluster = await joinCluster(fileUrl, options.cluster)
  const { namespace, kubeconfigPath } = cluster
  const { simulator, operator } = await startPrograms(cluster, options)
  const api = await createApiClient(kubeconfigPath)
  after(() => api.close())
  const inNamespace = (kubectl: Kubectl): Kubectl => {
    return (...args) => kubectl('--namespace', namespace, ...args)
  }
  const kubectl = inNamespace(cluster.kubectl)
  const eventually: Eventually = (what, ask) => waitFor(what, ask, { kubectl, operator })
  let requests = 0
  return {
    namespace,
    kubeconfigPath,
    kubectl,
    applyText: (manifests) => inNamespace(createKubectl(kubeconfigPath, manifests))('apply', '--filename', '-'),
    simulator,
    operator,
    read: (plural, name) => readOne(api, namespace, plural, name),
    eventually,
    reconcileNow: async (object) => {
      const request = `request-${(requests += 1)}`
      await kubectl('annotate', '--overwrite', object, `longshore.dev/reconcile-at=${request}`)
      const handled = ['get', object, '--output=jsonpath={.status.lastHandledReconcileAt}'] as const
      await eventually(`a look at ${object} on ${request}`, async () => (await kubectl(...handled)) === request)
    },
  }
}

async function startPrograms(cluster: TestCluster, options: JourneyOptions) {
  const { clock = DEFAULT_CLOCK, images = {}, watches = 'own' } = options
  const folder = await mkdtemp(join(tmpdir(), 'longshore-journey-'))
  const supervision = superviseIn(folder, ({ name, code }) => process.stderr.write(`${name} ended with ${code}\n`))
  after(() => supervision.stop())
  const operatorKubeconfig = join(folder, 'operator.kubeconfig')
  const [simulatorUrl] = await Promise.all([
    startSimulator({ supervision, folder, clock, images }, AbortSignal.timeout(PATIENCE_SECONDS * 1000)),
    writeOperatorKubeconfig(cluster, operatorKubeconfig),
  ])
  const command = operatorCommand({
    kubeconfigPath: operatorKubeconfig,
    simulatorUrl,
    region: REGION,
    accessKeyId: 'AKIAOPERATOREXAMPLE',
    flags: [
      ...(watches === 'own' ? [`--namespaces=${cluster.namespace}`] : []),
      `--installation-id=${cluster.namespace}`,
      '--leader-elect=false',
      `--settle-seconds=${SETTLE_SECONDS}`,
    ],
  })
  const operator = createOperatorProcess(command)
  await operator.start()
  after(() => operator.kill())
  return { simulator: createSimulatorProcess(simulatorUrl), operator }
}

async function readOne(
  api: ApiClient,
  namespace: string,
  plural: string,
  name: string,
): Promise<ManagedObject | undefined> {
  const list = await api.read(`/apis/longshore.dev/v1alpha1/namespaces/${namespace}/${plural}`)
  return (list as { readonly items: readonly ManagedObject[] }).items.find(({ metadata }) => metadata.name === name)
}

async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { kubectl, operator }: Pick<Journey, 'kubectl' | 'operator'>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000
  while (performance.now() < deadline && operator.failure() === undefined) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await setTimeout(POLL_MILLISECONDS)
  }
  const objects = await kubectl('get', 'longshore', '--output=yaml')
  const log = (await operator.log()).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
  const ended = operator.failure() ? ' (the operator ended by itself)' : ''
  throw new Error(`never seen: ${what}${ended}\n${objects}\nThe end of the operator's log:\n${log}`)
}

/** Condition of an object, when it is about the newest edit. */
export function conditionOf(object: ManagedObject | undefined, type: string): ManagedCondition | undefined {
  const { metadata, status } = object ?? {}
  if (status?.observedGeneration !== metadata?.generation) return undefined
  return status?.conditions?.find((condition) => condition.type === type)
}

/** What still lives in simulated AWS, by service and noun. */
export async function leftovers({ live }: SimulatorProcess): Promise<Readonly<Record<string, number>>> {
  const counts = Object.entries(await live()).flatMap(([service, nouns]) =>
    Object.entries(nouns).map(([noun, count]) => [`${service} ${noun}`, count] as const),
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** Lines of the operator's log that mean a bug. */
export function errorsIn(log: string): readonly string[] {
  return log.split('\n').filter((line) => line.includes('"level":"error"'))
}

/** Whether the newest edit of an object has come true. */
export function isReady(object: ManagedObject | undefined): boolean {
  return conditionOf(object, 'Ready')?.status === 'True'
}
