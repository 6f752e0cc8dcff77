import assert from 'node:assert/strict'
import { FINALIZER, statusOf } from '../../../src/reconciler/managed.ts'
import { annotate, annotated, assertReady, edit, objectOf, readyOf, type Check } from '../check.ts'

/** What an owner asks the operator to do or not to do, besides the spec. */
export const restraintChecks: readonly Check[] = [
  {
    name: 'a request to look now is one look, which status shows to be through, and writes nothing to AWS',
    run: async ({ subject: { manifest }, madeWorld }) => {
      const world = await madeWorld()
      await world.reconcileAll()
      const before = world.aws.writes()
      annotate(world, manifest, { 'reconcile-at': 'now' })
      const [passes, calls] = [world.passes(), world.aws.callCount()]

      await world.settle()

      assert.equal(world.passes() - passes, 1)
      assert.ok(world.aws.callCount() > calls, 'nobody looked at AWS')
      assert.equal(statusOf(objectOf(world, manifest)).lastHandledReconcileAt, 'now')
      assertReady(world, manifest)
      assert.deepEqual(world.aws.writes(), before)
    },
  },
  {
    name: 'a paused object makes no AWS write, also on deletion, until it goes on',
    run: async ({ subject: { manifest }, preparedWorld }) => {
      const world = await preparedWorld()
      const before = world.aws.writes()
      world.apply(annotated(manifest, { paused: 'true' }))
      await world.settle()
      assert.deepEqual(world.aws.writes(), before)
      assert.equal(readyOf(world, manifest).reason, 'Paused')

      annotate(world, manifest, {})
      await world.settle()
      assertReady(world, manifest)
      annotate(world, manifest, { paused: 'true' })
      await world.remove(manifest)
      const made = world.aws.writes()
      await world.settle()

      assert.deepEqual(world.aws.writes(), made)
      assert.deepEqual(objectOf(world, manifest).metadata.finalizers, [FINALIZER])
    },
  },
  {
    name: 'an object that is only observed makes no AWS write and shows what would be done, until it is managed',
    run: async ({ subject: { manifest }, preparedWorld }) => {
      const world = await preparedWorld()
      const before = world.aws.writes()
      world.apply(annotated(manifest, { mode: 'Observe' }))
      await world.settle()

      assert.deepEqual(world.aws.writes(), before)
      assert.equal(readyOf(world, manifest).reason, 'ObserveOnly')
      assert.notDeepEqual(statusOf(objectOf(world, manifest)).plan ?? [], [])

      annotate(world, manifest, {})
      await world.settle()
      assertReady(world, manifest)
      assert.equal(statusOf(objectOf(world, manifest)).plan, undefined)
    },
  },
  {
    name: 'what exists and is observed stays as it is, whatever is edited, and on deletion',
    run: async ({ subject: { manifest, cases }, madeWorld }) => {
      const world = await madeWorld()
      annotate(world, manifest, { mode: 'Observe' })
      const before = world.aws.writes()
      edit(world, manifest, cases.edits[0]?.change ?? assert.fail('there is no edit'))
      await world.settle()
      assert.equal(readyOf(world, manifest).reason, 'ObserveOnly')

      await world.remove(manifest)
      await world.settle()

      assert.deepEqual(world.aws.writes(), before)
      assert.deepEqual(objectOf(world, manifest).metadata.finalizers, [FINALIZER])
    },
  },
]
