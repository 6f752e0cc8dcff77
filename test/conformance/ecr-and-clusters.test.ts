import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BatchDeleteImageCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr'
import { ecrRepositoryKind } from '../../src/kinds/ecr-repository/index.ts'
import { ecsClusterKind } from '../../src/kinds/ecs-cluster/index.ts'
import { ecsServiceKind } from '../../src/kinds/ecs-service/index.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import { createConformanceAws } from './aws.ts'
import { createWorld, exampleOf, readyReason, type Manifest, type World } from './world.ts'

const live = new AbortController().signal
const DAY_SECONDS = 24 * 3600
const REPOSITORY = 'demo/hello'

function newWorld(): World {
  return createWorld({ aws: createConformanceAws(), installationId: 'ours' })
}

/** A client as the user's own tools are one. */
function registryOf({ aws }: World) {
  const credentials = { accessKeyId: `AKIA${aws.accountId}TEST`, secretAccessKey: 'simulated' }
  const client = new ECRClient({ region: aws.region, requestHandler: aws.requestHandler, credentials, maxAttempts: 1 })
  return {
    push: (imageTag: string) => {
      const imageManifest = JSON.stringify({ schemaVersion: 2, annotations: { imageTag } })
      return aws.drive(client.send(new PutImageCommand({ repositoryName: REPOSITORY, imageTag, imageManifest })))
    },
    tags: async () => {
      const { imageDetails } = await aws.drive(client.send(new DescribeImagesCommand({ repositoryName: REPOSITORY })))
      return (imageDetails ?? []).flatMap(({ imageTags }) => imageTags ?? []).toSorted()
    },
    drop: (...tags: readonly string[]) => {
      const imageIds = tags.map((imageTag) => ({ imageTag }))
      return aws.drive(client.send(new BatchDeleteImageCommand({ repositoryName: REPOSITORY, imageIds })))
    },
  }
}

function only(manifests: readonly Manifest[]): Manifest {
  return manifests.at(-1) ?? assert.fail('no example')
}

function withSpec(manifest: Manifest, changed: object): Manifest {
  return { ...manifest, spec: { ...Object(manifest.spec), ...changed } }
}

function waitOf(world: World, manifest: Manifest): readonly (string | undefined)[] {
  const object = world.object(manifest) ?? assert.fail('it is gone')
  return [readyReason(object), statusOf(object).waitingFor?.message]
}

describe('an EcrRepository', () => {
  const repository = only(exampleOf(ecrRepositoryKind))
  const madeWorld = async (changed: object = {}): Promise<World> => {
    const world = newWorld()
    world.apply(withSpec(repository, changed))
    await world.settle()
    return world
  }
  const seen = async ({ aws }: World) => {
    const { ecr } = aws.session
    const found = await aws.drive(ecr.repository(REPOSITORY, live))
    return found && { ...found, tags: await aws.drive(ecr.tagsOf(found.arn, live)) }
  }

  test('keeps the newest ten images, whatever is pushed', async () => {
    const world = await madeWorld()
    const registry = registryOf(world)
    for (let image = 10; image <= 20; image++) {
      await registry.push(`v${image}`)
      await world.aws.advance(60)
    }
    assert.equal((await registry.tags()).length, 11)

    await world.aws.advance(DAY_SECONDS)

    const tags = await registry.tags()
    assert.deepEqual([tags.length, tags[0]], [10, 'v11'])
  })

  test('that holds images waits, says so, and goes when they are gone', async () => {
    const world = await madeWorld()
    await registryOf(world).push('v1')
    await world.remove(repository)
    await world.reconcileAll()
    const before = world.aws.writes().length
    assert.deepEqual(waitOf(world, repository), [
      'NotEmpty',
      `ECR repository ${REPOSITORY} still holds images; delete them, or set spec.forceDelete to true`,
    ])

    await registryOf(world).drop('v1')
    await world.settle()

    assert.equal(world.object(repository), undefined)
    assert.deepEqual(world.aws.live(), {})
    assert.deepEqual(world.aws.writes().slice(before), ['ecr:BatchDeleteImage', 'ecr:DeleteRepository'])
  })

  test('goes with its images as soon as that is asked for, also while it waits', async () => {
    const world = await madeWorld()
    await registryOf(world).push('v1')
    await world.remove(repository)
    await world.reconcileAll()

    world.apply(withSpec(repository, { forceDelete: true }))
    await world.settle()

    assert.equal(world.object(repository), undefined)
    assert.deepEqual(world.aws.live(), {})
  })

  test('counts its images and what scans find when somebody asks, in status', async () => {
    const world = await madeWorld({ imageScanningConfiguration: { scanOnPush: true } })
    world.aws.setImages({ [`${REPOSITORY}:v2`]: { type: 'run', findings: { CRITICAL: 1, LOW: 3 } } })
    for (const tag of ['v1', 'v2']) {
      await registryOf(world).push(tag)
      await world.aws.advance(60)
    }
    const told = () => {
      const { imageCount, latestImage, latestScan } = statusOf(world.object(repository) ?? assert.fail())
      const scan = Object(latestScan)
      return [imageCount, Object(latestImage).imageTags, scan.imageTags, scan.status, scan.findingSeverityCounts]
    }
    const { metadata, spec } = world.object(repository) ?? assert.fail()

    world.apply({
      ...repository,
      spec,
      metadata: { ...metadata, annotations: { 'longshore.dev/reconcile-at': 'now' } },
    })
    await world.settle()

    assert.deepEqual(told(), [2, ['v2'], ['v2'], 'COMPLETE', { CRITICAL: 1, LOW: 3 }])
    world.apply({ ...repository, spec: { ...Object(spec), tags: [] } })
    await world.settle()
    assert.equal(told()[0], 2, 'an edit forgets the images')
  })

  test('loses a tag that leaves its list, and keeps those of others', async () => {
    const world = await madeWorld({ tags: [{ key: 'team', value: 'blue' }, { key: 'app' }] })
    const { arn } = (await seen(world)) ?? assert.fail()
    await world.aws.drive(world.aws.session.ecr.tag(arn, { theirs: '1' }, live))

    world.apply(withSpec(repository, { tags: [{ key: 'team', value: 'red' }] }))
    await world.settle()

    const { tags } = (await seen(world)) ?? assert.fail()
    assert.deepEqual([tags['team'], tags['app'], tags['theirs']], ['red', undefined, '1'])
  })

  test('has no policies any more when they are given as empty', async () => {
    const world = await madeWorld()
    const { ecr } = world.aws.session
    assert.match((await world.aws.drive(ecr.policyText(REPOSITORY, live))) ?? '', /210987654321/)

    world.apply(withSpec(repository, { pullPrincipals: [], lifecyclePolicy: { rules: [] } }))
    await world.settle()

    assert.equal(await world.aws.drive(ecr.policyText(REPOSITORY, live)), undefined)
    assert.equal(await world.aws.drive(ecr.lifecyclePolicyText(REPOSITORY, live)), undefined)
  })

  test('that stops managing a field leaves it as it is', async () => {
    const world = await madeWorld()
    const before = await seen(world)
    const writes = world.aws.writes().length

    world.apply({ ...repository, spec: {} })
    await world.settle()

    assert.deepEqual(await seen(world), before)
    assert.equal(world.aws.writes().length, writes)
  })

  test('with a policy that is no JSON is refused by the name of the field, and repaired otherwise', async () => {
    const world = await madeWorld()

    world.apply(
      withSpec(repository, { lifecyclePolicy: undefined, lifecyclePolicyText: '{', imageTagMutability: 'MUTABLE' }),
    )
    await world.settle()

    const object = world.object(repository) ?? assert.fail()
    assert.equal(readyReason(object), 'InvalidSpec')
    assert.equal((await seen(world))?.imageTagMutability, 'MUTABLE')
  })
})

describe('an EcsCluster', () => {
  const manifests = exampleOf(ecsServiceKind)
  const service = only(manifests)
  const cluster = manifests.find(({ kind }) => kind === ecsClusterKind.kind) ?? assert.fail()

  test('in which a service runs waits, names what is in it, and goes after it', async () => {
    const world = newWorld()
    world.apply(...manifests)
    await world.settle()
    await world.remove(cluster)
    await world.reconcileAll()
    assert.deepEqual(waitOf(world, cluster), [
      'InUse',
      'ECS cluster demo_demo-cluster still has 1 active service, 1 running task',
    ])

    await world.remove(service)
    await world.settle()

    assert.equal(world.object(cluster), undefined)
  })

  test('loses the tags that an empty list says, and keeps those of others', async () => {
    const world = newWorld()
    const { ecsClusters } = world.aws.session
    const seen = async () => (await world.aws.drive(ecsClusters.cluster('demo_demo-cluster', live))) ?? assert.fail()
    world.apply(cluster)
    await world.settle()
    await world.aws.drive(ecsClusters.tag((await seen()).arn, { theirs: '1' }, live))
    assert.equal((await seen()).tags['team'], 'first-light')

    world.apply(withSpec(cluster, { tags: [] }))
    await world.settle()

    const { tags } = await seen()
    assert.deepEqual([tags['team'], tags['theirs']], [undefined, '1'])
  })

  test('that was deleted can be made again under its name', async () => {
    const world = newWorld()
    world.apply(cluster)
    await world.settle()
    await world.remove(cluster)
    await world.settle()
    assert.equal(world.object(cluster), undefined)

    world.apply(cluster)
    await world.settle()

    assert.equal(readyReason(world.object(cluster) ?? assert.fail()), 'InSync')
  })
})
