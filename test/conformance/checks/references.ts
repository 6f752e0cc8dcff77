import assert from 'node:assert/strict'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { assertNothingLeft, assertReady, objectOf, readyOf, removeAll, type Check } from '../check.ts'
import type { Subject } from '../subject.ts'
import type { Manifest, World } from '../world.ts'

const ANOTHER_ACCOUNT = '210987654321'

function inventoryOf(world: World, manifest: Manifest): readonly string[] | undefined {
  return statusOf(objectOf(world, manifest))
    .inventory?.map(({ type, id }) => `${type} ${id}`)
    .toSorted()
}

/** What an object refers to may come later than the object, and goes before it. */
export function referenceChecks({ sound, manifest, needs }: Subject): readonly Check[] {
  const fields = (sound.references?.(manifest.spec) ?? []).map(({ field }) => field)
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
      name: 'what refers to something in another account makes nothing, and says which field leads where',
      run: async ({ preparedWorld }) => {
        const world = await preparedWorld()
        const before = world.aws.writes()
        world.useAccount(ANOTHER_ACCOUNT)
        world.apply(manifest)

        await world.settle()

        const ready = readyOf(world, manifest)
        assert.equal(ready.reason, 'WrongAccount')
        for (const said of [...fields.map((field) => `spec.${field}`), world.aws.accountId, ANOTHER_ACCOUNT])
          assert.ok(ready.message.includes(said), ready.message)
        assert.deepEqual(world.aws.writes(), before)
        // Whose credentials were wrong is not said by that: the object may belong beside what it refers to.
        world.useAccount(world.aws.accountId)
        await world.reconcileAll()
        await world.settle()
        assertReady(world, manifest)
      },
    },
    {
      name: 'status and what it refers to lost: what it owns is not known, never nothing, until that is back',
      run: async ({ madeWorld }) => {
        const world = await madeWorld()
        const before = world.aws.writes()
        const known = inventoryOf(world, manifest)
        await world.dropStatus(manifest)
        for (const need of needs) await world.lose(need)
        world.restart()
        await world.settle()
        assert.equal(readyOf(world, manifest).reason, 'WaitingForReference')
        assert.equal(inventoryOf(world, manifest), undefined)

        world.apply(...needs)
        await world.settle()

        assertReady(world, manifest)
        assert.deepEqual(inventoryOf(world, manifest), known)
        assert.deepEqual(world.aws.writes(), before)
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
