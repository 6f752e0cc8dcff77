import assert from 'node:assert/strict'
import type { KubeObject } from '../../../src/kube/cluster.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import {
  annotate,
  annotated,
  assertReady,
  edit,
  objectOf,
  readyOf,
  removeAll,
  type Check,
  type Stage,
} from '../check.ts'
import type { World } from '../world.ts'

/** Whose things are whose, and how they change hands. */
export const ownershipChecks: readonly Check[] = [
  {
    name: 'Retain keeps what is in AWS and takes our mark off',
    run: async ({ subject: { manifest }, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.live()

      await release(world, manifest)

      // That the mark is off is what every stage looks for when an object is gone.
      assert.equal(world.object(manifest), undefined)
      assert.deepEqual(world.aws.live(), before)
    },
  },
  {
    name: 'what belongs to another installation is neither touched nor taken, even when it is asked for',
    run: async ({ manifests, subject, madeWorld, freshWorld }) => {
      const others = await madeWorld()
      const { aws } = others
      const world = freshWorld({ aws, installationId: 'another' })
      const before = aws.writes()
      for (const requests of [{}, { adopt: 'true' }, { adopt: 'accept' }]) {
        world.apply(...manifests.map((manifest) => annotated(manifest, requests)))
        await world.settle()
        assert.ok(reasonsIn(world, manifests).includes('ForeignResource'), reasonsIn(world, manifests).join())
      }

      await removeAll(world, manifests)

      assert.equal(world.object(subject.manifest), undefined)
      assert.deepEqual(aws.writes(), before)
    },
  },
  {
    name: 'what nobody owns is neither touched nor taken without being asked for',
    run: async ({ subject: { manifest }, madeWorld }) => {
      const world = await madeWorld()
      await release(world, manifest)
      const before = world.aws.writes()
      const kept = world.aws.live()
      world.apply(manifest)

      await world.settle()

      assert.equal(readyOf(world, manifest).reason, 'ForeignResource')
      assert.deepEqual(world.aws.writes(), before)
      await world.remove(manifest)
      await world.settle()
      assert.deepEqual(world.aws.writes(), before)
      assert.deepEqual(world.aws.live(), kept)
    },
  },
  {
    name: 'an adoption of what is as the spec says writes tags and nothing else, and is given back on deletion',
    run: async ({ subject: { manifest }, madeWorld }) => {
      const world = await madeWorld()
      await release(world, manifest)
      const before = world.aws.writes().length
      const kept = world.aws.live()
      world.apply(annotated(manifest, { adopt: 'true' }))

      await world.settle()

      assertReady(world, manifest)
      assertOnlyTagged(world, before)
      assertAdopted(objectOf(world, manifest))
      await world.remove(manifest)
      await world.settle()
      assert.equal(world.object(manifest), undefined)
      assert.deepEqual(world.aws.live(), kept)
    },
  },
  {
    name: 'an adoption that would change something writes tags and nothing else until it is accepted',
    run: async ({ subject: { manifest, cases }, madeWorld }) => {
      const world = await madeWorld()
      await release(world, manifest)
      const before = world.aws.writes().length
      const change = cases.edits[0]?.change ?? assert.fail('there is no edit')
      world.apply(annotated(manifest, { adopt: 'true' }))
      edit(world, manifest, change)

      await world.settle()
      world.restart()
      await world.settle()

      assertOnlyTagged(world, before)
      assert.equal(readyOf(world, manifest).reason, 'AdoptionPending')
      assert.notDeepEqual(statusOf(objectOf(world, manifest)).plan ?? [], [])
      await world.dropStatus(manifest)
      await world.settle()
      assertOnlyTagged(world, before)
      assert.equal(readyOf(world, manifest).reason, 'AdoptionPending')

      annotate(world, manifest, { adopt: 'accept' })
      await world.settle()
      assertReady(world, manifest)
      assertAdopted(objectOf(world, manifest))
    },
  },
]

function assertOnlyTagged({ aws }: World, since: number): void {
  const written = aws.writes().slice(since)
  assert.ok(written.length > 0, 'nothing was marked as ours')
  assert.deepEqual(
    written.filter((write) => !write.endsWith(':TagResource')),
    [],
  )
}

function assertAdopted(object: KubeObject): void {
  const { inventory = [], plan } = statusOf(object)
  assert.deepEqual([...new Set(inventory.map(({ origin }) => origin))], ['Adopted'])
  assert.equal(plan, undefined)
}

/** Deletes the object and keeps what it made, which nobody owns then. */
async function release(world: World, manifest: Stage['subject']['manifest']): Promise<void> {
  annotate(world, manifest, { 'deletion-policy': 'Retain' })
  await world.remove(manifest)
  await world.settle()
}

function reasonsIn(world: World, manifests: Stage['manifests']): readonly string[] {
  return manifests.map((manifest) => readyOf(world, manifest).reason)
}
