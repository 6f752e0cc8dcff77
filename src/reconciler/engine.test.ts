import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../core/failure.ts'
import type { Instant } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { PRIORITY, type ReconcileResult } from '../runtime/reconcile.ts'
import type { RecordedEvent } from '../runtime/event-recorder.ts'
import type { ObjectStore } from '../runtime/store.ts'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { createToyCloud, createToyKind, failing, toyScope, toyScopeWith, toyType } from '../../test/support/toy-kind.ts'
import { createEngine, createForegone } from './engine.ts'
import { FINALIZER, isSettled, statusOf } from './managed.ts'

/** An engine over a toy cloud and a cluster in memory. */
function createWorld() {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const cloud = createToyCloud()
  const kind = createToyKind(cloud)
  const events: RecordedEvent[] = []
  let store: ObjectStore = cluster.storeOf(toyType)
  let scope = toyScope
  let mayWrite = true
  const start = () =>
    createEngine({
      kind,
      type: toyType,
      cluster,
      store: { get: (key) => store.get(key), list: () => store.list(), byIndex: () => [] },
      storeOf: (name) => (name === 'Toy' ? { kind, store } : undefined),
      scopeFor: async () => scope,
      events: { record: (event) => void events.push(event) },
      sweeps: false,
      mayWrite: () => mayWrite,
      clock,
      random: createFixedRandom(0.5),
      logger: silentLogger,
      settings: { installationId: 'here', settleSeconds: 15, drift: 'Repair', blinkSeconds: 0.3 },
    })
  let engine = start()

  const signal = new AbortController().signal
  const world = {
    clock,
    cluster,
    cloud,
    events,
    apply: (spec: object, annotations: Record<string, string> = {}, name = 'toy') =>
      cluster.apply(toyType, { metadata: { namespace: 'demo', name, annotations }, spec }),
    pass: (name = 'toy'): Promise<ReconcileResult> => engine(`demo/${name}`, signal),
    /** Passes until nothing is asked for soon. */
    settle: async (name = 'toy'): Promise<ReconcileResult> => {
      for (let count = 0; count < 20; count++) {
        const result = await world.pass(name)
        const soon = result.type === 'retry' || (result.type === 'requeue-after' && result.seconds < 60)
        if (!soon) return result
        await clock.advance(result.type === 'retry' ? Math.max(1, result.minimumSeconds) : result.seconds)
      }
      return assert.fail('never settles')
    },
    remove: (name = 'toy') => cluster.remove(toyType, { namespace: 'demo', name }, signal),
    object: (name = 'toy'): KubeObject | undefined => cluster.storeOf(toyType).get(`demo/${name}`),
    condition: (type: string, name = 'toy') =>
      statusOf(world.object(name) ?? assert.fail('no object')).conditions?.find((condition) => condition.type === type),
    dropStatus: async () => {
      const patch = { fieldManager: 'x', subresource: 'status', body: { status: null } } as const
      await cluster.mergePatch(toyType, { namespace: 'demo', name: 'toy' }, patch, signal)
    },
    restart: () => void (engine = start()),
    freezeCache: () => {
      const snapshot = new Map(store.list().map((object) => [`demo/${object.metadata.name}`, object]))
      store = { get: (key) => snapshot.get(key), list: () => [...snapshot.values()], byIndex: () => [] }
    },
    loseLease: () => void (mayWrite = false),
    useRegion: (region: string) => void (scope = { ...toyScope, region }),
    recallReadsFrom: (at: Instant | undefined) => void (scope = toyScopeWith(at)),
    onPass: (listener: (isOver: () => boolean) => void) => void (scope = toyScopeWith(undefined, listener)),
    useAccount: (accountId: string) => void (scope = { ...toyScope, accountId }),
  }
  return world
}

test('a new object becomes Ready with everything made once, in order', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })

  await world.settle()

  assert.deepEqual(world.cloud.writes, ['create box/toy', 'create label/toy'])
  assert.equal(world.condition('Ready')?.status, 'True')
  assert.equal(world.cloud.things.get('label/toy')?.on, 'arn:box/toy')
  assert.deepEqual(world.object()?.metadata.finalizers, [FINALIZER])
  assert.deepEqual(world.object()?.spec, { colour: 'red', count: 1 })
})

test('what asks AWS for a pass can tell whether it is over, however it ended', async () => {
  const world = createWorld()
  const passes: { readonly isOver: () => boolean; readonly wasOver: boolean }[] = []
  world.onPass((isOver) => void passes.push({ isOver, wasOver: isOver() }))
  world.apply({ colour: 'red' })
  world.cloud.after = failing('timeout')

  await world.settle()

  assert.deepEqual(
    passes.map(({ wasOver, isOver }) => [wasOver, isOver()]),
    passes.map(() => [false, true]),
  )
  assert.ok(passes.length > 1)
})

test('a create takes four Kubernetes writes: responsibility, a record before each dependent create, the report', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', count: 1 })

  await world.settle()

  assert.deepEqual(world.cluster.writes, [
    'PATCH demo/toy',
    'PATCH status demo/toy',
    'PATCH status demo/toy',
    'PATCH status demo/toy',
  ])
})

test('a field that the spec leaves open is filled in once, when the thing is there', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })

  await world.settle()
  const { generation } = world.object()?.metadata ?? {}
  await world.settle()

  assert.deepEqual(world.object()?.spec, { colour: 'red', count: 1 })
  assert.equal(world.object()?.metadata.generation, generation)
  assert.equal(world.condition('Ready')?.observedGeneration, generation)
})

test('a second pass writes nothing anywhere', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const writes = [...world.cluster.writes, ...world.cloud.writes]

  const result = await world.pass()

  assert.deepEqual([...world.cluster.writes, ...world.cloud.writes], writes)
  assert.deepEqual(result, { type: 'requeue-after', seconds: 300, priority: 0 })
})

test('an edit takes one AWS write and one status write', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const before = world.cluster.writes.length
  world.apply({ colour: 'blue', count: 1 })

  await world.settle()

  assert.deepEqual(world.cloud.writes.slice(2), ['paint box/toy'])
  assert.equal(world.cluster.writes.length - before, 1)
  assert.equal(statusOf(world.object() ?? assert.fail()).observedGeneration, world.object()?.metadata.generation)
})

test('a pass looks again only at what it changed', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const reads: string[] = []
  world.cloud.before = (call) => void (call.startsWith('read') && reads.push(call))
  world.apply({ colour: 'blue', count: 1 })

  await world.pass()

  assert.deepEqual(reads, ['read box/toy', 'read label/toy', 'read box/toy'])
})

test('drift is repaired and told as an event', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const box = world.cloud.things.get('box/toy') ?? assert.fail()
  world.cloud.things.set('box/toy', { ...box, colour: 'green' })

  await world.settle()

  assert.equal(world.cloud.things.get('box/toy')?.colour, 'red')
  assert.equal(world.events.at(-1)?.reason, 'DriftRepaired')
})

test('what was deleted by hand is made again', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  await world.clock.advance(60)
  world.cloud.things.clear()

  await world.settle()

  assert.deepEqual(world.cloud.writes.slice(2), ['create box/toy', 'create label/toy'])
})

test('deletion takes dependants first and then lets the object go', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  await world.remove()

  await world.settle()

  assert.deepEqual(world.cloud.writes.slice(2), ['delete label/toy', 'delete box/toy'])
  assert.equal(world.object(), undefined)
})

test('deletion of what vanished already succeeds', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  await world.clock.advance(60)
  world.cloud.things.clear()
  await world.remove()

  await world.settle()

  assert.equal(world.object(), undefined)
})

test('what a newer version made and this one does not know holds the object, and is named', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const { inventory = [] } = statusOf(world.object() ?? assert.fail())
  const gizmo = { ...inventory[0], name: 'gizmo', type: 'gizmo', id: 'g-1' }
  const patch = {
    fieldManager: 'x',
    subresource: 'status',
    body: { status: { inventory: [...inventory, gizmo] } },
  } as const
  await world.cluster.mergePatch(toyType, { namespace: 'demo', name: 'toy' }, patch, new AbortController().signal)

  await world.remove()
  await world.settle()

  assert.deepEqual([...world.cloud.things.keys()], [])
  assert.deepEqual(
    statusOf(world.object() ?? assert.fail()).inventory?.map(({ type }) => type),
    ['gizmo'],
  )
  const stalled = world.condition('Stalled')
  assert.equal(stalled?.reason, 'UnknownResource')
  assert.match(stalled?.message ?? '', /gizmo g-1: run the version that made it/)
})

test('Retain takes our ownership off and keeps the thing', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/deletion-policy': 'Retain' })
  await world.settle()
  await world.remove()

  await world.settle()

  assert.deepEqual(
    [...world.cloud.things.values()].map(({ owner }) => owner),
    ['nobody', 'nobody'],
  )
  assert.equal(world.object(), undefined)
})

test('a foreign thing of the same name is not touched, and the object says whose it is', async () => {
  const world = createWorld()
  world.cloud.things.set('box/toy', {
    name: 'toy',
    arn: 'arn:box/toy',
    colour: 'black',
    on: undefined,
    owner: 'somebody',
  })
  world.apply({ colour: 'red' })

  await world.settle()

  assert.deepEqual(world.cloud.writes, [])
  const { reason, message } = world.condition('Stalled') ?? assert.fail()
  assert.deepEqual({ reason, message }, { reason: 'ForeignResource', message: 'box toy belongs to somebody' })
  assert.equal(world.events.at(-1)?.type, 'Warning')
})

test('a foreign thing appears, then delete: it stays and the object goes', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  await world.clock.advance(60)
  const box = world.cloud.things.get('box/toy') ?? assert.fail()
  world.cloud.things.set('box/toy', { ...box, owner: 'somebody' })
  await world.remove()

  await world.settle()

  assert.deepEqual([...world.cloud.things.keys()], ['box/toy'])
  assert.equal(world.object(), undefined)
})

test('a foreign thing where something was tried just now, then delete: the object stays as long as that may follow', async () => {
  const world = createWorld()
  world.cloud.before = (call) => {
    if (call === 'create box/toy') throw new Failure('timeout', 'toy:Create')
  }
  world.apply({ colour: 'red' })
  await world.pass()
  world.cloud.things.set('box/toy', { name: 'toy', arn: 'arn:box/toy', colour: 'red', on: undefined, owner: 'rival' })
  await world.remove()

  await world.pass()
  assert.deepEqual(world.object()?.metadata.finalizers, [FINALIZER])
  await world.settle()

  assert.equal(world.object(), undefined)
  assert.deepEqual([...world.cloud.things.keys()], ['box/toy'])
})

test('a create whose answer is lost is found, never repeated', async () => {
  const world = createWorld()
  world.cloud.after = (call) => {
    if (call === 'create box/toy') throw new Failure('timeout', 'toy:Create')
  }
  world.apply({ colour: 'red' })

  await world.settle()

  assert.deepEqual(world.cloud.writes, ['create box/toy', 'create label/toy'])
  assert.equal(world.condition('Ready')?.status, 'True')
})

test('a create whose answer is lost is not repeated while AWS may not show it yet', async () => {
  const world = createWorld()
  world.cloud.stale = new Map()
  world.cloud.after = failing('timeout')
  world.apply({ colour: 'red' })

  await world.pass()
  world.cloud.after = () => undefined
  await world.clock.advance(5)
  await world.pass()

  assert.deepEqual(world.cloud.writes, ['create box/toy'])
  assert.equal(world.condition('Ready')?.reason, 'Settling')
})

for (const { fact, after } of [
  { fact: 'nobody answered', after: failing('timeout') },
  { fact: 'took AWS', after: () => undefined },
]) {
  test(`a create that ${fact} for longer than reads are stale is not repeated right after`, async () => {
    const world = createWorld()
    world.cloud.stale = new Map()
    // AWS may have taken it in at the last moment.
    world.cloud.before = (call) => (call === 'create box/toy' ? world.clock.advance(29) : undefined)
    world.cloud.after = after
    world.apply({ colour: 'red' })

    await world.pass()
    world.cloud.after = () => undefined
    world.restart()
    await world.pass()

    assert.equal(world.cloud.writes.filter((write) => write === 'create box/toy').length, 1)
    assert.equal(world.condition('Ready')?.reason, 'Settling')
  })
}

test('a stale read after a create repeats nothing', async () => {
  const world = createWorld()
  world.cloud.stale = new Map()
  world.apply({ colour: 'red' })
  const result = await world.pass()
  assert.equal(result.type, 'requeue-after')
  assert.equal(world.condition('Ready')?.reason, 'Settling')
  world.restart()
  await world.clock.advance(5)
  await world.pass()
  world.cloud.stale = undefined

  await world.settle()

  assert.deepEqual(world.cloud.writes, ['create box/toy', 'create label/toy'])
})

test('what was just done is not done again in the same pass because reads do not show it', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.cloud.stale = new Map(world.cloud.things)
  world.apply({ colour: 'blue' })

  await world.pass()

  assert.deepEqual(world.cloud.writes.slice(2), ['paint box/toy'])
  assert.equal(world.condition('Ready')?.reason, 'Settling')
})

test('what was absent before a long write is not taken for gone after it', async () => {
  const world = createWorld()
  world.cloud.stale = new Map()
  world.apply({ colour: 'red', boxName: 'first' })
  await world.pass()
  world.apply({ colour: 'red', boxName: 'second' })
  world.cloud.before = (call) => (call === 'create box/second' ? world.clock.advance(29) : undefined)

  await world.pass()

  const { inventory = [] } = statusOf(world.object() ?? assert.fail())
  assert.ok(inventory.some(({ id }) => id === 'first'))
})

test('what was absent before a long write is not made again after it', async () => {
  const world = createWorld()
  world.cloud.stale = new Map()
  world.apply({ colour: 'red', boxName: 'first' })
  await world.pass()
  // Something to take long over while the second one has settled already.
  world.cloud.stale = new Map([...world.cloud.things].filter(([id]) => id === 'box/first'))
  await world.pass()
  world.apply({ colour: 'blue', boxName: 'first' })
  world.cloud.before = (call) => (call === 'paint box/first' ? world.clock.advance(29) : undefined)

  await world.pass()

  assert.equal(world.cloud.writes.filter((write) => write === 'create label/toy').length, 1)
})

test('an answer that the pass before was given proves no absence of what was made then', async () => {
  const world = createWorld()
  world.cloud.stale = new Map()
  world.apply({ colour: 'red' })
  await world.pass()
  world.recallReadsFrom(world.clock.now())
  await world.clock.advance(20)

  await world.pass()
  assert.deepEqual(world.cloud.writes, ['create box/toy', 'create label/toy'])
  world.recallReadsFrom(undefined)
  await world.pass()
  assert.deepEqual(world.cloud.writes.slice(2), ['create box/toy', 'create label/toy'])
})

test('create, delete, stale read: the finalizer stays until absence is proven', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.cloud.stale = new Map()
  await world.remove()

  await world.pass()
  assert.deepEqual(world.object()?.metadata.finalizers, [FINALIZER])
  world.cloud.stale = undefined
  await world.settle()

  assert.equal(world.cloud.things.size, 0)
  assert.equal(world.object(), undefined)
})

for (const code of ['denied', 'throttled', 'unavailable', 'credentials'] as const) {
  test(`a ${code} read neither creates nor forgets`, async () => {
    const world = createWorld()
    world.apply({ colour: 'red' })
    await world.settle()
    const inventory = statusOf(world.object() ?? assert.fail()).inventory
    world.cloud.before = failing(code)

    const result = await world.pass()

    assert.equal(result.type, 'retry')
    assert.equal(world.condition('Ready')?.status, 'False')
    assert.deepEqual(statusOf(world.object() ?? assert.fail()).inventory, inventory)
    assert.equal(world.cloud.writes.length, 2)
  })
}

test('what is cut off in the middle of a look is no problem of the object: the pass ends and nothing is said of AWS', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const before = world.object()?.status
  world.cloud.before = failing('aborted')

  await world.pass()

  assert.deepEqual(world.object()?.status, before)
})

test('a refused create does not delay the next try', async () => {
  const world = createWorld()
  world.cloud.before = (call) => {
    if (call.startsWith('create')) throw new Failure('throttled', 'toy:Create')
  }
  world.apply({ colour: 'red' })
  await world.pass()
  world.cloud.before = () => undefined

  await world.pass()

  assert.equal(world.condition('Ready')?.status, 'True')
})

test('after a crash between any two calls the next process makes no duplicate and leaves no orphan', async () => {
  for (let crashAt = 1; crashAt < 40; crashAt++) {
    const world = createWorld()
    let calls = 0
    const crash = (): void => {
      if (++calls === crashAt) throw new Error('crash')
    }
    world.cloud.before = crash
    world.cloud.after = crash
    world.cluster.onWrite = crash
    world.apply({ colour: 'red' })
    await world.settle().catch(() => undefined)
    await world.remove().catch(() => undefined)
    world.restart()

    await world.clock.advance(60)
    await world.settle().catch(() => undefined)
    world.restart()
    await world.clock.advance(60)
    await world.remove().catch(() => undefined)
    await world.settle()

    assert.deepEqual([...world.cloud.things.keys()], [], `orphan after a crash at call ${crashAt}`)
    assert.equal(world.object(), undefined)
    const creates = world.cloud.writes.filter((write) => write.startsWith('create'))
    assert.equal(new Set(creates).size, creates.length, `duplicate after a crash at call ${crashAt}`)
  }
})

test('status lost: everything is found again and nothing is written to AWS', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const { inventory } = statusOf(world.object() ?? assert.fail())
  await world.dropStatus()

  await world.settle()

  assert.equal(world.cloud.writes.length, 2)
  const found = statusOf(world.object() ?? assert.fail()).inventory
  assert.deepEqual(
    found?.map(({ name, id }) => ({ name, id })),
    inventory?.map(({ name, id }) => ({ name, id })),
  )
})

test('status lost, then deleted, with a throttled pass between: nothing stays', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  await world.dropStatus()
  await world.remove()
  world.cloud.before = failing('throttled')
  await world.pass()
  world.cloud.before = () => undefined

  await world.settle()

  assert.equal(world.cloud.things.size, 0)
  assert.equal(world.object(), undefined)
})

test('status lost right after a create, then deleted, stale reads: the finalizer stays until absence is proven', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.pass()
  await world.dropStatus()
  await world.remove()
  world.cloud.stale = new Map()

  await world.pass()
  assert.ok(world.object())
  world.cloud.stale = undefined
  await world.settle()

  assert.equal(world.cloud.things.size, 0)
  assert.equal(world.object(), undefined)
})

test('a missing reference waits, makes nothing, and is told by its field', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxRef: 'other' })

  const result = await world.pass()

  assert.equal(result.type, 'requeue-after')
  assert.match(world.condition('Ready')?.message ?? '', /^spec\.boxRef: Toy demo\/other does not exist/)
  assert.deepEqual(world.cloud.writes, [])
  assert.deepEqual(statusOf(world.object() ?? assert.fail()).inventory, [])
})

test('a reference resolves as soon as its target provides the output, ready or not', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxRef: 'other' })
  await world.pass()
  world.apply({ colour: 'blue' }, {}, 'other')
  world.cloud.before = (call) => {
    if (call.startsWith('create label/other')) throw new Failure('throttled', 'toy:Create')
  }
  await world.pass('other')
  assert.equal(world.condition('Ready', 'other')?.status, 'False')

  await world.settle()

  assert.equal(world.condition('Ready')?.status, 'True')
})

test('a target that is being deleted does not resolve', async () => {
  const world = createWorld()
  world.apply({ colour: 'blue' }, {}, 'other')
  await world.settle('other')
  await world.remove('other')
  world.apply({ colour: 'red', boxRef: 'other' })

  await world.pass()

  assert.match(world.condition('Ready')?.message ?? '', /is being deleted/)
})

test('an invalid spec names the field and makes nothing', async () => {
  const world = createWorld()
  world.apply({ colour: 7 })

  await world.settle()

  assert.match(world.condition('Stalled')?.message ?? '', /^spec\.colour: /)
  assert.deepEqual(world.cloud.writes, [])
})

test('a paused object is left alone until the annotation goes', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/paused': 'true' })
  await world.settle()
  assert.deepEqual(world.cloud.writes, [])
  assert.equal(world.condition('Ready')?.reason, 'Paused')
  world.apply({ colour: 'red' })

  await world.settle()

  assert.equal(world.condition('Ready')?.status, 'True')
})

test('a paused object is looked at again, and says that it is paused when its status was lost', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/paused': 'true' })
  const result = await world.pass()
  await world.dropStatus()

  await world.pass()

  assert.equal(result.type, 'requeue-after')
  assert.equal(world.condition('Ready')?.reason, 'Paused')
})

test('a request to look now is one look, says so in status when it is through, and changes nothing else', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', count: 1 })
  await world.settle()
  const before = world.object()?.status
  let looks = 0
  world.cloud.before = () => void (looks += 1)

  world.apply({ colour: 'red', count: 1 }, { 'longshore.dev/reconcile-at': 'monday' })
  await world.pass()

  assert.deepEqual(world.object()?.status, { ...Object(before), lastHandledReconcileAt: 'monday' })
  // The box and the label, once each.
  assert.equal(looks, 2)
  const writes = world.cluster.writes.length
  await world.pass()
  assert.equal(world.cluster.writes.length, writes)
})

test('a request to look at a paused object is not done until the object goes on', async () => {
  const world = createWorld()
  const requests = { 'longshore.dev/reconcile-at': 'monday' }
  world.apply({ colour: 'red' }, { ...requests, 'longshore.dev/paused': 'true' })
  await world.pass()
  assert.equal(statusOf(world.object() ?? assert.fail()).lastHandledReconcileAt, undefined)

  world.apply({ colour: 'red' }, requests)
  await world.settle()

  assert.equal(statusOf(world.object() ?? assert.fail()).lastHandledReconcileAt, 'monday')
})

test('of a request to look now, however long, status keeps the beginning, and one look is enough', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/reconcile-at': 'now '.repeat(10_000) })

  await world.settle()

  const object = world.object() ?? assert.fail()
  assert.equal(statusOf(object).lastHandledReconcileAt?.length, 256)
  assert.ok(isSettled(object))
})

for (const { fact, requests, settled } of [
  { fact: 'asks for nothing is settled', requests: {}, settled: true },
  { fact: 'was looked at as asked is settled', requests: { 'longshore.dev/reconcile-at': 'monday' }, settled: true },
  { fact: 'asks for another look is not', requests: { 'longshore.dev/reconcile-at': 'tuesday' }, settled: false },
  { fact: 'is paused is not', requests: { 'longshore.dev/paused': 'true' }, settled: false },
]) {
  test(`an object that matches and ${fact}`, async () => {
    const world = createWorld()
    world.apply({ colour: 'red', count: 1 }, { 'longshore.dev/reconcile-at': 'monday' })
    await world.settle()

    world.apply({ colour: 'red', count: 1 }, requests)

    assert.equal(isSettled(world.object() ?? assert.fail()), settled)
  })
}

for (const { fact, status, requests = {}, priority, sweeps, isForegone } of [
  {
    fact: 'settled and swept needs no pass at the start',
    priority: PRIORITY.initialList,
    sweeps: true,
    isForegone: true,
  },
  {
    fact: 'settled and was asked for a look while nobody was there needs one',
    requests: { 'longshore.dev/reconcile-at': 'monday' },
    priority: PRIORITY.initialList,
    sweeps: true,
    isForegone: false,
  },
  { fact: 'settled needs one when nobody sweeps', priority: PRIORITY.initialList, sweeps: false, isForegone: false },
  { fact: 'settled needs one when something asks for it', priority: PRIORITY.drift, sweeps: true, isForegone: false },
  {
    fact: 'without its status needs one',
    status: null,
    priority: PRIORITY.initialList,
    sweeps: true,
    isForegone: false,
  },
]) {
  test(`an object that is ${fact}`, async () => {
    const world = createWorld()
    world.apply({ colour: 'red', count: 1 })
    await world.settle()
    if (status === null) await world.dropStatus()
    world.apply({ colour: 'red', count: 1 }, requests)

    const store = world.cluster.storeOf(toyType)
    const kind = createToyKind(world.cloud)
    const foregone = createForegone({ sweeps, store, kind, clock: world.clock, random: createFixedRandom(0.5) })

    assert.equal(foregone('demo/toy', priority) !== undefined, isForegone)
    assert.equal(foregone('demo/gone', priority), undefined)
  })
}

test('credentials for another region do nothing', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.useRegion('mars-1')
  world.apply({ colour: 'blue', count: 1 })

  await world.settle()

  assert.equal(world.cloud.writes.length, 2)
  assert.match(world.condition('Stalled')?.message ?? '', /us-east-1.*mars-1/)
})

test('credentials of another account do nothing', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.useAccount('999999999999')
  world.apply({ colour: 'blue', count: 1 })

  await world.settle()

  assert.equal(world.cloud.writes.length, 2)
  assert.equal(world.condition('Stalled')?.reason, 'WrongAccount')
  assert.match(world.condition('Stalled')?.message ?? '', /123456789012.*999999999999/)
})

test('a pass that lasts longer than a blink acknowledges the new generation first', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  const answer = Promise.withResolvers<void>()
  world.cloud.before = () => answer.promise
  const edited = world.apply({ colour: 'blue', count: 1 })

  const pass = world.pass()
  await world.clock.advance(0.4)
  const status = statusOf(world.object() ?? assert.fail())
  answer.resolve()
  await pass

  assert.equal(status.observedGeneration, edited.metadata.generation)
  assert.equal(status.conditions?.find(({ type }) => type === 'Reconciling')?.reason, 'Acknowledged')
})

test('a cache that lags behind our own writes causes no second one', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  world.freezeCache()
  await world.settle()
  const writes = world.cluster.writes.length

  await world.pass()

  assert.equal(world.cluster.writes.length, writes)
  assert.equal(world.cloud.writes.length, 2)
})

test('an edit in mid-pass makes the pass start over instead of writing over it', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  let edited = false
  world.cloud.before = () => {
    if (edited) return
    edited = true
    world.apply({ colour: 'green', count: 1 })
  }
  world.apply({ colour: 'blue', count: 1 })

  await world.settle()

  assert.equal(world.cloud.things.get('box/toy')?.colour, 'green')
  assert.equal(world.condition('Ready')?.observedGeneration, world.object()?.metadata.generation)
})

test('an edit while the object is looked at keeps the old spec from being recorded and made', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'first', count: 1 })
  world.cloud.before = () => {
    world.cloud.before = () => undefined
    world.apply({ colour: 'red', boxName: 'second', count: 1 })
  }

  await world.settle()

  assert.deepEqual(world.cloud.writes, ['create box/second', 'create label/toy'])
})

test('a box whose name was edited stays while the label that uses it cannot move', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'first' })
  await world.settle()
  await world.clock.advance(60)
  world.apply({ colour: 'red', boxName: 'second', count: 1 })

  for (let count = 0; count < 3; count++) await world.pass()

  // The toy label cannot move: the old box is still in use and must stay, and the object says what blocks it.
  assert.ok(world.cloud.things.has('box/first'))
  assert.ok(world.cloud.things.has('box/second'))
  assert.equal(world.condition('Stalled')?.reason, 'ImmutableField')
})

test('an older generation leaves as soon as nothing uses it', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'first' })
  await world.settle()
  await world.clock.advance(60)
  world.cloud.things.delete('label/toy')
  world.apply({ colour: 'red', boxName: 'second', count: 1 })

  await world.settle()
  await world.clock.advance(60)
  await world.settle()

  assert.deepEqual([...world.cloud.things.keys()].toSorted(), ['box/second', 'label/toy'])
  assert.equal(world.condition('Ready')?.status, 'True')
})

test('an older generation stays while what uses it cannot be looked at', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'first' })
  await world.settle()
  await world.clock.advance(60)
  world.cloud.before = (call) => void (call === 'read label/toy' && failing('throttled')())
  world.apply({ colour: 'red', boxName: 'second', count: 1 })

  for (let count = 0; count < 3; count++) await world.pass()

  assert.ok(world.cloud.things.has('box/first'))
})

test('an older generation stays while what uses it was made so recently that it may not show', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'first', count: 1 })
  await world.pass()
  world.cloud.stale = new Map([...world.cloud.things].filter(([id]) => id === 'box/first'))
  world.apply({ colour: 'red', boxName: 'second', count: 1 })

  for (let count = 0; count < 3; count++) await world.pass()

  assert.ok(world.cloud.things.has('box/first'))
})

test('an edit that would rename what cannot be renamed is refused and deletes nothing', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', labelName: 'first' })
  await world.settle()
  const before = world.cloud.writes.length
  world.apply({ colour: 'red', labelName: 'second', count: 1 })

  await world.settle()

  assert.equal(world.cloud.writes.length, before)
  assert.match(world.condition('Stalled')?.message ?? '', /label first cannot become second.*spec\.labelName/)
  assert.equal(world.condition('Stalled')?.reason, 'ImmutableField')
})

test('beside a rename that is refused, other edits are followed, and what is renamed is still looked at and kept', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', labelName: 'first', labelColour: 'white' })
  await world.settle()
  const before = world.cloud.writes.length
  world.apply({ colour: 'blue', labelName: 'second', labelColour: 'black', count: 1 })

  await world.settle()

  assert.deepEqual(world.cloud.writes.slice(before), ['paint box/toy'])
  assert.equal(world.condition('Stalled')?.reason, 'ImmutableField')
  const { inventory = [] } = statusOf(world.object() ?? assert.fail())
  assert.deepEqual(
    inventory.map(({ type, id }) => `${type} ${id}`),
    ['box toy', 'label first'],
  )

  world.apply({ colour: 'blue', labelName: 'first', labelColour: 'black', count: 1 })
  await world.settle()
  assert.deepEqual(world.cloud.writes.slice(before), ['paint box/toy', 'paint label/first'])
  await world.remove()
  await world.settle()
  assert.deepEqual([...world.cloud.things.keys()], [])
})

test('what is renamed keeps in use what it uses', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', boxName: 'one', labelName: 'first' })
  await world.settle()
  world.apply({ colour: 'red', boxName: 'one', labelName: 'second', count: 1 })
  await world.settle()
  const label = world.cloud.things.get('label/first')

  world.apply({ colour: 'red', boxName: 'two', labelName: 'second', count: 1 })
  for (let pass = 0; pass < 5; pass++) {
    await world.pass()
    await world.clock.advance(30)
  }

  assert.ok(world.cloud.things.has('box/one'), 'the label hangs in the air')
  assert.deepEqual(world.cloud.things.get('label/first'), label)
})

test('observe-only writes nothing to AWS and shows what it would do', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/mode': 'Observe' })

  await world.settle()

  assert.deepEqual(world.cloud.writes, [])
  assert.equal(world.condition('Ready')?.reason, 'ObserveOnly')
  assert.deepEqual(statusOf(world.object() ?? assert.fail()).plan, [
    { resource: 'box', id: 'toy', effect: 'create', summary: 'create toy' },
    { resource: 'label', id: 'toy', effect: 'create', summary: 'create toy' },
  ])
})

test('observe-only of what matches is Ready and has no plan', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.apply({ colour: 'red', count: 1 }, { 'longshore.dev/mode': 'Observe' })

  await world.settle()

  assert.equal(world.condition('Ready')?.status, 'True')
  assert.equal(statusOf(world.object() ?? assert.fail()).plan, undefined)
})

test('an observed object that is deleted is held as long as it owns something', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  await world.settle()
  world.apply({ colour: 'red', count: 1 }, { 'longshore.dev/mode': 'Observe' })
  await world.remove()
  await world.settle()
  assert.equal(world.cloud.writes.length, 2)
  assert.equal(world.condition('Ready')?.reason, 'ObserveOnly')

  world.apply({ colour: 'red', count: 1 })
  await world.settle()

  assert.equal(world.object(), undefined)
  assert.equal(world.cloud.things.size, 0)
})

test('drift is only reported when the object asks for that; an edit is still made true', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/drift': 'Report' })
  await world.settle()
  const box = world.cloud.things.get('box/toy') ?? assert.fail()
  world.cloud.things.set('box/toy', { ...box, colour: 'green' })

  await world.settle()
  assert.equal(world.cloud.things.get('box/toy')?.colour, 'green')
  assert.equal(world.condition('Drifted')?.status, 'True')
  assert.equal(world.condition('Ready')?.status, 'True')
  const writes = world.cluster.writes.length
  await world.settle()
  assert.equal(world.cluster.writes.length, writes, 'reported on every pass')
  const told = world.events.filter(({ type }) => type === 'Warning')
  assert.deepEqual(
    told.map(({ reason, note }) => [reason, note]),
    [['Drifted', 'AWS differs from the spec, which is only reported; would: paint']],
  )

  world.apply({ colour: 'blue', count: 1 })
  await world.settle()
  assert.equal(world.cloud.things.get('box/toy')?.colour, 'blue')
  assert.equal(world.condition('Drifted'), undefined)
})

test('a lost status is no edit: drift is still only reported', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/drift': 'Report' })
  await world.settle()
  const box = world.cloud.things.get('box/toy') ?? assert.fail()
  world.cloud.things.set('box/toy', { ...box, colour: 'green' })
  await world.dropStatus()

  await world.settle()

  assert.equal(world.cloud.things.get('box/toy')?.colour, 'green')
})

test('an ignored field is set when the thing is made and left alone afterwards', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', labelColour: 'gold' }, { 'longshore.dev/ignore': 'tags, spec.labelColour' })
  await world.settle()
  const label = world.cloud.things.get('label/toy') ?? assert.fail()
  assert.equal(label.colour, 'gold')
  world.cloud.things.set('label/toy', { ...label, colour: 'silver' })

  await world.settle()

  assert.equal(world.cloud.things.get('label/toy')?.colour, 'silver')
  assert.equal(world.condition('Ready')?.status, 'True')
})

test('a field that cannot be absent cannot be ignored, and the object says so', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' }, { 'longshore.dev/ignore': 'colour' })

  await world.settle()

  assert.equal(world.condition('Stalled')?.reason, 'InvalidSpec')
  assert.match(world.condition('Stalled')?.message ?? '', /spec\.colour/)
})

const unowned = { name: 'toy', arn: 'arn:box/toy', colour: 'black', on: undefined, owner: 'nobody' }

test('an adoption writes nothing but its tags until it is accepted, and shows what it would change', async () => {
  const world = createWorld()
  world.cloud.things.set('box/toy', unowned)
  world.apply({ colour: 'red' }, { 'longshore.dev/adopt': 'true' })

  await world.settle()
  world.restart()
  await world.settle()

  assert.deepEqual(world.cloud.writes, ['own box/toy'])
  assert.equal(world.condition('Stalled')?.reason, 'AdoptionPending')
  const plan = statusOf(world.object() ?? assert.fail()).plan?.map(({ resource, effect }) => `${effect} ${resource}`)
  assert.deepEqual(plan, ['change box', 'create label'])

  world.apply({ colour: 'red', count: 1 }, { 'longshore.dev/adopt': 'accept' })
  await world.settle()
  assert.deepEqual(world.cloud.writes.slice(1), ['paint box/toy', 'create label/toy'])
  assert.equal(world.condition('Ready')?.status, 'True')
  assert.equal(statusOf(world.object() ?? assert.fail()).inventory?.[0]?.origin, 'Adopted')
})

test('what was adopted is retained when its object goes', async () => {
  const world = createWorld()
  world.cloud.things.set('box/toy', unowned)
  world.apply({ colour: 'black' }, { 'longshore.dev/adopt': 'accept' })
  await world.settle()
  await world.remove()

  await world.settle()

  assert.equal(world.cloud.things.get('box/toy')?.owner, 'nobody')
  assert.equal(world.cloud.things.has('label/toy'), false)
  assert.equal(world.object(), undefined)
})

test('what somebody else owns cannot be adopted', async () => {
  const world = createWorld()
  world.cloud.things.set('box/toy', { ...unowned, owner: 'somebody' })
  world.apply({ colour: 'black' }, { 'longshore.dev/adopt': 'accept' })

  await world.settle()

  assert.deepEqual(world.cloud.writes, [])
  assert.equal(world.condition('Stalled')?.reason, 'ForeignResource')
})

for (const { annotation, value, message } of [
  {
    annotation: 'drift',
    value: 'report',
    message: /longshore\.dev\/drift.* is "report", but must be one of Repair, Report/,
  },
  {
    annotation: 'deletion-polcy',
    value: 'Retain',
    message: /longshore\.dev\/deletion-polcy.* is not known; known are paused/,
  },
]) {
  test(`the annotation ${annotation}: ${value} is refused by name, also on deletion`, async () => {
    const world = createWorld()
    world.apply({ colour: 'red' })
    await world.settle()
    world.apply({ colour: 'blue', count: 1 }, { [`longshore.dev/${annotation}`]: value })
    await world.settle()
    await world.remove()

    await world.settle()

    assert.match(world.condition('Stalled')?.message ?? '', message)
    assert.equal(world.cloud.writes.length, 2)
  })
}

test('no AWS write begins shortly before the lease ends', async () => {
  const world = createWorld()
  world.apply({ colour: 'red' })
  world.loseLease()

  const result = await world.pass()

  assert.deepEqual(world.cloud.writes, [])
  assert.equal(result.type, 'retry')
})

test('an object whose drift is only reported is deleted all the same, also after its status was lost', async () => {
  for (const isStatusLost of [false, true]) {
    const world = createWorld()
    world.apply({ colour: 'red' }, { 'longshore.dev/drift': 'Report' })
    await world.settle()
    if (isStatusLost) await world.dropStatus()
    await world.remove()

    await world.settle()

    assert.equal(world.object(), undefined)
    assert.equal(world.cloud.things.size, 0)
  }
})

test('an adoption that was never accepted can be given up: what was marked is released', async () => {
  const world = createWorld()
  world.cloud.things.set('box/toy', unowned)
  world.apply({ colour: 'red' }, { 'longshore.dev/adopt': 'true' })
  await world.settle()
  assert.equal(world.condition('Stalled')?.reason, 'AdoptionPending')
  await world.remove()

  await world.settle()

  assert.equal(world.object(), undefined)
  assert.deepEqual(world.cloud.writes, ['own box/toy', 'disown box/toy'])
})

test('what was adopted is retained although status was lost', async () => {
  for (const isSeenBefore of [false, true]) {
    const world = createWorld()
    world.cloud.things.set('box/toy', unowned)
    world.apply({ colour: 'black' }, { 'longshore.dev/adopt': 'accept' })
    await world.settle()
    await world.dropStatus()
    if (isSeenBefore) await world.settle()
    await world.remove()

    await world.settle()

    assert.equal(world.cloud.things.get('box/toy')?.owner, 'nobody')
    assert.equal(world.object(), undefined)
  }
})

test('an ignored field is left alone although status was lost', async () => {
  const world = createWorld()
  world.apply({ colour: 'red', labelColour: 'gold' }, { 'longshore.dev/ignore': 'labelColour' })
  await world.settle()
  const label = world.cloud.things.get('label/toy') ?? assert.fail()
  world.cloud.things.set('label/toy', { ...label, colour: 'silver' })
  await world.dropStatus()

  await world.settle()

  assert.equal(world.cloud.things.get('label/toy')?.colour, 'silver')
})
