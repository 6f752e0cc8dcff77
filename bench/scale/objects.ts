import { kinds } from '../../src/app/kinds.ts'
import type { KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { resourceTypeOf } from '../../src/reconciler/api.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import type { Stage } from './stage.ts'

const kind = kinds.find((candidate) => candidate.kind === 'EcrRepository')
if (kind === undefined) throw new Error('EcrRepository is gone')
export const repositories: ResourceType = resourceTypeOf(kind)

/** What it takes to get at the objects. */
type Reach = Pick<Stage, 'cluster' | 'signal'>

const CREATORS = 32

/** Creates `count` repositories of a usual size. */
export async function createObjects({ cluster, signal }: Reach, namespace: string, count: number): Promise<void> {
  await inParallel(count, CREATORS, async (index) => {
    await cluster.create(repositories, repository(namespace, nameOf(index)), 'bench', signal)
  })
}

/** Takes the status off every object, as a restored backup would. */
export async function dropStatuses({ cluster, signal }: Reach, namespace: string, count: number): Promise<void> {
  await inParallel(count, CREATORS, async (index) => {
    const patch = { fieldManager: 'bench', subresource: 'status', body: { status: null } } as const
    await cluster.mergePatch(repositories, { namespace, name: nameOf(index) }, patch, signal)
  })
}

export function nameOf(index: number): string {
  return `repository-${String(index).padStart(5, '0')}`
}

function repository(namespace: string, name: string): KubeObject {
  const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
  return {
    apiVersion: `${repositories.group}/${repositories.version}`,
    kind: repositories.kind,
    metadata: { name, namespace },
    spec: {
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy: { rules: [{ rulePriority: 1, description: 'ten', selection, action: { type: 'expire' } }] },
      tags: [{ key: 'team', value: 'bench' }],
    },
  }
}

/** Resolves when all objects are Ready. */
export async function untilAllReady({ cluster, signal }: Reach, namespace: string, count: number): Promise<void> {
  const ready = new Set<string>()
  const list = await cluster.list(repositories, { namespace }, signal)
  for (const item of list.items) note(ready, item)
  if (ready.size >= count) return
  const options = { namespace, resourceVersion: list.resourceVersion, timeoutSeconds: 1800 }
  for await (const event of cluster.watch(repositories, options, signal)) {
    if (event.type !== 'BOOKMARK') note(ready, event.object)
    if (ready.size >= count) return
  }
  throw new Error(`after half an hour only ${ready.size} of ${count} objects are ready`)
}

function note(ready: Set<string>, object: KubeObject): void {
  const isReady = statusOf(object).conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (isReady === true) ready.add(object.metadata.name)
}

/** Does `work` for 0 … count - 1, `width` at a time. */
export async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
