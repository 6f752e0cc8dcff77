import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type CreateRepositoryCommandInput,
} from '@aws-sdk/client-ecr'
import { createTestAws } from '../../../../test/support/aws.ts'

const aws = createTestAws()

/** Each test has an account of its own. */
let accounts = 100_000_000_000
function freshClient(): ECRClient {
  accounts += 1
  return new ECRClient({
    ...aws.clientConfig,
    credentials: { accessKeyId: `AKIA${accounts}TEST`, secretAccessKey: 'x' },
  })
}

const NAME = { repositoryName: 'team/app' }
const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["ecr:BatchGetImage"]}]}'
const LIFECYCLE =
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}]}'

async function createdBy(client: ECRClient, input: Partial<CreateRepositoryCommandInput> = {}) {
  const { repository } = await client.send(new CreateRepositoryCommand({ ...NAME, ...input }))
  assert.ok(repository)
  return repository
}

test('a repository has the ARN and URI that its account, region and name give', async () => {
  const repository = await createdBy(new ECRClient(aws.clientConfig))

  assert.deepEqual(repository, {
    repositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/team/app',
    registryId: '123456789012',
    repositoryName: 'team/app',
    repositoryUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app',
    createdAt: new Date(aws.clock.now()),
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  })
})

test('a name can be used once', async () => {
  const client = freshClient()
  await createdBy(client)

  await assert.rejects(createdBy(client), { name: 'RepositoryAlreadyExistsException' })
})

for (const { fact, input } of [
  { fact: 'upper case', input: { repositoryName: 'App' } },
  { fact: 'a single character', input: { repositoryName: 'a' } },
  { fact: 'a slash at the end', input: { repositoryName: 'app/' } },
  {
    fact: 'a key without KMS',
    input: { encryptionConfiguration: { encryptionType: 'AES256' as const, kmsKey: 'alias/x' } },
  },
  {
    fact: 'exclusions without a setting that has them',
    input: { imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD' as const, filter: 'a' }] },
  },
  { fact: 'a setting with exclusions but none', input: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const } },
  {
    fact: 'an exclusion with three wildcards',
    input: {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const,
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD' as const, filter: '*a*b*' }],
    },
  },
]) {
  test(`creation refuses ${fact}, and creates nothing`, async () => {
    const client = freshClient()

    await assert.rejects(createdBy(client, input), { name: 'InvalidParameterException' })

    assert.deepEqual((await client.send(new DescribeRepositoriesCommand({}))).repositories, [])
  })
}

for (const { fact, kmsKey, arn } of [
  {
    fact: 'a key id becomes its ARN',
    kmsKey: '1234abcd-12ab-34cd-56ef-1234567890ab',
    arn: /:key\/1234abcd-12ab-34cd-56ef-1234567890ab$/,
  },
  {
    fact: 'an alias becomes the ARN of a key',
    kmsKey: 'alias/mine',
    arn: /^arn:aws:kms:eu-central-1:\d{12}:key\/[0-9a-f-]{36}$/,
  },
  {
    fact: 'a key ARN stays as it is',
    kmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/abc',
    arn: /^arn:aws:kms:eu-west-1:111122223333:key\/abc$/,
  },
  { fact: 'no key means the one that AWS manages', kmsKey: undefined, arn: /^arn:aws:kms:.*:key\// },
]) {
  test(fact, async () => {
    const { encryptionConfiguration } = await createdBy(freshClient(), {
      encryptionConfiguration: { encryptionType: 'KMS', ...(kmsKey !== undefined && { kmsKey }) },
    })

    assert.equal(encryptionConfiguration?.encryptionType, 'KMS')
    assert.match(encryptionConfiguration?.kmsKey ?? '', arn)
  })
}

test('repositories come in pages, in the order of their names', async () => {
  const client = freshClient()
  for (const repositoryName of ['c1', 'a1', 'b1']) await createdBy(client, { repositoryName })

  const first = await client.send(new DescribeRepositoriesCommand({ maxResults: 2 }))
  const second = await client.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken: first.nextToken }))

  const names = [first, second].map(({ repositories = [] }) => repositories.map(({ repositoryName }) => repositoryName))
  assert.deepEqual(names, [['a1', 'b1'], ['c1']])
  assert.equal(second.nextToken, undefined)
})

test('one name that does not exist fails the description of all', async () => {
  const client = freshClient()
  await createdBy(client)

  await assert.rejects(client.send(new DescribeRepositoriesCommand({ repositoryNames: ['team/app', 'gone'] })), {
    name: 'RepositoryNotFoundException',
    message: /'gone'/,
  })
})

test('names and pages exclude each other', async () => {
  await assert.rejects(
    freshClient().send(new DescribeRepositoriesCommand({ repositoryNames: ['app'], maxResults: 5 })),
    {
      name: 'InvalidParameterException',
    },
  )
})

test('a repository with images is deleted only by force', async () => {
  const client = freshClient()
  await createdBy(client)
  await client.send(new PutImageCommand({ ...NAME, imageManifest: '{}' }))

  await assert.rejects(client.send(new DeleteRepositoryCommand(NAME)), { name: 'RepositoryNotEmptyException' })
  await client.send(new DeleteRepositoryCommand({ ...NAME, force: true }))

  assert.deepEqual((await client.send(new DescribeRepositoriesCommand({}))).repositories, [])
})

test('an empty repository is deleted without force', async () => {
  const client = freshClient()
  await createdBy(client)

  await client.send(new DeleteRepositoryCommand(NAME))

  assert.deepEqual((await client.send(new DescribeRepositoriesCommand({}))).repositories, [])
})

test('tag mutability and scanning are changed in place', async () => {
  const client = freshClient()
  await createdBy(client)
  const filters = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }]
  await client.send(
    new PutImageTagMutabilityCommand({
      ...NAME,
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters,
    }),
  )
  await client.send(
    new PutImageScanningConfigurationCommand({ ...NAME, imageScanningConfiguration: { scanOnPush: true } }),
  )

  const [repository] = (await client.send(new DescribeRepositoriesCommand({}))).repositories ?? []

  assert.equal(repository?.imageTagMutability, 'IMMUTABLE_WITH_EXCLUSION')
  assert.deepEqual(repository?.imageTagMutabilityExclusionFilters, filters)
  assert.deepEqual(repository?.imageScanningConfiguration, { scanOnPush: true })
})

test('tags are merged, taken away and listed', async () => {
  const client = freshClient()
  const { repositoryArn: resourceArn } = await createdBy(client, {
    tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '1' },
    ],
  })
  await client.send(
    new TagResourceCommand({
      resourceArn,
      tags: [
        { Key: 'b', Value: '2' },
        { Key: 'c', Value: '3' },
      ],
    }),
  )
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'absent'] }))

  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }))

  assert.deepEqual(tags, [
    { Key: 'b', Value: '2' },
    { Key: 'c', Value: '3' },
  ])
})

for (const { fact, tags, name } of [
  { fact: 'keys of AWS itself', tags: [{ Key: 'aws:x', Value: '' }], name: 'InvalidTagParameterException' },
  {
    fact: 'more than fifty',
    tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
    name: 'TooManyTagsException',
  },
]) {
  test(`tags refuse ${fact}`, async () => {
    const client = freshClient()
    const { repositoryArn: resourceArn } = await createdBy(client)

    await assert.rejects(client.send(new TagResourceCommand({ resourceArn, tags })), { name })
  })
}

test('a repository policy comes back in a layout of its own, and means the same', async () => {
  const client = freshClient()
  await createdBy(client)
  await client.send(new SetRepositoryPolicyCommand({ ...NAME, policyText: POLICY }))

  const { policyText = '' } = await client.send(new GetRepositoryPolicyCommand(NAME))

  assert.notEqual(policyText, POLICY)
  assert.deepEqual(JSON.parse(policyText), JSON.parse(POLICY))
})

for (const policyText of ['{', '[]', '{"Version":"2012-10-17"}']) {
  test(`a repository policy of ${policyText} is refused`, async () => {
    const client = freshClient()
    await createdBy(client)

    await assert.rejects(client.send(new SetRepositoryPolicyCommand({ ...NAME, policyText })), {
      name: 'InvalidParameterException',
    })
  })
}

test('policies that are not there are not found, also after their deletion', async () => {
  const client = freshClient()
  await createdBy(client)
  await client.send(new SetRepositoryPolicyCommand({ ...NAME, policyText: POLICY }))
  await client.send(new PutLifecyclePolicyCommand({ ...NAME, lifecyclePolicyText: LIFECYCLE }))
  assert.equal((await client.send(new GetLifecyclePolicyCommand(NAME))).lifecyclePolicyText, LIFECYCLE)
  await client.send(new DeleteRepositoryPolicyCommand(NAME))
  await client.send(new DeleteLifecyclePolicyCommand(NAME))

  const [noPolicy, noLifecycle] = [
    { name: 'RepositoryPolicyNotFoundException' },
    { name: 'LifecyclePolicyNotFoundException' },
  ]
  await assert.rejects(client.send(new GetRepositoryPolicyCommand(NAME)), noPolicy)
  await assert.rejects(client.send(new DeleteRepositoryPolicyCommand(NAME)), noPolicy)
  await assert.rejects(client.send(new GetLifecyclePolicyCommand(NAME)), noLifecycle)
  await assert.rejects(client.send(new DeleteLifecyclePolicyCommand(NAME)), noLifecycle)
})

test('nothing works on a repository that does not exist', async () => {
  const client = freshClient()

  const attempts = [
    client.send(new DeleteRepositoryCommand(NAME)),
    client.send(new PutImageTagMutabilityCommand({ ...NAME, imageTagMutability: 'MUTABLE' })),
    client.send(new GetLifecyclePolicyCommand(NAME)),
    client.send(new BatchGetImageCommand({ ...NAME, imageIds: [{ imageTag: 'v1' }] })),
    client.send(
      new ListTagsForResourceCommand({ resourceArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/gone' }),
    ),
  ]

  await Promise.all(attempts.map((attempt) => assert.rejects(attempt, { name: 'RepositoryNotFoundException' })))
})

test('an authorization token is for the registry and lasts twelve hours', async () => {
  const { authorizationData } = await freshClient().send(new GetAuthorizationTokenCommand({}))

  const [data] = authorizationData ?? []
  assert.match(data?.proxyEndpoint ?? '', /^https:\/\/\d{12}\.dkr\.ecr\.eu-central-1\.amazonaws\.com$/)
  assert.match(Buffer.from(data?.authorizationToken ?? '', 'base64').toString(), /^AWS:./)
  assert.equal((data?.expiresAt?.getTime() ?? 0) - aws.clock.now(), 12 * 3600 * 1000)
})
