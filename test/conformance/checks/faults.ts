import assert from 'node:assert/strict'
import { FINALIZER, statusOf } from '../../../src/reconciler/managed.ts'
import {
  annotate,
  assertNothingLeft,
  assertReady,
  conditionOf,
  objectOf,
  readyOf,
  removeAll,
  type Check,
} from '../check.ts'

/** What AWS and the network do to calls. */
export const faultChecks: readonly Check[] = [
  answersLost('before-effect'),
  answersLost('after-effect'),
  {
    name: 'throttling delays, does no harm and is answered with patience',
    run: async ({ subject: { manifest }, manifests, madeWorld, freshWorld }) => {
      const wanted = (await madeWorld()).aws.live()
      const world = freshWorld()
      world.aws.fault({ effect: { type: 'throttle' } })
      world.apply(...manifests)

      await world.run(1800)

      assert.equal(readyOf(world, manifests[0] ?? manifest).reason, 'Throttled')
      // Twenty passes take the back-off of a key from milliseconds to its longest.
      assert.ok(world.passes() <= 30 * manifests.length, `${world.passes()} passes in half an hour`)
      assert.deepEqual(world.aws.live(), {})
      world.aws.clearFaults()
      await world.run(600)
      await world.settle()
      assertReady(world, manifest)
      assert.deepEqual(world.aws.live(), wanted)
    },
  },
  blinded('denied', 'AccessDenied'),
  blinded('throttle', 'Throttled'),
  blinded('unavailable', 'AwsUnavailable'),
  {
    name: 'a refusal by AWS is shown, however long it is, and is not repeated at once',
    run: async ({ subject: { manifest }, preparedWorld, madeWorld }) => {
      const world = await preparedWorld()
      const message = `no. ${'because '.repeat(10_000)}`
      const effect = { type: 'error', code: 'InvalidParameterException', message } as const
      for (const call of callsOf((await madeWorld()).aws.writes())) world.aws.fault({ ...call, effect })
      world.apply(manifest)

      await world.settle()

      const ready = readyOf(world, manifest)
      assert.equal(ready.reason, 'RefusedByAws')
      assert.match(ready.message, /InvalidParameterException: no\. because/)
      assert.equal(conditionOf(world, manifest, 'Stalled')?.status, 'True')
      const passes = world.passes()
      await world.run(600)
      assert.ok(world.passes() - passes <= 6, 'what AWS refuses is tried over and over')
    },
  },
]

function answersLost(when: 'before-effect' | 'after-effect'): Check {
  return {
    name: `writes whose answers are lost ${when.replace('-', ' ')} leave no duplicate and no orphan`,
    run: async ({ subject: { manifest }, manifests, madeWorld, freshWorld }) => {
      const model = await madeWorld()
      const wanted = model.aws.live()
      await removeAll(model, manifests)
      const world = freshWorld()
      for (const call of callsOf(model.aws.writes())) {
        world.aws.fault({ ...call, count: 1, effect: { type: 'lost', when } })
      }

      world.apply(...manifests)
      await world.settle()
      assertReady(world, manifest)
      assert.deepEqual(world.aws.live(), wanted)
      await removeAll(world, manifests)

      assertNothingLeft(world, manifests)
    },
  }
}

/** The different calls among these: `ecs:CreateCluster` is one to `ecs`. */
function callsOf(writes: readonly string[]): readonly { readonly service: string; readonly operation: string }[] {
  return [...new Set(writes)].map((write) => {
    const [service = '', operation = ''] = write.split(':')
    return { service, operation }
  })
}

/** Nothing can be read any more: what was known stays, nothing is made, nothing is let go. */
function blinded(type: 'denied' | 'throttle' | 'unavailable', reason: string): Check {
  return {
    name: `reads that fail (${type}) neither create nor forget`,
    run: async ({ subject: { manifest }, manifests, madeWorld }) => {
      const world = await madeWorld()
      const before = world.aws.writes()
      const { conditions: _, waitingFor: __, ...known } = statusOf(objectOf(world, manifest))
      world.aws.fault({ effect: { type } })

      await world.reconcileAll()

      const { conditions: ___, waitingFor: ____, ...seen } = statusOf(objectOf(world, manifest))
      assert.deepEqual(seen, known)
      assert.equal(readyOf(world, manifest).reason, reason)
      annotate(world, manifest, { 'deletion-policy': 'Delete' })
      await world.remove(manifest)
      await world.run(600)
      assert.deepEqual(objectOf(world, manifest).metadata.finalizers, [FINALIZER])
      assert.deepEqual(
        world.aws.writes().filter((write) => !write.includes('(')),
        before,
      )

      world.aws.clearFaults()
      await world.run(600)
      await removeAll(
        world,
        manifests.filter((each) => world.object(each) !== undefined),
      )
      assertNothingLeft(world, manifests)
    },
  }
}
