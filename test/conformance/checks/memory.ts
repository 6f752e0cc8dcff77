import assert from 'node:assert/strict'
import type { KubeObject } from '../../../src/kube/cluster.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { annotate, assertNothingLeft, assertReady, objectOf, readyOf, removeAll, type Check } from '../check.ts'

/** What the cluster forgets, and what comes back from a backup. */
export const memoryChecks: readonly Check[] = [
  {
    name: 'a lost status is made again without a write to AWS',
    run: async ({ subject: { manifest }, manifests, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.writes()
      await world.dropStatus(manifest)
      world.restart()

      await world.settle()

      assertReady(world, manifest)
      assert.deepEqual(world.aws.writes(), before)
      await removeAll(world, manifests)
      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'status lost, then deleted: nothing is left',
    run: async ({ manifests, madeWorld }) => {
      const world = await madeWorld()
      for (const manifest of manifests) annotate(world, manifest, { 'deletion-policy': 'Delete' })
      for (const manifest of manifests) await world.dropStatus(manifest)
      for (const manifest of manifests) await world.remove(manifest)

      await world.settle()

      assertNothingLeft(world, manifests)
    },
  },
  {
    name: 'status and everything that it refers to lost, then deleted: nothing of it is left',
    run: async ({ subject: { manifest, needs }, preparedWorld, madeWorld }) => {
      const withoutIt = (await preparedWorld()).aws.live()
      const world = await madeWorld()
      annotate(world, manifest, { 'deletion-policy': 'Delete' })
      await world.dropStatus(manifest)
      for (const need of needs) await world.lose(need)
      await world.remove(manifest)

      await world.settle()

      assert.equal(world.object(manifest), undefined)
      // What was stopped takes its time.
      await world.run(300)
      assert.deepEqual(world.aws.live(), withoutIt)
    },
  },
  {
    name: 'a backup that is restored into another cluster makes no write to AWS, with or without status',
    run: async ({ manifests, subject, madeWorld, freshWorld }) => {
      const old = await madeWorld()
      const { aws } = old
      const backup = manifests.map((manifest) => objectOf(old, manifest))
      const before = aws.writes()
      for (const objects of [backup, backup.map(withoutStatus), backup.map(withoutStatus).map(withoutFinalizers)]) {
        const world = freshWorld({ aws })
        await world.restore(...objects)

        await world.settle()

        assertReady(world, subject.manifest)
        assert.deepEqual(aws.writes(), before)
        assert.deepEqual(
          statusOf(objectOf(world, subject.manifest))
            .inventory?.map(({ type, id }) => `${type} ${id}`)
            .toSorted(),
          statusOf(objectOf(old, subject.manifest))
            .inventory?.map(({ type, id }) => `${type} ${id}`)
            .toSorted(),
        )
      }
    },
  },
  {
    name: 'credentials of another account do nothing',
    run: async ({ subject: { manifest }, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.writes()
      const { inventory } = statusOf(objectOf(world, manifest))
      world.useAccount('210987654321')

      await world.reconcileAll()
      assert.equal(readyOf(world, manifest).reason, 'WrongAccount')
      await world.remove(manifest)
      await world.reconcileAll()

      assert.equal(readyOf(world, manifest).reason, 'WrongAccount')
      assert.deepEqual(statusOf(objectOf(world, manifest)).inventory, inventory)
      assert.deepEqual(world.aws.writes(), before)
    },
  },
]

function withoutStatus({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata, spec }
}

function withoutFinalizers({
  metadata: { name, namespace = '', annotations = {} },
  ...object
}: KubeObject): KubeObject {
  return { ...object, metadata: { name, namespace, annotations } }
}
