import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answers, answerError, createAnsweringAws } from '../../../test/support/answering-aws.ts'
import { failureCodeFrom } from '../../core/failure.ts'
import { ownershipTags, type Tags } from '../../core/owner.ts'
import { findOwnedRepositories, observeRepository, partsOfRepository } from './observe.ts'
import type { GlancedRepository, ObservedRepository } from './state.ts'

const live = new AbortController().signal
const owner = { installationId: 'i', namespace: 'demo', kind: 'EcrRepository', name: 'hello' }
const ours = ownershipTags(owner)

function wire(repositoryName: string): object {
  return {
    repositoryName,
    repositoryArn: `arn:${repositoryName}`,
    repositoryUri: `uri:${repositoryName}`,
    registryId: '1',
  }
}

function tagList(tags: Tags): object {
  return { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

const answers: Answers = {
  DescribeRepositories: ({ repositoryNames }) => ({
    repositories: ((repositoryNames as string[] | undefined) ?? ['a', 'b']).map(wire),
  }),
  ListTagsForResource: () => tagList(ours),
  GetLifecyclePolicy: () => ({ lifecyclePolicyText: '{"rules":[]}' }),
  GetRepositoryPolicy: () => answerError('RepositoryPolicyNotFoundException'),
  DescribeImages: () => ({ imageDetails: [{ imageDigest: 'sha256:a', imageTags: ['v1'] }] }),
  ListImages: () => ({ imageIds: [{ imageTag: 'v1' }] }),
}

/** As the engine has it: what cannot be looked at is unknown. */
function unknown(error: unknown) {
  return { type: 'unknown', code: failureCodeFrom(error) } as const
}

async function observe(
  overrides: Answers,
  options: Partial<Record<'leaving' | 'glance' | 'thorough', boolean>> & {
    readonly keys?: readonly string[]
    readonly parts?: readonly string[]
    readonly before?: Parameters<typeof observeRepository>[0]['before']
  } = {},
) {
  const { run, sent } = createAnsweringAws({ ...answers, ...overrides })
  const ids = (options.keys ?? ['a']).map((key) => ({
    owner,
    name: 'repository',
    key,
    parts: options.parts ?? ['lifecycle-policy', 'policy'],
    leaving: options.leaving ?? false,
    glance: options.glance ?? false,
    thorough: options.thorough ?? false,
    ...(options.before && { before: options.before }),
  }))
  const place = { accountId: '1', region: 'r', partition: 'aws' }
  const seen = await run((aws) =>
    Promise.all(ids.map((id) => observeRepository(id, { ...place, aws }, live).catch(unknown))),
  )
  return { seen, operations: sent.map(({ operation }) => operation) }
}

function isRead(seen: ObservedRepository | GlancedRepository): seen is ObservedRepository {
  return seen.isGlance !== true
}

test('a glance reads the settings of many repositories in one call, and nothing else', async () => {
  const { seen, operations } = await observe({}, { glance: true, keys: ['a', 'b'] })

  assert.deepEqual(operations, ['DescribeRepositories'])
  assert.deepEqual(
    seen.map(
      (each) => each.type === 'known' && each.items.map(({ repositoryName, isGlance }) => [repositoryName, isGlance]),
    ),
    [[['a', true]], [['b', true]]],
  )
})

test('a repository of ours is known with its policies, whether or not it has any', async () => {
  const { seen } = await observe({})

  const [first] = seen
  assert.equal(first?.type, 'known')
  assert.deepEqual(
    first.type === 'known' &&
      first.items.filter(isRead).map(({ tags, lifecyclePolicyText, policyText, hasImages }) => ({
        tags,
        lifecyclePolicyText,
        policyText,
        hasImages,
      })),
    [{ tags: ours, lifecyclePolicyText: '{"rules":[]}', policyText: undefined, hasImages: undefined }],
  )
})

const policy = { text: '{}', field: 'spec.policyText' }
for (const { fact, desired, reads } of [
  { fact: 'neither policy is read when the spec mentions none', desired: {}, reads: [] },
  { fact: 'a lifecycle policy is read alone', desired: { lifecyclePolicy: policy }, reads: ['GetLifecyclePolicy'] },
  { fact: 'a repository policy is read alone', desired: { policy }, reads: ['GetRepositoryPolicy'] },
]) {
  test(fact, async () => {
    const parts = partsOfRepository({ repositoryName: 'a', tags: { owner: ours, wanted: undefined }, ...desired })
    const { operations } = await observe({}, { parts })

    assert.deepEqual(operations, ['DescribeRepositories', 'ListTagsForResource', ...reads])
  })
}

const all = ['DescribeRepositories', 'ListTagsForResource', 'GetLifecyclePolicy', 'GetRepositoryPolicy']
for (const { fact, steps, isAnother = false, reads } of [
  { fact: 'a setting', steps: ['set-scan-on-push', 'set-tag-mutability'], reads: ['DescribeRepositories'] },
  { fact: 'a tag', steps: ['tag'], reads: ['DescribeRepositories', 'ListTagsForResource'] },
  { fact: 'tags taken off', steps: ['untag'], reads: ['DescribeRepositories', 'ListTagsForResource'] },
  {
    fact: 'a lifecycle policy',
    steps: ['put-lifecycle-policy'],
    reads: ['DescribeRepositories', 'GetLifecyclePolicy'],
  },
  { fact: 'none', steps: ['delete-policy', 'tag'], reads: all.filter((call) => call !== 'GetLifecyclePolicy') },
  { fact: 'what has become another repository', steps: ['set-scan-on-push'], isAnother: true, reads: all },
]) {
  test(`after a step that sets ${fact} only what it touched is read again`, async () => {
    const first = await observe({})
    const [seen] = first.seen
    if (seen?.type !== 'known') return assert.fail('not known')
    const items = seen.items.map((item) => ({ ...item, ...(isAnother && { createdAt: '2020-01-01T00:00:00.000Z' }) }))

    const again = await observe({}, { before: { items, steps } })

    assert.deepEqual(again.operations, reads)
    assert.deepEqual(again.seen, first.seen)
  })
}

test('images are looked for only in a repository that goes', async () => {
  const staying = await observe({})
  const leaving = await observe({}, { leaving: true })

  assert.ok(!staying.operations.includes('ListImages'))
  const [seen] = leaving.seen
  assert.equal(seen?.type === 'known' && seen.items.filter(isRead)[0]?.hasImages, true)
})

test('a repository that is not there is known to be absent', async () => {
  const { seen } = await observe({ DescribeRepositories: () => answerError('RepositoryNotFoundException') })

  assert.deepEqual(seen, [{ type: 'known', items: [] }])
})

test('a repository of another object is foreign, and its policies are none of our business', async () => {
  const tags = { ...ours, 'longshore.dev/name': 'other' }
  const { seen, operations } = await observe({ ListTagsForResource: () => tagList(tags) })

  const message = 'ECR repository a exists and belongs to EcrRepository demo/other of installation i'
  assert.deepEqual(seen, [{ type: 'foreign', message }])
  assert.ok(!operations.includes('GetRepositoryPolicy'))
})

test('a repository that nobody owns is foreign and shows what taking it over would mean', async () => {
  const { seen } = await observe({ ListTagsForResource: () => tagList({ team: 'blue' }) })

  const [first] = seen
  assert.equal(
    first?.type === 'foreign' && first.message,
    'ECR repository a exists and belongs to somebody else (it carries no tags of ours)',
  )
  assert.deepEqual(
    first?.type === 'foreign' &&
      first.items?.filter(isRead).map(({ tags, lifecyclePolicyText }) => ({ tags, lifecyclePolicyText })),
    [{ tags: { team: 'blue' }, lifecyclePolicyText: '{"rules":[]}' }],
  )
})

for (const operation of ['DescribeRepositories', 'ListTagsForResource', 'GetLifecyclePolicy', 'GetRepositoryPolicy']) {
  for (const { code, expected } of [
    { code: 'AccessDeniedException', expected: 'denied' },
    { code: 'ThrottlingException', expected: 'throttled' },
  ]) {
    test(`a repository is unknown while ${operation} answers ${code}`, async () => {
      const { seen } = await observe({ [operation]: () => answerError(code) })

      assert.deepEqual(
        seen.map((each) => each.type === 'unknown' && each.code),
        [expected],
      )
    })
  }
}

test('one repository that cannot be read leaves the others known', async () => {
  const { seen } = await observe(
    {
      ListTagsForResource: ({ resourceArn }) =>
        resourceArn === 'arn:a' ? answerError('ServerException', 500) : tagList(ours),
    },
    { keys: ['a', 'b'] },
  )

  assert.deepEqual(
    seen.map(({ type }) => type),
    ['unknown', 'known'],
  )
})

test('what is ours is found by its tags alone', async () => {
  const { run } = createAnsweringAws({
    ...answers,
    ListTagsForResource: ({ resourceArn }) => tagList(resourceArn === 'arn:b' ? ours : {}),
  })

  const scope = { accountId: '1', region: 'r', partition: 'aws' }
  assert.deepEqual(await run((aws) => findOwnedRepositories(owner, { ...scope, aws }, live)), ['b'])
})

test('a list that cannot be read whole is not taken for empty', async () => {
  const { run } = createAnsweringAws({ ...answers, ListTagsForResource: () => answerError('AccessDeniedException') })

  const scope = { accountId: '1', region: 'r', partition: 'aws' }
  await assert.rejects(
    run((aws) => findOwnedRepositories(owner, { ...scope, aws }, live)),
    { code: 'denied' },
  )
})

test('images are read only when there is time', async () => {
  const imagesOf = async (thorough: boolean, overrides: Answers = {}): Promise<unknown> => {
    const { seen } = await observe(overrides, { thorough })
    const [observation] = seen
    return observation?.type === 'known' && observation.items.filter(isRead).map(({ images }) => images?.count)
  }

  assert.deepEqual(await imagesOf(false), [undefined])
  assert.deepEqual(await imagesOf(true), [1])
  // They decide nothing, so they may hold nothing up.
  const denied = { DescribeImages: () => answerError('AccessDeniedException') }
  assert.deepEqual(await imagesOf(true, denied), [undefined])
})
