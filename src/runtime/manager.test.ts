import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { createScriptedCluster, widget, WIDGETS } from '../../test/support/scripted-watch.ts'
import { Failure } from '../core/failure.ts'
import type { Lease, ReadLease } from '../kube/lease.ts'
import { Controller } from './controller.ts'
import { Informer } from './informer.ts'
import { Elector } from './leader.ts'
import { Manager } from './manager.ts'
import type { ReconcileResult } from './reconcile.ts'
import { ownObjects } from './source.ts'

const page = { resourceVersion: '10', items: [widget('a', 5)] }

/** An operator with one kind; what it does is written down in `diary`. */
function start(options: { readonly lists?: Parameters<typeof createScriptedCluster>; readonly isHeld?: boolean } = {}) {
  const diary: string[] = []
  const clock = createHandClock()
  const metrics = createMetricsRecorder()
  const { log } = createLogRecorder()
  const common = { clock, metrics, log, random: createFixedRandom(0.5) }
  const cluster = createScriptedCluster(...(options.lists ?? [page]))
  const informer = new Informer({ cluster, type: WIDGETS, ...common })
  const passes: ((result: ReconcileResult) => void)[] = []
  const controller = new Controller({
    name: 'widget',
    sources: [ownObjects(informer)],
    reconcile: (key, signal) => {
      diary.push(`pass ${key}`)
      signal.addEventListener('abort', () => diary.push(`cut ${key}`))
      return new Promise((resolve) => passes.push(resolve))
    },
    ...common,
  })
  const lease = createLease(options.isHeld ?? false, diary)
  const elector = new Elector({ lease: lease.client, identity: 'me', name: 'longshore', ...common })
  const flush = async () => void diary.push('flush')
  const manager = new Manager({ informers: [informer], controllers: [controller], elector, flush, clock, log })
  const stop = new AbortController()
  const end: { isOver: boolean; message?: string } = { isOver: false }
  const running = manager.run(stop.signal).then(
    () => (end.isOver = true),
    (error: unknown) => Object.assign(end, { isOver: true, message: String(error) }),
  )
  const finish = () => passes.splice(0).forEach((resolve) => resolve({ type: 'done' }))
  return { diary, clock, cluster, manager, lease, stop, end, running, finish }
}

function createLease(isHeld: boolean, diary: string[]) {
  const held = { holderIdentity: 'other', leaseDurationSeconds: 15, acquireTime: 0, renewTime: 0, leaseTransitions: 0 }
  let lease: ReadLease | undefined = isHeld ? { ...held, version: '0', metadata: {} } : undefined
  let isBroken = false
  let version = 0
  const write = async (next: Lease): Promise<ReadLease> => {
    if (isBroken) throw new Failure('unavailable', 'lease')
    if (next.holderIdentity !== lease?.holderIdentity) diary.push(`lease to ${next.holderIdentity || 'nobody'}`)
    version += 1
    lease = { ...next, version: String(version), metadata: {} }
    return lease
  }
  const client = { read: () => Promise.resolve(lease), create: write, update: write }
  return { client, breakDown: () => (isBroken = true) }
}

describe('a manager', () => {
  test('fills the stores, wins the lease and then works', async () => {
    const { diary, clock, manager } = start({ lists: [new Failure('unavailable', 'LIST'), page] })
    await clock.advance(0)
    assert.ok(!manager.isReady())
    assert.deepEqual(diary, [])

    await clock.advance(1)

    assert.ok(manager.isReady())
    assert.deepEqual(diary, ['lease to me', 'pass demo/a'])
  })

  test('is ready as a standby, and does not work', async () => {
    const { diary, clock, manager } = start({ isHeld: true })

    await clock.advance(10)

    assert.ok(manager.isReady())
    assert.deepEqual(diary, [])
  })

  test('is up to date as long as the API server says something now and then', async () => {
    const { clock, cluster, manager } = start()
    await clock.advance(0)
    assert.ok(manager.isUpToDate())
    const newest = () => cluster.watches.at(-1) ?? assert.fail('nothing is watched')

    // A quiet cluster: watches are begun anew and accepted.
    await clock.advance(1000)
    assert.ok(manager.isUpToDate())
    newest().send({ type: 'BOOKMARK', resourceVersion: '20', initialEventsEnd: false })
    await clock.advance(0)
    cluster.refusals.push(...Array.from({ length: 99 }, () => new Failure('unavailable', 'WATCH')))
    newest().fail(new Failure('unavailable', 'WATCH'))
    await clock.advance(179)
    assert.ok(manager.isUpToDate())
    await clock.advance(1)
    assert.ok(!manager.isUpToDate())

    cluster.refusals.length = 0
    await clock.advance(30)
    assert.ok(manager.isUpToDate())
  })

  test('does not work any more when a pass does not end', async () => {
    const { clock, manager } = start()
    await clock.advance(179)
    assert.ok(manager.isWorking())

    await clock.advance(1)

    assert.ok(!manager.isWorking())
  })

  test('stops in order: passes, events, lease, watches', async () => {
    const { diary, clock, cluster, stop, end, running, finish } = start()
    await clock.advance(5)

    stop.abort()
    await clock.advance(5)
    assert.ok(!end.isOver)
    finish()
    await clock.advance(0)
    await running

    assert.deepEqual(diary, ['lease to me', 'pass demo/a', 'flush', 'lease to nobody'])
    assert.ok(cluster.watches.every((watch) => watch.isCut()))
    assert.equal(clock.pending(), 0)
  })

  test('cuts passes that are not over after 30 s', async () => {
    const { diary, clock, stop, end } = start()
    await clock.advance(5)

    stop.abort()
    await clock.advance(29)
    assert.ok(!diary.includes('cut demo/a'))
    await clock.advance(10)

    assert.deepEqual(diary, ['lease to me', 'pass demo/a', 'cut demo/a', 'flush', 'lease to nobody'])
    assert.deepEqual(end, { isOver: true })
  })

  test('cuts passes at once when leadership is lost, and fails', async () => {
    const { diary, clock, lease, end, finish } = start()
    await clock.advance(5)

    lease.breakDown()
    await clock.advance(12)
    assert.ok(diary.includes('cut demo/a'))
    finish()
    await clock.advance(0)

    assert.match(end.message ?? '', /leadership lost/)
    assert.ok(!diary.includes('lease to nobody'))
  })

  test('fails when the stores do not fill within two minutes', async () => {
    const { clock, end, diary } = start({ lists: [new Failure('denied', 'LIST')] })

    await clock.advance(121)

    assert.match(end.message ?? '', /not filled in 120 s/)
    assert.deepEqual(diary, [])
  })

  for (const { fact, options } of [
    { fact: 'while the stores fill', options: { lists: [new Failure('denied', 'LIST')] } },
    { fact: 'as a standby', options: { isHeld: true } },
  ]) {
    test(`stops ${fact}, without a word`, async () => {
      const { clock, stop, end, diary, running } = start(options)
      await clock.advance(5)

      stop.abort()
      await running

      assert.deepEqual([end, diary], [{ isOver: true }, []])
      assert.equal(clock.pending(), 0)
    })
  }
})
