import { inParallel, nameOf, repositories } from './objects.ts'
import type { Stage } from './stage.ts'

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

/** What the operator writes, field for field. */
const STATUS = {
  repositoryName: 'bench/repository-00000',
  arn: 'arn:aws:ecr:us-east-1:123456789012:repository/bench/repository-00000',
  url: `${HOST}/bench/repository-00000`,
  registryId: '123456789012',
  createdAt: '2026-01-01T00:00:00.000Z',
  observedGeneration: 1,
  reconciledGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'InSync',
      message: 'AWS matches the spec',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
    },
  ],
  accountId: '123456789012',
  region: 'us-east-1',
  inventory: [
    {
      name: 'repository',
      type: 'ecr-repository',
      id: 'bench/repository-00000',
      origin: 'Created',
      retain: false,
      dependsOn: [],
      memo: { tagKeys: '["team"]' },
      createdAt: '2026-01-01T00:00:00Z',
    },
  ],
}

/** Gives each of `count` objects a status, `width` at a time, as any client would: what this API server takes at most. */
export async function writeStatuses(stage: Stage, namespace: string, count: number, width: number): Promise<void> {
  await inParallel(count, width, async (index) => {
    const patch = { fieldManager: 'bench', subresource: 'status', body: { status: STATUS } } as const
    await stage.cluster.mergePatch(repositories, { namespace, name: nameOf(index) }, patch, stage.signal)
  })
}
