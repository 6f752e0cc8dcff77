import type { ApiClient } from '../control-plane/api-client.ts'
import type { Screen } from './screen.ts'

/** An object of ours as far as the demo looks at it. */
export interface DemoObject {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly generation?: number; readonly deletionTimestamp?: string }
  readonly spec?: { readonly desiredCount?: number }
  readonly status?: DemoStatus
}

interface DemoStatus {
  readonly observedGeneration?: number
  readonly conditions?: readonly DemoCondition[]
  readonly runningCount?: number
  readonly pendingCount?: number
  readonly taskDefinitionArn?: string
}

interface DemoCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** Where the demo applies the example. */
export const NAMESPACE = 'demo'

const PLURALS = ['ecrrepositories', 'ecsclusters', 'ecsservices']

/** All objects of the demo's kinds. */
export async function readObjects(api: ApiClient): Promise<readonly DemoObject[]> {
  const lists = await Promise.all(
    PLURALS.map((plural) =>
      readItems<DemoObject>(api, `/apis/longshore.dev/v1alpha1/namespaces/${NAMESPACE}/${plural}`),
    ),
  )
  return lists.flat()
}

/** What the API server answers is what its own schema admits. */
export async function readItems<Item>(api: ApiClient, path: string): Promise<readonly Item[]> {
  const list = await api.read(path)
  return (list as { readonly items: readonly Item[] }).items
}

export function conditionOf(object: DemoObject, type: string): DemoCondition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type)
}

/** Ready, and about the newest edit. */
export function isReady(object: DemoObject): boolean {
  return (
    object.status?.observedGeneration === object.metadata.generation && conditionOf(object, 'Ready')?.status === 'True'
  )
}

/** One line that says where an object stands. */
function summaryOf(object: DemoObject): string {
  return [nameOf(object), ...readiness(object), ...counts(object), ...revision(object)].join('  ')
}

function nameOf({ kind, metadata }: DemoObject): string {
  return `${kind}/${metadata.name}${metadata.deletionTimestamp ? ' (being deleted)' : ''}`
}

function readiness(object: DemoObject): readonly string[] {
  const ready = conditionOf(object, 'Ready')
  return ready ? [`Ready=${ready.status} ${ready.reason}`, ready.message] : ['(no status yet)']
}

function counts({ spec, status }: DemoObject): readonly string[] {
  if (status?.runningCount === undefined) return []
  return [`running ${status.runningCount} of ${spec?.desiredCount ?? '?'}, pending ${status.pendingCount ?? 0}`]
}

/** `arn:aws:ecs:us-east-1:123456789012:task-definition/family:3` → `family:3`. */
function revision({ status }: DemoObject): readonly string[] {
  const name = status?.taskDefinitionArn?.split('/').at(-1)
  return name === undefined ? [] : [name]
}

/** All of them, for a message. */
export function describeObjects(objects: readonly DemoObject[]): string {
  return objects.length === 0 ? '  no objects' : objects.map((object) => `  ${summaryOf(object)}`).join('\n')
}

/** Prints an object whenever its line differs from the last one printed for it; call it again and again. */
export function createObjectLog(api: ApiClient, screen: Screen): () => Promise<void> {
  let shown = new Map<string, string>()
  return async () => {
    const now = new Map(
      (await readObjects(api)).map((object) => [`${object.kind}/${object.metadata.name}`, summaryOf(object)]),
    )
    for (const [name, summary] of now) if (shown.get(name) !== summary) screen.line('object', summary)
    for (const name of shown.keys()) if (!now.has(name)) screen.line('object', `${name}  gone`)
    shown = now
  }
}
