import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerError, type Answers, createAnsweringAws } from '../../test/support/answering-aws.ts'
import type { Repository } from './ecr.ts'

const live = new AbortController().signal

function wire(repositoryName: string, more: object = {}): object {
  return {
    repositoryName,
    repositoryArn: `arn:aws:ecr:eu-central-1:123456789012:repository/${repositoryName}`,
    repositoryUri: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${repositoryName}`,
    registryId: '123456789012',
    createdAt: 1767225600,
    ...more,
  }
}

const repository: Repository = {
  repositoryName: 'demo/hello',
  arn: 'arn:aws:ecr:eu-central-1:123456789012:repository/demo/hello',
  uri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/demo/hello',
  registryId: '123456789012',
  createdAt: '2026-01-01T00:00:00.000Z',
  imageTagMutability: 'MUTABLE',
  exclusionFilters: [],
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
}

/** DescribeRepositories of an account that has these; fails as a whole for an unknown name, as ECR does. */
function describing(...existing: string[]): Answers {
  return {
    DescribeRepositories: ({ repositoryNames }) => {
      const names: readonly string[] = Array.isArray(repositoryNames) ? repositoryNames : existing
      if (names.some((name) => !existing.includes(name))) return answerError('RepositoryNotFoundException')
      return { repositories: names.map((name) => wire(name)) }
    },
  }
}

test('a repository reads with what ECR leaves out filled in by its defaults', async () => {
  const { run } = createAnsweringAws(describing('demo/hello'))

  assert.deepEqual(await run(({ ecr }) => ecr.repository('demo/hello', live)), repository)
})

test('a repository reads with its settings', async () => {
  const settings = {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/k' },
  }
  const answers = { DescribeRepositories: () => ({ repositories: [wire('demo/hello', settings)] }) }
  const { run } = createAnsweringAws(answers)

  assert.deepEqual(await run(({ ecr }) => ecr.repository('demo/hello', live)), {
    ...repository,
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    exclusionFilters: ['dev-*'],
    scanOnPush: true,
    encryption: settings.encryptionConfiguration,
  })
})

test('repositories that are read together share calls, and a missing one hides none of the others', async () => {
  const { run, sent } = createAnsweringAws(describing('a', 'b'))

  const found = await run(({ ecr }) => Promise.all(['a', 'b', 'gone'].map((name) => ecr.repository(name, live))))

  assert.deepEqual(
    found.map((each) => each?.repositoryName),
    ['a', 'b', undefined],
  )
  assert.deepEqual(sent[0]?.input, { repositoryNames: ['a', 'b', 'gone'] })
})

test('all repositories are read page by page', async () => {
  const { run, sent } = createAnsweringAws({
    DescribeRepositories: ({ nextToken }) =>
      nextToken === 'two' ? { repositories: [wire('b')] } : { repositories: [wire('a')], nextToken: 'two' },
  })

  const all = await run(({ ecr }) => ecr.allRepositories(live))

  assert.deepEqual(
    all.map(({ repositoryName }) => repositoryName),
    ['a', 'b'],
  )
  assert.deepEqual(
    sent.map(({ input }) => input),
    [{ maxResults: 1000 }, { maxResults: 1000, nextToken: 'two' }],
  )
})

test('policies that are not there read as none', async () => {
  const { run } = createAnsweringAws({
    GetLifecyclePolicy: () => answerError('LifecyclePolicyNotFoundException'),
    GetRepositoryPolicy: () => answerError('RepositoryPolicyNotFoundException'),
  })

  assert.equal(await run(({ ecr }) => ecr.lifecyclePolicyText('a', live)), undefined)
  assert.equal(await run(({ ecr }) => ecr.policyText('a', live)), undefined)
})

test('policies that may not be read are not taken for none', async () => {
  const { run } = createAnsweringAws({
    GetLifecyclePolicy: () => answerError('AccessDeniedException'),
    GetRepositoryPolicy: () => answerError('ThrottlingException'),
  })

  await assert.rejects(
    run(({ ecr }) => ecr.lifecyclePolicyText('a', live)),
    { code: 'denied' },
  )
  await assert.rejects(
    run(({ ecr }) => ecr.policyText('a', live)),
    { code: 'throttled' },
  )
})

for (const { fact, imageIds, expected } of [
  { fact: 'a repository with an image is not empty', imageIds: [{ imageDigest: 'sha256:1' }], expected: true },
  { fact: 'a repository without images is empty', imageIds: [], expected: false },
]) {
  test(fact, async () => {
    const { run, sent } = createAnsweringAws({ ListImages: () => ({ imageIds }) })

    assert.equal(await run(({ ecr }) => ecr.hasImages('a', live)), expected)
    assert.deepEqual(sent[0]?.input, { repositoryName: 'a', maxResults: 1 })
  })
}

test('a new repository is sent with its tags and only with the settings that are managed', async () => {
  const { run, sent } = createAnsweringAws({ CreateRepository: () => ({ repository: wire('demo/hello') }) })

  const created = await run(({ ecr }) =>
    ecr.createRepository({ repositoryName: 'demo/hello', tags: { b: '2', a: '1' }, scanOnPush: true }, live),
  )

  assert.deepEqual(created, repository)
  assert.deepEqual(sent[0]?.input, {
    repositoryName: 'demo/hello',
    tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
    imageScanningConfiguration: { scanOnPush: true },
  })
})

test('exclusion filters are sent where there are any, for ECR takes no empty list', async () => {
  const { run, sent } = createAnsweringAws({ PutImageTagMutability: () => ({}) })

  await run(({ ecr }) => ecr.putTagMutability('a', { imageTagMutability: 'IMMUTABLE', exclusionFilters: [] }, live))
  await run(({ ecr }) =>
    ecr.putTagMutability('a', { imageTagMutability: 'MUTABLE_WITH_EXCLUSION', exclusionFilters: ['v*'] }, live),
  )

  assert.deepEqual(
    sent.map(({ input }) => input),
    [
      { repositoryName: 'a', imageTagMutability: 'IMMUTABLE' },
      {
        repositoryName: 'a',
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
      },
    ],
  )
})

test('deleting what is gone succeeds', async () => {
  const { run } = createAnsweringAws({
    DeleteRepository: () => answerError('RepositoryNotFoundException'),
    DeleteRepositoryPolicy: () => answerError('RepositoryPolicyNotFoundException'),
    DeleteLifecyclePolicy: () => answerError('LifecyclePolicyNotFoundException'),
  })

  await run(({ ecr }) => ecr.deleteRepository('a', false, live))
  await run(({ ecr }) => ecr.deletePolicy('a', live))
  await run(({ ecr }) => ecr.deleteLifecyclePolicy('a', live))
})

test('deleting a repository that holds images is refused as in use', async () => {
  const { run, sent } = createAnsweringAws({ DeleteRepository: () => answerError('RepositoryNotEmptyException') })

  await assert.rejects(
    run(({ ecr }) => ecr.deleteRepository('a', false, live)),
    { code: 'in-use' },
  )
  assert.deepEqual(sent[0]?.input, { repositoryName: 'a', force: false })
})
