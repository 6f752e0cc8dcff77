import assert from 'node:assert/strict'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { assertNothingLeft, assertReady, edit, objectOf, readyOf, removeAll, type Check } from '../check.ts'
import type { Manifest, World } from '../world.ts'

/** How far back AWS's answers lie: less than the operator waits before it believes that something is absent. */
const STALE_SECONDS = 10

/** What AWS answers may be old: then nothing may be made twice, and nothing forgotten. */
export const staleReadChecks: readonly Check[] = [
  {
    name: 'stale reads neither create nor forget: what was just made and does not show yet',
    run: async ({ subject: { manifest }, manifests, madeWorld, preparedWorld }) => {
      const wanted = (await madeWorld()).aws.live()
      const world = await preparedWorld()
      recordThePast(world)
      world.apply(manifest)
      await world.reconcileAll()
      const then = knowledgeOf(world, manifest)
      showThePast(world)

      for (let seconds = 2; seconds < STALE_SECONDS; seconds += 2) {
        // What only the process remembers must not be what protects.
        world.restart()
        await world.reconcileAll()
        assert.deepEqual(knowledgeOf(world, manifest), then, `${seconds} s after it was made`)
        await world.aws.advance(2)
      }

      world.aws.clearFaults()
      await world.settle()
      assertReady(world, manifest)
      assert.deepEqual(world.aws.live(), wanted)
      await removeAll(world, manifests)
      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'stale reads neither create nor forget: from creation to deletion',
    run: async ({ subject: { manifest }, manifests, madeWorld, freshWorld }) => {
      const wanted = (await madeWorld()).aws.live()
      const world = freshWorld()
      showThePast(world)
      world.apply(...manifests)
      await world.settle()
      assertReady(world, manifest)
      assert.deepEqual(world.aws.live(), wanted)

      await removeAll(world, manifests)

      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'stale reads neither create nor forget: what is deleted before it shows',
    run: async ({ subject: { manifest }, manifests, preparedWorld }) => {
      const world = await preparedWorld()
      showThePast(world)
      world.apply(manifest)
      await world.reconcileAll()

      await removeAll(world, manifests)

      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'stale reads neither create nor forget: what is edited',
    run: async ({ subject: { manifest, cases }, manifests, madeWorld }) => {
      const change = cases.edits[0]?.change ?? assert.fail('there is no edit')
      const [model, world] = [await madeWorld(), await madeWorld()]
      showThePast(world)
      for (const each of [model, world]) {
        await each.aws.advance(60)
        edit(each, manifest, change)
        await each.settle()
        assertReady(each, manifest)
      }
      assert.deepEqual(world.aws.live(), model.aws.live())

      await removeAll(world, manifests)

      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'stale reads neither create nor forget: what is deleted and made again at once, and still shows as it was',
    run: async ({ subject: { manifest }, manifests, madeWorld }) => {
      const world = await madeWorld()
      const wanted = world.aws.live()
      showThePast(world)
      await removeAll(world, [manifest])
      world.apply(manifest)

      // Long enough to look for drift: what seemed to be there at first was not.
      await world.run(900)

      world.aws.clearFaults()
      await world.settle()
      assertReady(world, manifest)
      assert.deepEqual(world.aws.live(), wanted)
      await removeAll(world, manifests)
      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'stale reads neither create nor forget: what another installation has just made stays as it was made',
    run: async ({ manifests, freshWorld }) => {
      const others = freshWorld({ installationId: 'another' })
      const { aws } = others
      const world = freshWorld({ aws })
      recordThePast(others)
      for (const manifest of manifests) {
        others.apply(manifest)
        await others.reconcileAll()
      }
      const before = aws.writes().length
      showThePast(world)
      world.apply(...manifests)
      await world.run(60)

      aws.clearFaults()
      await world.settle()
      assert.ok(manifests.some((manifest) => readyOf(world, manifest).reason === 'ForeignResource'))
      await removeAll(world, manifests)
      const changes = aws
        .writes()
        .slice(before)
        .filter((write) => !MAKES.test(write))
      assert.deepEqual(changes, [])
    },
  },
]

/** Stale reads can go back to what is from now on; without this, only to the first fault. */
function recordThePast({ aws }: World): void {
  aws.fault({ operation: 'none', effect: { type: 'stale-read', seconds: STALE_SECONDS } })
}

function showThePast({ aws }: World): void {
  aws.fault({ effect: { type: 'stale-read', seconds: STALE_SECONDS } })
}

/** Setting once more what was set a moment ago does no harm; making it once more might. */
const MAKES = /:(Create|Register|Run|Start)/

/** What AWS was asked to make, and what the object remembers of it. */
function knowledgeOf(world: World, manifest: Manifest) {
  const { inventory = [] } = statusOf(objectOf(world, manifest))
  return {
    made: world.aws.writes().filter((write) => MAKES.test(write)),
    inventory: inventory.map(({ type, id }) => `${type} ${id}`).toSorted(),
  }
}
