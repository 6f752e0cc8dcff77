import { setTimeout } from 'node:timers/promises'
import type { LoggedCall } from '../../../src/simulator/call-log.ts'
import { NAMESPACE } from './release.ts'
import type { KindStage } from './stage.ts'

/** A pod of the operator. */
export interface OperatorPod {
  readonly name: string
  readonly uid: string
  readonly address: string
  readonly isReady: boolean
  readonly restarts: number
  /** Why its container ended the last time: `OOMKilled`, `Error`. */
  readonly lastEnd?: string
}

/** Who has the lease, and since when in milliseconds since the epoch. */
export interface Holder {
  readonly pod: string
  readonly sinceMs: number
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string }
    readonly status: {
      readonly podIP?: string
      readonly containerStatuses?: readonly {
        readonly ready: boolean
        readonly restartCount: number
        readonly lastState: { readonly terminated?: { readonly reason: string } }
      }[]
    }
  }[]
}

const SELECTOR = 'app.kubernetes.io/component=operator'
const POLL_MILLISECONDS = 100
const PATIENCE_MILLISECONDS = 180_000

/** The operator's pods that are not about to go. */
export async function operatorPods({ kubectl }: KindStage): Promise<readonly OperatorPod[]> {
  const json = await kubectl('get', 'pods', '--namespace', NAMESPACE, '--selector', SELECTOR, '--output=json')
  const { items }: PodList = JSON.parse(json)
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata: { name, uid }, status: { podIP = '', containerStatuses: [container] = [] } }) => {
      const lastEnd = container?.lastState.terminated?.reason
      const common = { name, uid, address: podIP, isReady: container?.ready ?? false }
      return { ...common, restarts: container?.restartCount ?? 0, ...(lastEnd !== undefined && { lastEnd }) }
    })
}

/** undefined: nobody leads. */
async function holder({ kubectl }: KindStage): Promise<Holder | undefined> {
  const path = '{.spec.holderIdentity} {.spec.acquireTime}'
  const text = await kubectl('get', 'lease', 'longshore', '--namespace', NAMESPACE, `--output=jsonpath=${path}`)
  const [identity = '', time = ''] = text.split(' ')
  // The host name, which is the pod's, and a few letters that tell the process.
  const pod = identity.slice(0, identity.lastIndexOf('-'))
  return pod === '' ? undefined : { pod, sinceMs: Date.parse(time) }
}

/** Waits until somebody leads who did not before. */
export async function nextLeader(stage: KindStage, before?: Holder): Promise<Holder> {
  return eventually('another leader', async () => {
    const now = await holder(stage)
    return now !== undefined && now.sinceMs !== before?.sinceMs ? now : undefined
  })
}

/** The pod that leads, and is there to stay. */
export async function leadingPod(stage: KindStage): Promise<OperatorPod & { readonly holder: Holder }> {
  return eventually('a pod that leads', async () => {
    const now = await holder(stage)
    const pod = (await operatorPods(stage)).find(({ name }) => name === now?.pod)
    return now !== undefined && pod !== undefined ? { ...pod, holder: now } : undefined
  })
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await setTimeout(POLL_MILLISECONDS)
  }
  throw new Error(`waited in vain for ${what}`)
}

/** Sends a signal to the operator in a pod, as nobody in the cluster could; answers when that was. */
export async function signalPod({ onNode }: KindStage, pod: OperatorPod, signal: 'KILL' | 'TERM'): Promise<number> {
  // The systemd driver writes a uid with underscores into the names of cgroups.
  const uid = pod.uid.replaceAll('-', '[-_]')
  const script = `
    for folder in /proc/[0-9]*; do
      if grep -qs 'pod${uid}' $folder/cgroup && grep -qs longshore.js $folder/cmdline; then
        date +%s%3N; kill -${signal} \${folder#/proc/}; exit
      fi
    done; exit 1`
  return Number(await onNode('bash', '-c', script))
}

/** Takes the API server away from a pod without telling it, packets and all; answers how to give it back. */
export async function cutOff({ onNode }: KindStage, { address }: OperatorPod): Promise<() => Promise<void>> {
  const rule = ['INPUT', '--source', address, '--protocol', 'tcp', '--dport', '6443', '--jump', 'DROP']
  await onNode('iptables', '--insert', ...rule)
  return async () => void (await onNode('iptables', '--delete', ...rule))
}

/** Calls that changed AWS, by the pod that made them, oldest first. */
export async function writers({ simulator }: KindStage): Promise<readonly (LoggedCall & { readonly pod: string })[]> {
  return (await simulator.writes()).map((call) => ({ ...call, pod: / app\/(\S+)/.exec(call.userAgent)?.[1] ?? '' }))
}

interface StatsSummary {
  readonly pods: readonly {
    readonly podRef: { readonly namespace: string; readonly name: string }
    readonly containers?: readonly { readonly memory?: { readonly workingSetBytes?: number } }[]
  }[]
}

/** Working sets as kubelet sees them, in MiB, by the operator's pod; some seconds old. */
export async function workingSets({ kubectl }: KindStage): Promise<ReadonlyMap<string, number>> {
  const node = (await kubectl('get', 'nodes', '--output=jsonpath={.items[0].metadata.name}')).trim()
  const { pods }: StatsSummary = JSON.parse(await kubectl('get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`))
  const ours = pods.filter(({ podRef }) => podRef.namespace === NAMESPACE)
  return new Map(
    ours.map(({ podRef, containers: [container] = [] }) => {
      return [podRef.name, (container?.memory?.workingSetBytes ?? 0) / 2 ** 20]
    }),
  )
}
