import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr'
import { errorsIn, exampleAt, leftovers, startJourney } from '../support/journey.ts'
import { REGION } from '../support/simulator-process.ts'

// examples/private-repository, as its README tells it. Each step goes on where the one before it left.
const { kubectl, reconcileNow, simulator, operator } = await startJourney(import.meta.url, { clock: 'manual' })
const example = exampleAt('private-repository')

/** Whoever builds images. */
const developer = new ECRClient({
  endpoint: simulator.url,
  region: REGION,
  credentials: { accessKeyId: 'AKIADEVELOPEREXAMPLE', secretAccessKey: 'example' },
})
after(() => developer.destroy())

const statusOf = (field: string) => kubectl('get', 'ecrrepo', 'team-app', `--output=jsonpath={.status.${field}}`)
const repositoryName = () => statusOf('repositoryName')

async function push(tag: string, content: string): Promise<void> {
  const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size: 1_000_000, digest: content }]
  const imageManifest = JSON.stringify({ schemaVersion: 2, layers })
  await developer.send(new PutImageCommand({ repositoryName: await repositoryName(), imageManifest, imageTag: tag }))
}

async function tags(): Promise<readonly string[]> {
  const { imageDetails = [] } = await developer.send(
    new DescribeImagesCommand({ repositoryName: await repositoryName() }),
  )
  return imageDetails.flatMap(({ imageTags = [] }) => imageTags).toSorted()
}

test('the repository comes up as the manifest has it', async () => {
  await kubectl('apply', '--filename', example)
  await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'ecrrepo/team-app')

  const name = await repositoryName()
  const { repositories = [] } = await developer.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))
  assert.deepEqual(
    repositories.map(({ imageTagMutability, imageScanningConfiguration, repositoryUri }) => ({
      imageTagMutability,
      imageScanningConfiguration,
      repositoryUri,
    })),
    [
      {
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        repositoryUri: await statusOf('url'),
      },
    ],
  )
})

test('another account may pull, and do nothing else', async () => {
  const { policyText = '' } = await developer.send(
    new GetRepositoryPolicyCommand({ repositoryName: await repositoryName() }),
  )

  const { Statement: statements } = JSON.parse(policyText)
  assert.deepEqual(statements, [
    {
      Sid: 'LongshorePull',
      Effect: 'Allow',
      Principal: { AWS: ['210987654321'] },
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  ])
})

const DAY_SECONDS = 24 * 3600
const versions = Array.from({ length: 11 }, (_, index) => `v${index + 1}`)

test('the eleventh image makes the oldest expire within a day', async () => {
  for (const version of versions) {
    await push(version, version)
    await simulator.advance(60)
  }
  assert.deepEqual(await tags(), versions.toSorted())

  await simulator.advance(DAY_SECONDS)

  assert.deepEqual(await tags(), versions.slice(1).toSorted())
})

test('a tag that is taken stays what it is', async () => {
  await assert.rejects(push('v11', 'something else'), { name: 'ImageTagAlreadyExistsException' })
})

test('what ECR did by itself is no drift', async () => {
  const before = await simulator.writes()

  await reconcileNow('ecrrepo/team-app')
  await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'ecrrepo/team-app')

  assert.deepEqual(await simulator.writes(), before)
})

test('an edit that ECR cannot make is refused, and the way out is said', async () => {
  const patch = JSON.stringify({ spec: { repositoryName: 'another' } })

  await assert.rejects(kubectl('patch', 'ecrrepo', 'team-app', '--type=merge', '--patch', patch), {
    stderr: /spec\.repositoryName cannot change, because ECR cannot rename a repository: create another EcrRepository/,
  })
})

test('deletion without forceDelete waits for the images and says so; with it, nothing is left', async () => {
  await kubectl('patch', 'ecrrepo', 'team-app', '--type=merge', '--patch', '{"spec":{"forceDelete":false}}')
  await kubectl('delete', '--filename', example, '--wait=false')
  const waiting = '--for=jsonpath={.status.waitingFor.message}'
  const said = await kubectl('wait', waiting, '--timeout=60s', 'ecrrepo/team-app', '--output=jsonpath={.status}')
  assert.match(said, /images/)

  await kubectl('patch', 'ecrrepo', 'team-app', '--type=merge', '--patch', '{"spec":{"forceDelete":true}}')
  await kubectl('wait', '--for=delete', '--timeout=60s', 'ecrrepo/team-app')

  assert.deepEqual(await leftovers(simulator), {})
  assert.equal(await kubectl('get', 'longshore', '--output=name'), '')
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
