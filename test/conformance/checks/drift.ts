import assert from 'node:assert/strict'
import { statusOf } from '../../../src/reconciler/managed.ts'
import type { AnyResource, Drift } from '../../../src/reconciler/resource.ts'
import { annotate, assertReady, conditionOf, objectOf, readyOf, writesOf, type Check } from '../check.ts'
import type { Subject } from '../subject.ts'
import type { World } from '../world.ts'

/** What somebody does to AWS behind our back. */
export function driftChecks(subject: Subject): readonly Check[] {
  // What may go wrong is declared by the kind as it should be.
  const drifts = subject.sound.resources.flatMap((resource) => resource.drifts.map((drift) => ({ resource, drift })))
  return drifts.flatMap(({ resource, drift }) => [repaired(resource, drift), reported(resource, drift)])
}

function repaired(resource: AnyResource, drift: Drift): Check {
  return {
    name: `drift is repaired: ${resource.type}: ${drift.fact}`,
    run: async ({ subject, madeWorld }) => {
      const world = await madeWorld()
      await inject(world, subject, { resource, drift })
      const before = world.aws.writes().length

      await world.reconcileAll()
      await world.settle()

      assertReady(world, subject.manifest)
      assert.ok(world.aws.writes().length > before, 'nothing was repaired')
      assert.ok(reasonsTold(world).includes('DriftRepaired'), 'nobody was told')
      const done = world.aws.writes()
      await world.reconcileAll()
      assert.deepEqual(world.aws.writes(), done, 'the repair does not hold')
    },
  }
}

function reported(resource: AnyResource, drift: Drift): Check {
  return {
    name: `drift is only reported where that is asked for: ${resource.type}: ${drift.fact}`,
    run: async ({ subject, madeWorld }) => {
      const world = await madeWorld()
      annotate(world, subject.manifest, { drift: 'Report' })
      await world.settle()
      await inject(world, subject, { resource, drift })
      const before = world.aws.writes()

      await world.reconcileAll()
      await world.settle()

      assert.deepEqual(world.aws.writes(), before)
      assert.equal(conditionOf(world, subject.manifest, 'Drifted')?.status, 'True')
      assert.equal(readyOf(world, subject.manifest).status, 'True')
      assert.notDeepEqual(statusOf(objectOf(world, subject.manifest)).plan ?? [], [])
      // Counts in the status of what it refers to follow.
      await world.reconcileAll()
      const told = writesOf(world)
      await world.reconcileAll()
      assert.deepEqual(writesOf(world), told, 'it is told on every pass')
      assert.equal(reasonsTold(world).filter((reason) => reason === 'Drifted').length, 1)
    },
  }
}

function reasonsTold({ events }: World): readonly string[] {
  return events.map(({ reason }) => reason)
}

/** Much later than anything that settles. */
const CALM_SECONDS = 60

async function inject(
  world: World,
  { manifest }: Subject,
  { resource, drift }: { readonly resource: AnyResource; readonly drift: Drift },
): Promise<void> {
  const entries = statusOf(objectOf(world, manifest)).inventory ?? []
  const entry = entries.find(({ type }) => type === resource.type) ?? assert.fail(`there is no ${resource.type}`)
  await world.aws.advance(CALM_SECONDS)
  await world.aws.drive(drift.inject(entry.id, world.scope, new AbortController().signal))
}
