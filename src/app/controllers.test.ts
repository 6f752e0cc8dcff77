import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { createToyCloud, createToyKind, toyScope } from '../../test/support/toy-kind.ts'
import type { Labels } from '../core/ports.ts'
import { isInShard } from '../core/shard.ts'
import { resourceTypeOf } from '../reconciler/api.ts'
import { statusOf } from '../reconciler/managed.ts'
import { createControllers, type ControllerSettings } from './controllers.ts'

/** Informers and controllers of the toy kind over a cluster in memory, running until the test ends: of one operator, or more. */
async function startToys(t: TestContext, ...operators: readonly Partial<ControllerSettings>[]) {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const cloud = createToyCloud()
  const kind = createToyKind(cloud)
  const metrics = createMetricsRecorder()
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
    metrics,
  }
  const settings = {
    installationId: 'here',
    settleSeconds: 15,
    drift: 'Repair' as const,
    blinkSeconds: 0.3,
    workers: 4,
    driftSeconds: undefined,
    namespaces: [],
  }
  const started = (operators.length === 0 ? [{}] : operators).map((chosen) =>
    createControllers([kind], around, { ...settings, ...chosen }),
  )
  const stop = new AbortController()
  const lives = [
    ...started.flatMap(({ informers }) => informers.map((informer) => informer.run(stop.signal))),
    ...started.flatMap(({ controllers }) => controllers.map((each) => each.run(stop.signal, stop.signal))),
  ]
  t.after(async () => {
    stop.abort()
    await Promise.all(lives)
  })
  await clock.advance(0)
  return {
    clock,
    cloud,
    metrics,
    writes: cluster.writes,
    apply: (name: string, spec: object, namespace = 'demo', labels: Labels = {}) =>
      cluster.apply(type, { metadata: { namespace, name, labels }, spec }),
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
  const toys = await startToys(t, { namespaces: ['demo', 'other'] })
  toys.apply('a', { colour: 'red' }, 'demo')
  toys.apply('b', { colour: 'red' }, 'other')
  toys.apply('c', { colour: 'red' }, 'third')

  await toys.clock.advance(1)

  assert.deepEqual(
    [toys.reason('a', 'demo'), toys.reason('b', 'other'), toys.reason('c', 'third')],
    ['InSync', 'InSync', undefined],
  )
})

describe('operators that share the objects', () => {
  const names = Array.from({ length: 20 }, (_, index) => `toy-${index}`)
  const [first, second] = [
    { shard: { index: 1, count: 2 }, driftSeconds: 60 },
    { shard: { index: 2, count: 2 }, driftSeconds: 60 },
  ]
  /** What their first minutes cost in calls. */
  const callsOf = async (t: TestContext, operators: readonly Partial<ControllerSettings>[]) => {
    const toys = await startToys(t, ...operators)
    const calls: string[] = []
    toys.cloud.before = (call) => void calls.push(call)
    for (const name of names) toys.apply(name, { colour: 'red' })
    await toys.clock.advance(200)
    return { toys, calls: calls.toSorted() }
  }

  test('do together what one alone does, and no more', async (t) => {
    const alone = await callsOf(t, [{ driftSeconds: 60 }])
    const together = await callsOf(t, [first, second])

    assert.ok(names.every((name) => together.toys.reason(name) === 'InSync'))
    assert.deepEqual(together.calls, alone.calls)
  })

  test('leave those of the others alone, and may refer to them', async (t) => {
    const toys = await startToys(t, first)
    const [own, others] = [true, false].map((isOwn) =>
      names.filter((name) => isInShard(`demo/${name}`, first.shard) === isOwn),
    )
    for (const name of names) toys.apply(name, { colour: 'red', boxRef: others?.[0] })

    await toys.clock.advance(200)

    assert.ok(own?.every((name) => toys.reason(name) === 'WaitingForReference'))
    assert.ok(others?.every((name) => toys.reason(name) === undefined))
  })

  test('count each object once', async (t) => {
    const { toys } = await callsOf(t, [first, second])

    assert.equal(toys.metrics.value('longshore_objects'), names.length)
    assert.equal(toys.metrics.value('longshore_object_ready'), names.length)
  })
})

describe('an operator for some labels', () => {
  const blue = { team: 'blue' }
  const settings = { watchLabelSelector: { matchLabels: blue }, driftSeconds: 60 }

  test('works on what has them, counts that, and lets it refer to the rest', async (t) => {
    const toys = await startToys(t, settings)
    toys.apply('own', { colour: 'red', boxRef: 'other' }, 'demo', blue)
    toys.apply('other', { colour: 'red' }, 'demo', { team: 'red' })
    toys.apply('bare', { colour: 'red' })

    await toys.clock.advance(200)

    assert.deepEqual(
      [toys.reason('own'), toys.reason('other'), toys.reason('bare')],
      ['WaitingForReference', undefined, undefined],
    )
    assert.equal(toys.metrics.value('longshore_objects'), 1)
  })

  test('leaves what has lost them as it is, and goes on where they are back', async (t) => {
    const toys = await startToys(t, settings)
    toys.apply('a', { colour: 'red' }, 'demo', blue)
    await toys.clock.advance(100)
    const calls: string[] = []
    toys.cloud.before = (call) => void calls.push(call)
    const writes = toys.writes.length

    toys.apply('a', { colour: 'green' })
    await toys.clock.advance(100)
    await toys.remove('a')
    await toys.clock.advance(5000)
    assert.equal(calls.length, 0)
    assert.deepEqual(toys.writes.slice(writes), ['DELETE demo/a'])
    assert.equal(toys.exists('a'), true)

    toys.apply('a', { colour: 'green' }, 'demo', blue)
    await toys.clock.advance(100)
    assert.equal(toys.exists('a'), false)
    assert.ok(
      calls.some((call) => call.startsWith('delete')),
      calls.join(),
    )
  })

  test('hands an object over to that of its new labels', async (t) => {
    const toys = await startToys(t, settings, { ...settings, watchLabelSelector: { matchLabels: { team: 'red' } } })
    toys.apply('a', { colour: 'red' }, 'demo', blue)
    await toys.clock.advance(100)
    const calls: string[] = []
    toys.cloud.before = (call) => void calls.push(call)

    toys.apply('a', { colour: 'green' }, 'demo', { team: 'red' })
    await toys.clock.advance(100)

    assert.equal(toys.reason('a'), 'InSync')
    assert.deepEqual(
      calls.filter((call) => !call.startsWith('read')),
      ['paint box/a'],
    )
  })
})
