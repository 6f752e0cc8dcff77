import assert from 'node:assert/strict'
import { statusOf } from '../../../src/reconciler/managed.ts'
import {
  assertNothingLeft,
  assertReady,
  edit,
  objectOf,
  readyOf,
  removeAll,
  specOf,
  stepsOf,
  writesOf,
  type Check,
} from '../check.ts'
import type { Subject } from '../subject.ts'

/** From creation over edits to deletion. */
export function lifeChecks({ kind, cases }: Subject): readonly Check[] {
  return [
    created,
    readyIsDone,
    restsAfterCreation,
    deleted,
    deletedInOrder,
    deletedAfterLoss,
    ...kind.immutable.map(({ field, otherValue }) => refusesEdit(field, otherValue)),
    ...cases.edits.map((each) => follows(each)),
  ]
}

const created: Check = {
  name: 'is created and becomes Ready, by one write to AWS and one event for each step',
  run: async ({ subject, madeWorld }) => {
    const world = await madeWorld()

    const { accountId, region, inventory } = statusOf(objectOf(world, subject.manifest))
    assert.equal(accountId, world.aws.accountId)
    assert.equal(region, world.aws.region)
    assert.ok((inventory ?? []).length > 0)
    assert.equal(world.aws.writes().length, stepsOf(world).length)
    assert.equal(world.events.length, stepsOf(world).length)
  },
}

const restsAfterCreation: Check = {
  name: 'a second pass writes and tells nothing, neither to AWS nor to Kubernetes, nor does a restart or an upgrade of the operator',
  run: async ({ madeWorld }) => {
    const world = await madeWorld()
    // Counts in the status of one object may follow what another one did.
    await world.reconcileAll()
    const before = writesOf(world)

    await world.reconcileAll()
    world.restart()
    await world.reconcileAll()
    await world.run(900)

    assert.deepEqual(writesOf(world), before)
  },
}

const readyIsDone: Check = {
  name: 'Ready means that nothing moves in AWS any more',
  run: async ({ madeWorld }) => {
    const { aws } = await madeWorld()
    const then = aws.live()

    await aws.advance(600)

    assert.deepEqual(aws.live(), then)
  },
}

const deleted: Check = {
  name: 'deletion leaves nothing behind, by one write to AWS for each step',
  run: async ({ manifests, madeWorld }) => {
    const world = await madeWorld()

    await removeAll(world, manifests)

    assertNothingLeft(world, manifests)
    assert.equal(successesOf(world.aws.writes()).length, stepsOf(world).length)
  },
}

/** Without those that AWS refused, because something was still in use. */
function successesOf(writes: readonly string[]): readonly string[] {
  return writes.filter((write) => !write.includes('('))
}

const deletedInOrder: Check = {
  name: 'what was made first goes last',
  run: async ({ manifests, madeWorld }) => {
    const world = await madeWorld()
    const made = [...new Set(stepsOf(world).map(({ resource }) => resource))]
    const before = stepsOf(world).length

    await removeAll(world, manifests)

    const gone = stepsOf(world)
      .slice(before)
      .map(({ resource }) => resource)
    assert.deepEqual([...new Set(gone)], made.toReversed())
  },
}

const deletedAfterLoss: Check = {
  name: 'deletion after AWS lost the object succeeds',
  run: async ({ manifests, madeWorld }) => {
    const world = await madeWorld()
    await world.aws.advance(60)
    world.aws.reset()

    await removeAll(world, manifests)

    assertNothingLeft(world, manifests)
  },
}

function refusesEdit(field: string, otherValue: unknown): Check {
  return {
    name: `an edit of ${field}, which AWS cannot change, is refused with a reason and changes nothing`,
    run: async ({ subject, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.writes()
      edit(world, subject.manifest, (spec) => withField(spec, field.split('.'), otherValue))

      await world.settle()

      const ready = readyOf(world, subject.manifest)
      // A reference to another object cannot even be followed: there is no such object.
      assert.equal(ready.reason, field.endsWith('Ref') ? 'WaitingForReference' : 'ImmutableField')
      assert.match(ready.message, new RegExp(field.split('.')[0] ?? field))
      assert.deepEqual(world.aws.writes(), before)
    },
  }
}

function withField(value: unknown, [member, ...deeper]: readonly string[], other: unknown): unknown {
  if (member === undefined) return other
  const spec = specOf(value ?? {})
  return { ...spec, [member]: withField(spec[member], deeper, other) }
}

function follows({ fact, change, vanishes, ends = 'InSync' }: Subject['cases']['edits'][number]): Check {
  return {
    name: `an edit is followed and then rests: ${fact}`,
    run: async ({ subject, manifests, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.writes().length
      edit(world, subject.manifest, change)

      await world.settle()

      assert.equal(readyOf(world, subject.manifest).reason, ends)
      assert.ok(world.aws.writes().length > before, 'the edit changed nothing in AWS')
      await world.reconcileAll()
      const rested = writesOf(world)
      await world.run(900)
      assert.deepEqual(writesOf(world), rested)
      if (ends === 'InSync') assertReady(world, subject.manifest)
      if (vanishes !== undefined)
        assert.ok(!JSON.stringify(world.aws.dump()).includes(vanishes), `${vanishes} is still there`)
      await removeAll(world, manifests)
      assertNothingLeft(world, manifests)
    },
  }
}
