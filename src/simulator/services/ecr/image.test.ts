import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  ListImagesCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  type ImageIdentifier,
  type ImageTagMutability,
} from '@aws-sdk/client-ecr'
import { createTestAws } from '../../../../test/support/aws.ts'

const NAME = { repositoryName: 'app' }
let aws = createTestAws({ throttling: 'off' })
let client = new ECRClient(aws.clientConfig)

beforeEach(async () => {
  aws = createTestAws({ throttling: 'off' })
  client = new ECRClient(aws.clientConfig)
  await client.send(new CreateRepositoryCommand(NAME))
})

function manifestOf(content: string): string {
  return JSON.stringify({
    schemaVersion: 2,
    config: { size: 100, digest: content },
    layers: [{ size: 20 }, { size: 3 }],
  })
}

async function push(content: string, imageTag?: string): Promise<string> {
  const input = { ...NAME, imageManifest: manifestOf(content), ...(imageTag !== undefined && { imageTag }) }
  const { image } = await client.send(new PutImageCommand(input))
  return image?.imageId?.imageDigest ?? ''
}

async function list(): Promise<readonly ImageIdentifier[]> {
  return (await client.send(new ListImagesCommand(NAME))).imageIds ?? []
}

test('an image is known by the digest of its manifest', async () => {
  const digest = await push('one', 'v1')

  assert.match(digest, /^sha256:[0-9a-f]{64}$/)
  assert.deepEqual(await list(), [{ imageDigest: digest, imageTag: 'v1' }])
})

test('an image is described with size, tags and the time of its push', async () => {
  await aws.advance(5)
  const digest = await push('one', 'v1')
  await client.send(new PutImageCommand({ ...NAME, imageManifest: manifestOf('one'), imageTag: 'latest' }))
  await aws.advance(5)

  const { imageDetails } = await client.send(new DescribeImagesCommand({ ...NAME, imageIds: [{ imageTag: 'latest' }] }))

  assert.deepEqual(imageDetails, [
    {
      registryId: aws.accountId,
      repositoryName: 'app',
      imageDigest: digest,
      imageTags: ['v1', 'latest'],
      imageSizeInBytes: 123,
      imagePushedAt: new Date(aws.clock.now() - 5000),
      imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      imageStatus: 'ACTIVE',
    },
  ])
})

test('a tag that moves leaves the older image untagged', async () => {
  const older = await push('one', 'latest')
  const newer = await push('two', 'latest')

  const found = await list()

  assert.ok(found.some(({ imageDigest, imageTag }) => imageDigest === older && imageTag === undefined))
  assert.ok(found.some(({ imageDigest, imageTag }) => imageDigest === newer && imageTag === 'latest'))
})

const excluding = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }]
const mutabilities: readonly { mutability: ImageTagMutability; tag: string; moves: boolean }[] = [
  { mutability: 'MUTABLE', tag: 'v1', moves: true },
  { mutability: 'IMMUTABLE', tag: 'v1', moves: false },
  { mutability: 'IMMUTABLE_WITH_EXCLUSION', tag: 'v1', moves: false },
  { mutability: 'IMMUTABLE_WITH_EXCLUSION', tag: 'dev-1', moves: true },
  { mutability: 'MUTABLE_WITH_EXCLUSION', tag: 'v1', moves: true },
  { mutability: 'MUTABLE_WITH_EXCLUSION', tag: 'dev-1', moves: false },
]
for (const { mutability, tag, moves } of mutabilities) {
  test(`with ${mutability} the tag ${tag} ${moves ? 'moves' : 'stays'}`, async () => {
    const hasExclusion = mutability.endsWith('EXCLUSION')
    await client.send(
      new PutImageTagMutabilityCommand({
        ...NAME,
        imageTagMutability: mutability,
        ...(hasExclusion && { imageTagMutabilityExclusionFilters: excluding }),
      }),
    )
    await push('one', tag)

    if (moves) await push('two', tag)
    else await assert.rejects(push('two', tag), { name: 'ImageTagAlreadyExistsException' })
    assert.equal((await list()).length, moves ? 2 : 1)
  })
}

for (const { fact, tag } of [
  { fact: 'the same image under the same tag', tag: 'v1' },
  { fact: 'the same image without a tag', tag: undefined },
]) {
  test(`pushing ${fact} again is refused`, async () => {
    await push('one', tag)

    await assert.rejects(push('one', tag), { name: 'ImageAlreadyExistsException' })
  })
}

for (const { fact, input, name } of [
  { fact: 'a manifest that is no JSON', input: { imageManifest: '{' }, name: 'InvalidParameterException' },
  {
    fact: 'a digest of something else',
    input: { imageManifest: '{}', imageDigest: `sha256:${'0'.repeat(64)}` },
    name: 'ImageDigestDoesNotMatchException',
  },
]) {
  test(`pushing ${fact} is refused`, async () => {
    await assert.rejects(client.send(new PutImageCommand({ ...NAME, ...input })), { name })

    assert.deepEqual(await list(), [])
  })
}

test('images are got by tag or digest, and those that are missing are named', async () => {
  const digest = await push('one', 'v1')
  const imageIds = [{ imageTag: 'v1' }, { imageDigest: digest }, { imageTag: 'gone' }]

  const { images = [], failures = [] } = await client.send(new BatchGetImageCommand({ ...NAME, imageIds }))

  assert.deepEqual(
    images.map(({ imageManifest }) => imageManifest),
    [manifestOf('one'), manifestOf('one')],
  )
  assert.deepEqual(
    failures.map(({ imageId, failureCode }) => [imageId, failureCode]),
    [[{ imageTag: 'gone' }, 'ImageNotFound']],
  )
})

test('a pull is remembered', async () => {
  await push('one', 'v1')
  await aws.advance(60)
  await client.send(new BatchGetImageCommand({ ...NAME, imageIds: [{ imageTag: 'v1' }] }))

  const { imageDetails } = await client.send(new DescribeImagesCommand(NAME))

  assert.equal(imageDetails?.[0]?.lastRecordedPullTime?.getTime(), aws.clock.now())
})

test('deleting a tag keeps the image as long as it has another', async () => {
  const digest = await push('one', 'v1')
  await push('one', 'v2')
  const remove = (imageTag: string) => client.send(new BatchDeleteImageCommand({ ...NAME, imageIds: [{ imageTag }] }))

  await remove('v1')
  assert.deepEqual(await list(), [{ imageDigest: digest, imageTag: 'v2' }])

  await remove('v2')
  assert.deepEqual(await list(), [])
})

test('deleting by digest takes all tags along, and says so', async () => {
  const imageDigest = await push('one', 'v1')
  await push('one', 'v2')

  const { imageIds } = await client.send(new BatchDeleteImageCommand({ ...NAME, imageIds: [{ imageDigest }] }))

  assert.deepEqual(imageIds, [
    { imageDigest, imageTag: 'v1' },
    { imageDigest, imageTag: 'v2' },
  ])
  assert.deepEqual(await list(), [])
})

test('an image that a manifest list refers to is not deleted', async () => {
  const imageDigest = await push('one')
  await client.send(
    new PutImageCommand({
      ...NAME,
      imageManifest: JSON.stringify({ manifests: [{ digest: imageDigest }] }),
      imageTag: 'all',
    }),
  )

  const { failures } = await client.send(new BatchDeleteImageCommand({ ...NAME, imageIds: [{ imageDigest }] }))

  assert.equal(failures?.[0]?.failureCode, 'ImageReferencedByManifestList')
  assert.equal((await list()).length, 2)
})

test('images are listed by whether they have tags, in pages', async () => {
  await push('one', 'v1')
  await push('two', 'v2')
  await push('three')
  const listed = async (tagStatus: 'TAGGED' | 'UNTAGGED', nextToken?: string) =>
    client.send(
      new ListImagesCommand({
        ...NAME,
        filter: { tagStatus },
        maxResults: 1,
        ...(nextToken !== undefined && { nextToken }),
      }),
    )

  const first = await listed('TAGGED')
  const second = await listed('TAGGED', first.nextToken)

  assert.deepEqual(new Set([first, second].map(({ imageIds }) => imageIds?.[0]?.imageTag)), new Set(['v1', 'v2']))
  assert.equal(second.nextToken, undefined)
  assert.equal((await listed('UNTAGGED')).imageIds?.[0]?.imageTag, undefined)
  await assert.rejects(listed('UNTAGGED', first.nextToken), { name: 'InvalidParameterException' })
})

test('describing an image that is not there fails', async () => {
  await assert.rejects(client.send(new DescribeImagesCommand({ ...NAME, imageIds: [{ imageTag: 'gone' }] })), {
    name: 'ImageNotFoundException',
  })
})

test('a push into a repository that asks for scans is scanned a while later, and finds what the scenario says', async () => {
  aws = createTestAws({ throttling: 'off', scenario: { images: { 'app:v1': { type: 'run', findings: { HIGH: 2 } } } } })
  client = new ECRClient(aws.clientConfig)
  await client.send(new CreateRepositoryCommand({ ...NAME, imageScanningConfiguration: { scanOnPush: true } }))
  await push('one', 'v1')
  await push('two', 'v2')
  const scans = async () => {
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand(NAME))
    return imageDetails
      .toSorted((a, b) => String(a.imageTags).localeCompare(String(b.imageTags)))
      .map(({ imageScanStatus, imageScanFindingsSummary: summary }) => [
        imageScanStatus?.status,
        summary?.findingSeverityCounts,
      ])
  }
  assert.deepEqual(await scans(), [
    ['IN_PROGRESS', undefined],
    ['IN_PROGRESS', undefined],
  ])

  await aws.advance(60)

  assert.deepEqual(await scans(), [
    ['COMPLETE', { HIGH: 2 }],
    ['COMPLETE', {}],
  ])
})

test('a push into a repository that asks for no scans is not scanned', async () => {
  await push('one', 'v1')
  await aws.advance(60)

  const { imageDetails } = await client.send(new DescribeImagesCommand(NAME))

  assert.equal(imageDetails?.[0]?.imageScanStatus, undefined)
})
