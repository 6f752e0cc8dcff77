import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import type { Condition } from '../../src/core/conditions.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { FINALIZER, statusOf } from '../../src/reconciler/managed.ts'
import { createConformanceAws } from './aws.ts'
import { createWorld, exampleOf, readyReason, type Manifest, type World } from './world.ts'

/** Actions that no example needs, or that AWS asks for inside other calls, which the simulator does not. */
const NEEDED_ELSEWHERE: Readonly<Record<string, string>> = {
  'iam:PassRole': 'asked for where a role is handed over',
  'logs:TagResource': 'asked for where a group is created with tags',
  'ecr:DeleteLifecyclePolicy': 'see ecr-and-clusters.test.ts',
  'ecr:DeleteRepositoryPolicy': 'see ecr-and-clusters.test.ts',
  'ecs:DescribeServiceRevisions': 'see ecs-service-rollouts.test.ts',
  'ecs:ListTasks': 'see ecs-service-rollouts.test.ts',
  'ecs:DescribeTasks': 'see ecs-service-rollouts.test.ts',
}

/** The one suite that every kind passes, run from its example. */
for (const kind of kinds) describe(kind.kind, () => conformance(kind))

function conformance(kind: AnyKind): void {
  const manifests = exampleOf(kind)
  const subject = manifests.find((manifest) => manifest.kind === kind.kind) ?? assert.fail('the example lacks its kind')
  const needs = manifests.filter((manifest) => manifest !== subject)

  const declared = declaredBy(manifests)
  const used: (() => ReadonlySet<string>)[] = []

  const freshWorld = (): World => {
    const aws = createConformanceAws()
    aws.allowOnly(declared)
    used.push(aws.usedActions)
    return createWorld({ aws, installationId: 'ours' })
  }
  const madeWorld = async (): Promise<World> => {
    const world = freshWorld()
    world.apply(...needs, subject)
    await world.settle()
    assertReady(world, subject)
    return world
  }

  test('is created and becomes Ready', async () => {
    const world = await madeWorld()

    const { accountId, region, inventory } = statusOf(world.object(subject) ?? assert.fail())
    assert.equal(accountId, world.aws.accountId)
    assert.equal(region, world.aws.region)
    assert.ok((inventory ?? []).length > 0)
  })

  test('a second pass writes nothing, neither to AWS nor to Kubernetes', async () => {
    const world = await madeWorld()
    // Counts in the status of one object may follow what another one did.
    await world.reconcileAll()
    const before = writesOf(world)

    await world.reconcileAll()
    world.restart()
    await world.reconcileAll()

    assert.deepEqual(writesOf(world), before)
  })

  for (const resource of kind.resources) {
    for (const drift of resource.drifts) {
      test(`drift is repaired: ${resource.type}: ${drift.fact}`, async () => {
        const world = await madeWorld()
        const entries = statusOf(world.object(subject) ?? assert.fail()).inventory ?? []
        const entry =
          entries.find(({ type }) => type === resource.type) ?? assert.fail(`the example makes no ${resource.type}`)
        await world.aws.advance(60)
        await world.aws.drive(drift.inject(entry.id, world.scope, new AbortController().signal))
        const before = world.aws.writes().length

        await world.reconcileAll()
        await world.settle()

        assertReady(world, subject)
        assert.ok(world.aws.writes().length > before, 'nothing was repaired')
        const repaired = world.aws.writes().length
        await world.reconcileAll()
        assert.equal(world.aws.writes().length, repaired, 'the repair does not hold')
      })
    }
  }

  for (const { field, otherValue } of kind.immutable) {
    test(`an edit of ${field}, which AWS cannot change, is refused with a reason and changes nothing`, async () => {
      const world = await madeWorld()
      const before = world.aws.writes().length
      const { spec } = world.object(subject) ?? assert.fail()
      world.apply(withField({ ...subject, spec }, field, otherValue))

      await world.settle()

      const ready = readyOf(world, subject)
      // A reference to another object cannot even be followed: there is no such object.
      assert.equal(ready.reason, field.endsWith('Ref') ? 'WaitingForReference' : 'ImmutableField')
      assert.match(ready.message, new RegExp(field.split('.')[0] ?? field))
      assert.equal(world.aws.writes().length, before)
    })
  }

  test('deletion leaves nothing behind', async () => {
    const world = await madeWorld()
    for (const manifest of manifests) await world.remove(deleting(world, manifest))

    await world.settle()

    for (const manifest of manifests) assert.equal(world.object(manifest), undefined)
    assert.deepEqual(world.aws.live(), {})
  })

  test('deletion after AWS lost the object succeeds', async () => {
    const world = await madeWorld()
    await world.aws.advance(60)
    world.aws.reset()
    await world.remove(deleting(world, subject))

    await world.settle()

    assert.equal(world.object(subject), undefined)
  })

  test('Retain keeps what is in AWS and takes our tags off', async () => {
    const world = await madeWorld()
    const before = world.aws.live()
    annotate(world, subject, { 'longshore.dev/deletion-policy': 'Retain' })
    await world.remove(subject)

    await world.settle()

    assert.equal(world.object(subject), undefined)
    assert.deepEqual(world.aws.live(), before)
    assert.ok(
      !JSON.stringify(world.aws.dump()).includes(`"${subject.metadata.name}","longshore.dev`),
      'our tags are still there',
    )
  })

  test('what belongs to another installation is neither touched nor taken', async () => {
    const others = await madeWorld()
    const world = createWorld({ aws: others.aws, installationId: 'another' })
    const before = others.aws.writes().length
    world.apply(...needs, subject)

    await world.settle()

    assert.equal(others.aws.writes().length, before)
    const reasons = manifests.map((manifest) => readyReason(world.object(manifest) ?? assert.fail()))
    assert.ok(reasons.includes('ForeignResource'), `not refused: ${reasons.join(', ')}`)
    for (const manifest of manifests) await world.remove(deleting(world, manifest))
    await world.settle()
    assert.equal(world.object(subject), undefined)
    assert.equal(others.aws.writes().length, before)
  })

  test('a paused object makes no AWS write, also on deletion, until it goes on', async () => {
    const world = freshWorld()
    world.apply(...needs)
    await world.settle()
    const before = world.aws.writes().length
    const paused = { ...subject, metadata: { ...subject.metadata, annotations: { 'longshore.dev/paused': 'true' } } }
    world.apply(paused)
    await world.settle()
    assert.equal(world.aws.writes().length, before)
    assert.equal(readyReason(world.object(subject) ?? assert.fail()), 'Paused')

    world.apply({ ...subject, metadata: { ...subject.metadata, annotations: {} } })
    await world.settle()
    assertReady(world, subject)
    annotate(world, subject, { 'longshore.dev/paused': 'true' })
    await world.remove(subject)
    const made = world.aws.writes().length
    await world.settle()

    assert.equal(world.aws.writes().length, made)
    assert.deepEqual(world.object(subject)?.metadata.finalizers, [FINALIZER])
  })

  test('lost status: everything is found again without a write to AWS', async () => {
    const world = await madeWorld()
    const before = world.aws.writes().length
    await world.dropStatus(subject)
    world.restart()

    await world.settle()

    assertReady(world, subject)
    assert.equal(world.aws.writes().length, before)
    for (const manifest of manifests) await world.remove(deleting(world, manifest))
    await world.settle()
    assert.deepEqual(world.aws.live(), {})
  })

  test('status lost, then deleted: nothing is left', async () => {
    const world = await madeWorld()
    const leaving = manifests.map((manifest) => deleting(world, manifest))
    for (const manifest of leaving) await world.dropStatus(manifest)
    for (const manifest of leaving) await world.remove(manifest)

    await world.settle()

    for (const manifest of manifests) assert.equal(world.object(manifest), undefined)
    assert.deepEqual(world.aws.live(), {})
  })

  test('applied to another cluster under the same installation id it makes no write to AWS', async () => {
    const old = await madeWorld()
    const world = createWorld({ aws: old.aws, installationId: 'ours' })
    const before = old.aws.writes().length
    world.apply(...needs, subject)

    await world.settle()

    assertReady(world, subject)
    assert.equal(old.aws.writes().length, before)
  })

  test('credentials of another account do nothing', async () => {
    const world = await madeWorld()
    const before = world.aws.writes().length
    const { inventory } = statusOf(world.object(subject) ?? assert.fail())
    world.useAccount('210987654321')

    await world.reconcileAll()
    assert.equal(readyReason(world.object(subject) ?? assert.fail()), 'WrongAccount')
    await world.remove(subject)
    await world.reconcileAll()

    const object = world.object(subject) ?? assert.fail('it was let go')
    assert.equal(readyReason(object), 'WrongAccount')
    assert.deepEqual(statusOf(object).inventory, inventory)
    assert.equal(world.aws.writes().length, before)
  })

  for (const when of ['before-effect', 'after-effect'] as const) {
    test(`writes whose answers are lost ${when.replace('-', ' ')} leave no duplicate and no orphan`, async () => {
      const model = await madeWorld()
      const wanted = model.aws.live()
      for (const manifest of manifests) await model.remove(deleting(model, manifest))
      await model.settle()
      const world = freshWorld()
      for (const write of new Set(model.aws.writes())) {
        const [service = '', operation = ''] = write.split(':')
        world.aws.fault({ service, operation, count: 1, effect: { type: 'lost', when } })
      }

      world.apply(...needs, subject)
      await world.settle()
      assertReady(world, subject)
      assert.deepEqual(world.aws.live(), wanted)
      for (const manifest of manifests) await world.remove(deleting(world, manifest))
      await world.settle()

      assert.deepEqual(world.aws.live(), {})
    })
  }

  test('throttling delays and does no harm', async () => {
    const wanted = (await madeWorld()).aws.live()
    const world = freshWorld()
    const start = world.aws.clock.now()
    world.aws.fault({ count: 10, effect: { type: 'throttle' } })
    world.apply(...needs, subject)
    await world.reconcileAll()
    assert.equal(readyReason(world.object(manifests[0] ?? assert.fail()) ?? assert.fail()), 'Throttled')

    await world.settle()

    assertReady(world, subject)
    assert.deepEqual(world.aws.live(), wanted)
    assert.ok(world.aws.clock.now() - start >= 3000, 'it did not back off')
  })

  test('denied reads neither create nor forget', async () => {
    const world = await madeWorld()
    const before = writesOf(world).aws
    const { inventory } = statusOf(world.object(subject) ?? assert.fail())
    world.aws.allowOnly([])

    await world.reconcileAll()

    assert.deepEqual(writesOf(world).aws, before)
    const object = world.object(subject) ?? assert.fail()
    assert.deepEqual(statusOf(object).inventory, inventory)
    assert.equal(readyReason(object), 'AccessDenied')
  })

  test('a crash at any write leaves no duplicate while creating and no orphan while deleting', async () => {
    const wanted = (await madeWorld()).aws.live()
    for (let crashAt = 1; ; crashAt++) {
      const world = freshWorld()
      world.crashAt(crashAt)
      world.apply(...needs, subject)
      await world.settle()
      assertReady(world, subject)
      assert.deepEqual(world.aws.live(), wanted, `not as it should be after a crash at write ${crashAt}`)
      for (const manifest of manifests) await world.remove(deleting(world, manifest))
      await world.settle()
      assert.deepEqual(world.aws.live(), {}, `orphans after a crash at write ${crashAt}`)
      if (!world.hasCrashed()) break
    }
  })

  test('every permission that it declares is needed', () => {
    const own = kind.resources.flatMap(({ permissions }) => permissions.map(({ action }) => action))
    const needed = new Set(used.flatMap((actions) => [...actions()]))

    const unused = own.filter((action) => !needed.has(action) && !(action in NEEDED_ELSEWHERE))

    assert.deepEqual(unused, [])
  })
}

/** IAM actions that the kinds of these manifests declare. */
function declaredBy(manifests: readonly Manifest[]): readonly string[] {
  const involved = kinds.filter((kind) => manifests.some((manifest) => manifest.kind === kind.kind))
  return involved
    .flatMap(({ resources }) => resources)
    .flatMap(({ permissions }) => permissions.map(({ action }) => action))
}

function writesOf(world: World): { readonly aws: readonly string[]; readonly kubernetes: readonly string[] } {
  return { aws: [...world.aws.writes()], kubernetes: [...world.cluster.writes] }
}

function readyOf(world: World, manifest: Manifest): Condition {
  const { conditions } = statusOf(world.object(manifest) ?? assert.fail(`${manifest.kind} is gone`))
  return conditions?.find(({ type }) => type === 'Ready') ?? assert.fail(`${manifest.kind} has no condition`)
}

function assertReady(world: World, manifest: Manifest): void {
  const ready = readyOf(world, manifest)
  assert.equal(ready.status, 'True', `${ready.reason}: ${ready.message}`)
  const object = world.object(manifest) ?? assert.fail()
  assert.equal(statusOf(object).observedGeneration, object.metadata.generation)
}

function annotate(world: World, manifest: Manifest, annotations: Readonly<Record<string, string>>): void {
  const { spec } = world.object(manifest) ?? manifest
  world.apply({ ...manifest, spec, metadata: { ...manifest.metadata, annotations } })
}

/** The tests ask for deletion where the default retains. */
function deleting(world: World, manifest: Manifest): Manifest {
  annotate(world, manifest, { 'longshore.dev/deletion-policy': 'Delete' })
  return manifest
}

function withField(manifest: Manifest, path: string, value: unknown): Manifest {
  const spec = structuredClone(manifest.spec) as Record<string, unknown>
  const members = path.split('.')
  const last = members.pop() ?? assert.fail()
  let place = spec
  for (const member of members) place = (place[member] ??= {}) as Record<string, unknown>
  place[last] = value
  return { ...manifest, spec }
}
