import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateRepositoryCommand,
  ECRClient,
  GetLifecyclePolicyPreviewCommand,
  ListImagesCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr'
import { createTestAws } from '../../../../test/support/aws.ts'

const NAME = { repositoryName: 'app' }

function keeping(count: number): string {
  const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: count }
  return JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] })
}

async function repositoryOf(count: number) {
  const aws = createTestAws({ throttling: 'off' })
  const ecr = new ECRClient(aws.clientConfig)
  await ecr.send(new CreateRepositoryCommand(NAME))
  for (let index = 1; index <= count; index += 1) {
    await ecr.send(new PutImageCommand({ ...NAME, imageManifest: `{"n":${index}}`, imageTag: `v${index}` }))
    await aws.advance(1)
  }
  return { aws, ecr }
}

test('a preview tells what would expire and by which rule, after a while, and nothing expires', async () => {
  const { aws, ecr } = await repositoryOf(3)

  const text = keeping(1)
  const started = await ecr.send(new StartLifecyclePolicyPreviewCommand({ ...NAME, lifecyclePolicyText: text }))
  const early = await ecr.send(new GetLifecyclePolicyPreviewCommand(NAME))
  await aws.advance(5)
  const {
    status,
    previewResults = [],
    summary,
    lifecyclePolicyText,
  } = await ecr.send(new GetLifecyclePolicyPreviewCommand(NAME))

  assert.deepEqual([started.status, early.status, status], ['IN_PROGRESS', 'IN_PROGRESS', 'COMPLETE'])
  assert.equal(early.previewResults, undefined)
  assert.equal(lifecyclePolicyText, text)
  assert.deepEqual(summary, { expiringImageTotalCount: 2 })
  assert.deepEqual(previewResults.flatMap(({ imageTags = [] }) => imageTags).toSorted(), ['v1', 'v2'])
  assert.deepEqual(
    previewResults.map(({ action, appliedRulePriority }) => [action?.type, appliedRulePriority]),
    [
      ['EXPIRE', 1],
      ['EXPIRE', 1],
    ],
  )
  assert.equal((await ecr.send(new ListImagesCommand(NAME))).imageIds?.length, 3)
})

test('without a text the policy in force is looked at', async () => {
  const { aws, ecr } = await repositoryOf(2)
  await assert.rejects(ecr.send(new StartLifecyclePolicyPreviewCommand(NAME)), {
    name: 'LifecyclePolicyNotFoundException',
  })
  await ecr.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: keeping(1) }))

  await ecr.send(new StartLifecyclePolicyPreviewCommand(NAME))
  await aws.advance(5)

  const { summary } = await ecr.send(new GetLifecyclePolicyPreviewCommand(NAME))
  assert.equal(summary?.expiringImageTotalCount, 1)
})

test('there is one preview at a time, and none before the first', async () => {
  const { aws, ecr } = await repositoryOf(1)
  const start = () => ecr.send(new StartLifecyclePolicyPreviewCommand({ ...NAME, lifecyclePolicyText: keeping(1) }))
  await assert.rejects(ecr.send(new GetLifecyclePolicyPreviewCommand(NAME)), {
    name: 'LifecyclePolicyPreviewNotFoundException',
  })
  await start()
  await assert.rejects(start(), { name: 'LifecyclePolicyPreviewInProgressException' })
  await aws.advance(5)

  assert.equal((await start()).status, 'IN_PROGRESS')
})

test('results come in pages', async () => {
  const { aws, ecr } = await repositoryOf(5)
  await ecr.send(new StartLifecyclePolicyPreviewCommand({ ...NAME, lifecyclePolicyText: keeping(1) }))
  await aws.advance(5)

  const first = await ecr.send(new GetLifecyclePolicyPreviewCommand({ ...NAME, maxResults: 3 }))
  const second = await ecr.send(new GetLifecyclePolicyPreviewCommand({ ...NAME, nextToken: first.nextToken }))

  assert.deepEqual([first.previewResults?.length, second.previewResults?.length], [3, 1])
  assert.equal(second.nextToken, undefined)
})

test('a policy that ECR refuses has no preview', async () => {
  const { ecr } = await repositoryOf(1)

  await assert.rejects(
    ecr.send(new StartLifecyclePolicyPreviewCommand({ ...NAME, lifecyclePolicyText: '{"rules":[]}' })),
    { name: 'InvalidParameterException' },
  )
})
