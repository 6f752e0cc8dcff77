import { after } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { kinds } from '../../src/app/kinds.ts'
import { type ApiClient, createApiClient } from '../../tools/control-plane/api-client.ts'
import { type Kubectl, createKubectl } from '../../tools/control-plane/kubectl.ts'

const PAUSE_MILLISECONDS = 250
const FOREGROUND = 'foregroundDeletion'

/** Where the collector looks: our kinds and those of Argo CD. */
const OURS = kinds.map(({ presentation }) => `longshore.dev/v1alpha1/${presentation.plural}`)
const APPLICATIONS = 'argoproj.io/v1alpha1/applications'
const OWNERS = 'argoproj.io/v1alpha1/applicationsets'

interface Metadata {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  readonly deletionTimestamp?: string
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly { readonly uid: string }[]
}

/**
 * Does what the garbage collector of kube-controller-manager does, which these control planes do not have, as far as GitOps needs
 * it: Argo CD deletes in the foreground, which ends when nothing depends on the object, and nothing does on ours; and an
 * Application goes with the ApplicationSet that made it.
 */
export async function startGarbageCollector(kubeconfigPath: string): Promise<void> {
  const kubectl = createKubectl(kubeconfigPath)
  const api = await createApiClient(kubeconfigPath)
  const ending = new AbortController()
  const work = collect({ kubectl, api, signal: ending.signal })
  after(async () => {
    ending.abort()
    await work
    api.close()
  })
}

interface Collector {
  readonly kubectl: Kubectl
  readonly api: ApiClient
  readonly signal: AbortSignal
}

async function collect(collector: Collector): Promise<void> {
  while (!collector.signal.aborted) {
    // At the end of a test the API server may be gone first.
    await collectOnce(collector).catch(() => undefined)
    await setTimeout(PAUSE_MILLISECONDS)
  }
}

async function collectOnce(collector: Collector): Promise<void> {
  for (const type of OURS) await endForegroundDeletions(collector, type)
  await deleteOrphans(collector)
}

async function endForegroundDeletions(collector: Collector, type: string): Promise<void> {
  for (const { name, namespace, resourceVersion, deletionTimestamp, finalizers = [] } of await list(collector, type)) {
    if (deletionTimestamp === undefined || !finalizers.includes(FOREGROUND)) continue
    const others = finalizers.filter((finalizer) => finalizer !== FOREGROUND)
    const patch = JSON.stringify({ metadata: { resourceVersion, finalizers: others } })
    const object = `${type.split('/').at(-1)}.longshore.dev/${name}`
    // Somebody else wrote in between: there is a next time.
    await collector
      .kubectl('patch', object, '--namespace', namespace, '--type=merge', `--patch=${patch}`)
      .catch(() => undefined)
  }
}

async function deleteOrphans(collector: Collector): Promise<void> {
  const owners = new Set((await list(collector, OWNERS)).map(({ uid }) => uid))
  for (const { name, namespace, deletionTimestamp, ownerReferences = [] } of await list(collector, APPLICATIONS)) {
    const isOrphan = ownerReferences.length > 0 && ownerReferences.every(({ uid }) => !owners.has(uid))
    if (!isOrphan || deletionTimestamp !== undefined) continue
    await collector.kubectl('delete', `application/${name}`, '--namespace', namespace, '--wait=false')
  }
}

async function list({ api }: Collector, type: string): Promise<readonly Metadata[]> {
  const answer = (await api.read(`/apis/${type}`)) as { readonly items: readonly { readonly metadata: Metadata }[] }
  return answer.items.map(({ metadata }) => metadata)
}
