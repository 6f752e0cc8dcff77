import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { createToyCloud, createToyKind, toyScope } from '../../test/support/toy-kind.ts'
import { resourceTypeOf } from '../reconciler/api.ts'
import { statusOf } from '../reconciler/managed.ts'
import { createControllers } from './controllers.ts'

/** Informers and controllers of the toy kind over a cluster in memory, running until the test ends. */
async function startToys(t: TestContext, namespaces: readonly string[] = []) {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const cloud = createToyCloud()
  const kind = createToyKind(cloud)
  const type = resourceTypeOf(kind)
  const around = {
    cluster,
    scopeFor: async () => toyScope,
    pace: { onTurn: () => undefined },
    events: { record: () => undefined },
    mayWrite: () => true,
    clock,
    random: createFixedRandom(0.5),
    log: silentLogger,
    metrics: createMetricsRecorder(),
  }
  const settings = {
    installationId: 'here',
    settleSeconds: 15,
    drift: 'Repair' as const,
    blinkSeconds: 0.3,
    workers: 4,
    driftSeconds: undefined,
  }
  const { informers, controllers } = createControllers([kind], around, { ...settings, namespaces })
  const stop = new AbortController()
  const lives = [
    ...informers.map((informer) => informer.run(stop.signal)),
    ...controllers.map((controller) => controller.run(stop.signal, stop.signal)),
  ]
  t.after(async () => {
    stop.abort()
    await Promise.all(lives)
  })
  await clock.advance(0)
  return {
    clock,
    cloud,
    apply: (name: string, spec: object, namespace = 'demo') =>
      cluster.apply(type, { metadata: { namespace, name }, spec }),
    remove: (name: string) => cluster.remove(type, { namespace: 'demo', name }, stop.signal),
    exists: (name: string) => cluster.storeOf(type).get(`demo/${name}`) !== undefined,
    reason: (name: string, namespace = 'demo') =>
      statusOf(cluster.storeOf(type).get(`${namespace}/${name}`) ?? assert.fail(`no ${name}`)).conditions?.find(
        (condition) => condition.type === 'Ready',
      )?.reason,
  }
}

test('an object that is applied becomes Ready', async (t) => {
  const toys = await startToys(t)
  toys.apply('a', { colour: 'red' })

  await toys.clock.advance(1)

  assert.equal(toys.reason('a'), 'InSync')
})

test('an object goes on the moment that its reference can be used', async (t) => {
  const toys = await startToys(t)
  toys.apply('a', { colour: 'red', boxRef: 'b' })
  await toys.clock.advance(1)
  assert.equal(toys.reason('a'), 'WaitingForReference')
  toys.apply('b', { colour: 'red' })

  await toys.clock.advance(1)

  assert.equal(toys.reason('a'), 'InSync')
})

test('an object that waits for its users goes the moment that they are gone', async (t) => {
  const toys = await startToys(t)
  toys.apply('b', { colour: 'red' })
  toys.apply('a', { colour: 'red', boxRef: 'b' })
  await toys.clock.advance(60)
  // The cloud refuses to delete a box while the object that refers to it exists.
  toys.cloud.before = (call) => {
    if (call === 'read box/b' && toys.exists('a')) toys.cloud.usedBy.set('arn:box/b', 'a')
    else toys.cloud.usedBy.clear()
  }
  await toys.remove('b')
  await toys.clock.advance(0.1)
  assert.equal(toys.reason('b'), 'InUse')

  await toys.remove('a')
  await toys.clock.advance(1)

  assert.equal(toys.exists('b'), false)
})

test('only the namespaces that are named are looked at', async (t) => {
  const toys = await startToys(t, ['demo', 'other'])
  toys.apply('a', { colour: 'red' }, 'demo')
  toys.apply('b', { colour: 'red' }, 'other')
  toys.apply('c', { colour: 'red' }, 'third')

  await toys.clock.advance(1)

  assert.deepEqual(
    [toys.reason('a', 'demo'), toys.reason('b', 'other'), toys.reason('c', 'third')],
    ['InSync', 'InSync', undefined],
  )
})
