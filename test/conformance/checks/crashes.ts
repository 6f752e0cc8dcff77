import assert from 'node:assert/strict'
import { assertNothingLeft, assertReady, removeAll, type Check } from '../check.ts'

/** The operator dies before or after any of its writes and comes back. */
export const crashChecks: readonly Check[] = [
  {
    name: 'a crash at any write leaves no duplicate while creating and no orphan while deleting',
    run: async ({ subject: { manifest, needs }, preparedWorld, madeWorld }) => {
      const wanted = (await madeWorld()).aws.live()
      for (let crashAt = 1, hasCrashed = true; hasCrashed; crashAt++) {
        const world = await preparedWorld()
        world.crashAt(crashAt)
        world.apply(manifest)
        await world.settle()
        assertReady(world, manifest)
        assert.deepEqual(world.aws.live(), wanted, `not as it should be after a crash at write ${crashAt}`)
        await removeAll(world, [manifest])
        hasCrashed = world.hasCrashed()
        await removeAll(world, needs)
        assertNothingLeft(world, [manifest, ...needs], `orphans after a crash at write ${crashAt}`)
      }
    },
  },
]
