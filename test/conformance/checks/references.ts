import assert from 'node:assert/strict'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { assertNothingLeft, assertReady, objectOf, readyOf, removeAll, type Check } from '../check.ts'
import type { Subject } from '../subject.ts'

/** What an object refers to may come later than the object, and goes before it. */
export function referenceChecks({ sound, manifest, needs }: Subject): readonly Check[] {
  const fields = sound.references(manifest.spec).map(({ field }) => field)
  if (needs.length === 0) return []
  return [
    {
      name: 'what refers to something that does not exist makes nothing, names the field, and goes on when it comes',
      run: async ({ manifests, freshWorld }) => {
        const world = freshWorld()
        world.apply(manifest)
        await world.settle()

        const ready = readyOf(world, manifest)
        assert.equal(ready.reason, 'WaitingForReference')
        for (const field of fields) assert.ok(ready.message.includes(`spec.${field}`), ready.message)
        assert.deepEqual([world.aws.callCount(), statusOf(objectOf(world, manifest)).inventory], [0, []])

        world.apply(...needs)
        await world.settle()
        assertReady(world, manifest)
        await removeAll(world, manifests)
        assertNothingLeft(world, manifests)
      },
    },
    {
      name: 'what others refer to goes after them, whatever is deleted first',
      run: async ({ manifests, madeWorld }) => {
        const world = await madeWorld()
        for (const need of needs) await world.remove(need)
        await world.reconcileAll()
        for (const need of needs) assert.notEqual(world.object(need), undefined)

        await removeAll(
          world,
          manifests.filter((each) => world.object(each) !== undefined),
        )

        assertNothingLeft(world, manifests)
      },
    },
  ]
}
