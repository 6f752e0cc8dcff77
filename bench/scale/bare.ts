import { inParallel, nameOf, repositories } from './objects.ts'
import type { Stage } from './stage.ts'

/** What the operator has written into each of `count` objects. */
export async function readStatuses(stage: Stage, namespace: string, count: number): Promise<readonly unknown[]> {
  const { items } = await stage.cluster.list(repositories, { namespace }, stage.signal)
  const statuses = new Map(items.map(({ metadata, status }) => [metadata.name, status]))
  return Array.from({ length: count }, (_, index) => statuses.get(nameOf(index)))
}

/** Gives each object its status, `width` at a time, as any client would: what this API server takes at most. */
export async function writeStatuses(stage: Stage, namespace: string, statuses: readonly unknown[], width: number) {
  await inParallel(statuses.length, width, async (index) => {
    const patch = { fieldManager: 'bench', subresource: 'status', body: { status: statuses[index] } } as const
    await stage.cluster.mergePatch(repositories, { namespace, name: nameOf(index) }, patch, stage.signal)
  })
}
