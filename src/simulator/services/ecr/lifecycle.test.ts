import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  ListImagesCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr'
import { createTestAws, type TestAws } from '../../../../test/support/aws.ts'
import { expiriesOf } from './lifecycle-evaluation.ts'
import { parseLifecyclePolicy } from './lifecycle-rules.ts'
import type { ImageState } from './state.ts'

interface Selection {
  readonly tagStatus: string
  readonly tagPrefixList?: readonly string[]
  readonly tagPatternList?: readonly string[]
  readonly countType: string
  readonly countNumber: unknown
  readonly countUnit?: string
}

function policyOf(...selections: readonly Selection[]): string {
  const rules = selections.map((selection, index) => ({
    rulePriority: index + 1,
    selection,
    action: { type: 'expire' },
  }))
  return JSON.stringify({ rules })
}

const keepTen = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
const DAY_SECONDS = 24 * 3600
const NAME = { repositoryName: 'app' }

async function pushed(count: number): Promise<{ aws: TestAws; client: ECRClient }> {
  const aws = createTestAws({ throttling: 'off' })
  const client = new ECRClient(aws.clientConfig)
  await client.send(new CreateRepositoryCommand(NAME))
  for (let index = 1; index <= count; index++) {
    await client.send(new PutImageCommand({ ...NAME, imageManifest: `{"n":${index}}`, imageTag: `v${index}` }))
    await aws.advance(1)
  }
  return { aws, client }
}

async function tagsOf(client: ECRClient): Promise<string[]> {
  const { imageIds = [] } = await client.send(new ListImagesCommand(NAME))
  return imageIds
    .map(({ imageTag = '' }) => imageTag)
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))
}

test('the eleventh image expires, the oldest first, within a day and not at once', async () => {
  const { aws, client } = await pushed(11)
  await client.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: policyOf(keepTen) }))
  assert.equal((await tagsOf(client)).length, 11)

  await aws.advance(DAY_SECONDS)

  assert.deepEqual(await tagsOf(client), ['v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10', 'v11'])
  const { lastEvaluatedAt } = await client.send(new GetLifecyclePolicyCommand(NAME))
  assert.equal(lastEvaluatedAt?.getTime(), aws.clock.now())
})

test('a policy goes on day after day', async () => {
  const { aws, client } = await pushed(3)
  const selection = { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 3 }
  await client.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: policyOf(selection) }))

  await aws.advance(2 * DAY_SECONDS)
  assert.equal((await tagsOf(client)).length, 3)

  await aws.advance(2 * DAY_SECONDS)
  assert.deepEqual(await tagsOf(client), [])
})

for (const { fact, stop } of [
  { fact: 'its deletion', stop: (client: ECRClient) => client.send(new DeleteLifecyclePolicyCommand(NAME)) },
  {
    fact: 'another policy',
    stop: (client: ECRClient) =>
      client.send(
        new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: policyOf({ ...keepTen, countNumber: 500 }) }),
      ),
  },
  {
    fact: 'the deletion of its repository, also when the name is used again',
    stop: async (client: ECRClient) => {
      await client.send(new DeleteRepositoryCommand({ ...NAME, force: true }))
      await client.send(new CreateRepositoryCommand(NAME))
      for (let index = 1; index <= 11; index++)
        await client.send(new PutImageCommand({ ...NAME, imageManifest: `{"again":${index}}` }))
    },
  },
]) {
  test(`a policy ends with ${fact}`, async () => {
    const { aws, client } = await pushed(11)
    await client.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: policyOf(keepTen) }))
    await stop(client)

    await aws.advance(3 * DAY_SECONDS)

    assert.equal((await tagsOf(client)).length, 11)
  })
}

test('a deleted repository leaves nothing scheduled', async () => {
  const { aws, client } = await pushed(1)
  await client.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: policyOf(keepTen) }))
  await client.send(new DeleteRepositoryCommand({ ...NAME, force: true }))

  await aws.advance(DAY_SECONDS)

  assert.equal(aws.clock.pending(), 0)
})

/** Images named by their tags, the oldest first, one pushed each day; `-` has no tag. */
function imagesPushedDaily(...tags: readonly string[]): ImageState[] {
  return tags.map((text, index) => ({
    digest: `sha256:${index}`,
    manifest: '{}',
    mediaType: 'x',
    sizeBytes: 0,
    pushedAtMs: index * DAY_SECONDS * 1000,
    tags: text === '-' ? [] : text.split(' '),
  }))
}

const evaluations: readonly {
  fact: string
  rules: readonly Selection[]
  images: readonly string[]
  expired: readonly number[]
}[] = [
  {
    fact: 'expires nothing while the count is kept',
    rules: [{ ...keepTen, countNumber: 3 }],
    images: ['a', 'b', 'c'],
    expired: [],
  },
  {
    fact: 'expires the oldest beyond the count',
    rules: [{ ...keepTen, countNumber: 1 }],
    images: ['a', 'b', 'c'],
    expired: [0, 1],
  },
  {
    fact: 'untagged rules leave tagged images alone',
    rules: [{ ...keepTen, tagStatus: 'untagged', countNumber: 1 }],
    images: ['-', 'a', '-', 'b', '-'],
    expired: [0, 2],
  },
  {
    fact: 'prefixes select',
    rules: [{ ...keepTen, tagStatus: 'tagged', tagPrefixList: ['dev'], countNumber: 1 }],
    images: ['dev-1', 'prod-1', 'dev-2'],
    expired: [0],
  },
  {
    fact: 'an image must meet every one of several patterns',
    rules: [{ ...keepTen, tagStatus: 'tagged', tagPatternList: ['*dev*', 'v*'], countNumber: 1 }],
    images: ['dev', 'v1', 'v2 x-dev', 'v3 dev-y'],
    expired: [2],
  },
  {
    fact: 'age counts in whole days, and an image of exactly that age stays',
    rules: [{ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 3 }],
    images: ['a', 'b', 'c', 'd', 'e'],
    expired: [0, 1],
  },
  {
    fact: 'an image that a first rule keeps is not expired by a later one, which still counts it',
    rules: [
      { ...keepTen, tagStatus: 'tagged', tagPrefixList: ['prod'], countNumber: 2 },
      { ...keepTen, countNumber: 2 },
    ],
    images: ['prod-1', 'dev-1', 'dev-2', 'prod-2'],
    expired: [1],
  },
  {
    fact: 'each rule counts on its own',
    rules: [
      { ...keepTen, tagStatus: 'untagged', countNumber: 1 },
      { ...keepTen, tagStatus: 'tagged', tagPrefixList: ['dev'], countNumber: 1 },
    ],
    images: ['-', '-', 'dev-1', 'dev-2'],
    expired: [0, 2],
  },
]
for (const { fact, rules, images, expired } of evaluations) {
  test(fact, () => {
    const states = imagesPushedDaily(...images)
    const nowMs = 5 * DAY_SECONDS * 1000

    const expiries = expiriesOf(parseLifecyclePolicy(policyOf(...rules)), states, nowMs)

    assert.deepEqual(new Set(expiries.map(({ image }) => states.indexOf(image))), new Set(expired))
  })
}

for (const { fact, text, message } of [
  { fact: 'text that is no JSON', text: '{', message: /not valid JSON/ },
  { fact: 'no rules', text: '{"rules":[]}', message: /rules must be a list/ },
  {
    fact: 'an unknown tag status',
    text: policyOf({ ...keepTen, tagStatus: 'all' }),
    message: /rules\[0\].selection.tagStatus must be one of/,
  },
  {
    fact: 'a tagged rule without tags',
    text: policyOf({ ...keepTen, tagStatus: 'tagged' }),
    message: /tagPrefixList or tagPatternList is required/,
  },
  {
    fact: 'an untagged rule with tags',
    text: policyOf({ ...keepTen, tagStatus: 'untagged', tagPrefixList: ['a'] }),
    message: /only for them/,
  },
  {
    fact: 'prefixes and patterns',
    text: policyOf({ ...keepTen, tagStatus: 'tagged', tagPrefixList: ['a'], tagPatternList: ['b'] }),
    message: /exclude each other/,
  },
  {
    fact: 'five wildcards',
    text: policyOf({ ...keepTen, tagStatus: 'tagged', tagPatternList: ['*a*b*c*d*'] }),
    message: /at most 4 wildcards/,
  },
  {
    fact: 'a count of nothing',
    text: policyOf({ ...keepTen, countNumber: 0 }),
    message: /countNumber must be a whole number above 0/,
  },
  {
    fact: 'an age without its unit',
    text: policyOf({ ...keepTen, countType: 'sinceImagePushed' }),
    message: /countUnit must be one of days/,
  },
  {
    fact: 'a number of images with a unit',
    text: policyOf({ ...keepTen, countUnit: 'days' }),
    message: /countUnit is only for sinceImagePushed/,
  },
  {
    fact: 'a rule for any image before others',
    text: policyOf(keepTen, { ...keepTen, tagStatus: 'untagged' }),
    message: /must have the highest rulePriority/,
  },
  {
    fact: 'the same priority twice',
    text: JSON.stringify({
      rules: [1, 1].map((rulePriority) => ({
        rulePriority,
        selection: { ...keepTen, tagStatus: 'untagged' },
        action: { type: 'expire' },
      })),
    }),
    message: /rulePriority must be unique/,
  },
  {
    fact: 'an action other than expiry',
    text: policyOf(keepTen).replace('expire', 'transition'),
    message: /action.type must be expire/,
  },
]) {
  test(`a policy refuses ${fact}`, () => {
    assert.throws(() => parseLifecyclePolicy(text), { code: 'InvalidParameterException', message })
  })
}
