import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { Failure, type FailureCode } from '../core/failure.ts'
import type { Lease, LeaseClient, ReadLease } from '../kube/lease.ts'
import { Elector } from './leader.ts'

const forever = new AbortController().signal

/** The lease of a cluster, for any number of candidates. */
function createSharedLease() {
  let lease: ReadLease | undefined
  let version = 0
  const writes: string[] = []

  function store(next: Lease): ReadLease {
    version += 1
    lease = { ...next, version: String(version), metadata: {} }
    writes.push(next.holderIdentity)
    return lease
  }
  /** What one candidate sees; `fault` makes its requests fail. */
  function clientOf(fault: () => FailureCode | 'lost-answer' | undefined): LeaseClient {
    const attempt = <T>(work: () => T): Promise<T> => {
      const code = fault()
      if (code !== undefined && code !== 'lost-answer') return Promise.reject(new Failure(code, 'lease'))
      const result = work()
      return code === 'lost-answer' ? Promise.reject(new Failure('timeout', 'lease')) : Promise.resolve(result)
    }
    return {
      read: () => attempt(() => lease),
      create: (next) =>
        attempt(() => {
          if (lease !== undefined) throw new Failure('already-exists', 'lease')
          return store(next)
        }),
      update: async (next) =>
        attempt(() => {
          if (lease?.version !== next.version) throw new Failure('conflict', 'lease')
          return store(next)
        }),
    }
  }
  return {
    writes,
    clientOf,
    current: () => lease,
    touch: () => lease && store(lease),
    seize: (by: string) => lease && store({ ...lease, holderIdentity: by }),
  }
}

function candidate(identity: string, shared: ReturnType<typeof createSharedLease>, clock: HandClock) {
  let fault: FailureCode | 'lost-answer' | undefined
  const metrics = createMetricsRecorder()
  const elector = new Elector({
    lease: shared.clientOf(() => fault),
    identity,
    name: 'longshore',
    clock,
    random: createFixedRandom(0),
    log: createLogRecorder().log,
    metrics,
  })
  const setFault = (next: typeof fault) => (fault = next)
  return { elector, metrics, setFault }
}

function start() {
  const clock = createHandClock()
  const shared = createSharedLease()
  return { clock, shared, a: candidate('a', shared, clock), b: candidate('b', shared, clock) }
}

/** Begins to hold; tells later how it ended. */
function hold(elector: Elector, signal = forever) {
  const end: { message?: string; isOver: boolean } = { isOver: false }
  void elector.hold(signal).then(
    () => (end.isOver = true),
    (error: unknown) => Object.assign(end, { isOver: true, message: String(error) }),
  )
  return end
}

describe('an elector', () => {
  test('leads at once when nobody holds the lease', async () => {
    const { clock, shared, a } = start()

    await a.elector.acquire(forever)

    assert.ok(a.elector.isLeading())
    assert.equal(a.metrics.value('leader_election_master_status', { name: 'longshore' }), 1)
    assert.deepEqual(shared.current(), {
      version: '1',
      metadata: {},
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: clock.now(),
      renewTime: clock.now(),
      leaseTransitions: 0,
    })
  })

  test('renews every two seconds and keeps when it began', async () => {
    const { clock, shared, a } = start()
    await a.elector.acquire(forever)
    const acquiredAt = clock.now()
    const end = hold(a.elector)

    await clock.advance(60)

    assert.ok(a.elector.isLeading() && !end.isOver)
    assert.equal(shared.writes.length, 31)
    assert.equal(shared.current()?.acquireTime, acquiredAt)
    assert.equal(shared.current()?.renewTime, clock.now())
  })

  test('waits while somebody else renews, and leads within 17 s of the last renewal', async () => {
    const { clock, shared, a, b } = start()
    await a.elector.acquire(forever)
    hold(a.elector)
    const won = b.elector.acquire(forever)
    await clock.advance(60)
    assert.ok(!b.elector.isLeading())

    a.setFault('unavailable')
    await clock.advance(14)
    assert.ok(!b.elector.isLeading())
    await clock.advance(3)
    await won

    assert.ok(b.elector.isLeading())
    assert.equal(shared.current()?.leaseTransitions, 1)
  })

  test('never leads beside another, whatever their clocks say', async () => {
    const { clock, a, shared } = start()
    await a.elector.acquire(forever)
    const fast = createHandClock(clock.now() + 3_600_000)
    const other = candidate('other', shared, fast)
    hold(a.elector)
    void other.elector.acquire(forever)

    for (let i = 0; i < 30; i += 1) {
      await clock.advance(2)
      await fast.advance(2)
      assert.ok(!other.elector.isLeading())
    }
  })

  test('gives up when it cannot renew for 10 s, before anybody else can lead', async () => {
    const { clock, a, b } = start()
    await a.elector.acquire(forever)
    const end = hold(a.elector)
    void b.elector.acquire(forever)
    await clock.advance(2)

    a.setFault('unavailable')
    await clock.advance(10)
    assert.ok(!end.isOver)
    await clock.advance(2)

    assert.match(end.message ?? '', /not renewed for 11 s/)
    assert.ok(!a.elector.isLeading() && !b.elector.isLeading())
    assert.equal(a.metrics.value('leader_election_master_status'), 0)
  })

  test('survives a few failed renewals', async () => {
    const { clock, a } = start()
    await a.elector.acquire(forever)
    const end = hold(a.elector)

    a.setFault('unavailable')
    await clock.advance(8)
    a.setFault(undefined)
    await clock.advance(30)

    assert.ok(a.elector.isLeading() && !end.isOver)
  })

  test('survives a renewal whose answer was lost, and somebody who labels the lease', async () => {
    const { clock, shared, a } = start()
    await a.elector.acquire(forever)
    const end = hold(a.elector)

    a.setFault('lost-answer')
    await clock.advance(2)
    a.setFault(undefined)
    await clock.advance(1)
    assert.equal(a.metrics.value('leader_election_slowpath_total', { name: 'longshore' }), 1)
    shared.touch()
    await clock.advance(2)

    assert.equal(a.metrics.value('leader_election_slowpath_total'), 2)
    assert.ok(a.elector.isLeading() && !end.isOver)
    assert.ok((shared.current()?.renewTime ?? 0) > clock.now() - 2000)
  })

  test('survives two renewals in a row that vanish', async () => {
    const { clock, shared } = start()
    const client = shared.clientOf(() => undefined)
    const deadlines: number[] = []
    let vanishing = 0
    const patchy: LeaseClient = {
      ...client,
      update: async (lease, deadlineSeconds, signal) => {
        deadlines.push(Math.round(deadlineSeconds * 10) / 10)
        if (vanishing-- <= 0) return client.update(lease, deadlineSeconds, signal)
        await clock.sleep(deadlineSeconds, signal)
        throw new Failure('timeout', 'lease')
      },
    }
    const common = {
      clock,
      random: createFixedRandom(0),
      log: createLogRecorder().log,
      metrics: createMetricsRecorder(),
    }
    const elector = new Elector({ lease: patchy, identity: 'patchy', name: 'longshore', ...common })
    await elector.acquire(forever)
    const end = hold(elector)

    vanishing = 2
    await clock.advance(20)

    assert.ok(elector.isLeading() && !end.isOver)
    assert.deepEqual(deadlines.slice(0, 4), [3.3, 3.3, 1, 3.3])
  })

  test('gives up at once when somebody else took the lease', async () => {
    const { clock, shared, a } = start()
    await a.elector.acquire(forever)
    const end = hold(a.elector)

    shared.seize('thief')
    await clock.advance(2)

    assert.match(end.message ?? '', /held by thief/)
    assert.ok(!a.elector.isLeading())
  })

  test('gives up after a stall in which it could not renew, without asking', async () => {
    const { clock, shared, a } = start()
    await a.elector.acquire(forever)
    // A stalled event loop: time passes, timers fire late.
    const late: (() => void)[] = []
    const stalled = { ...clock, sleep: () => new Promise<void>((resolve) => late.push(resolve)) }
    const elector = candidate('c', shared, { ...clock, ...stalled }).elector
    shared.seize('')
    await elector.acquire(forever)
    const end = hold(elector)
    const writes = shared.writes.length

    await clock.advance(11)
    assert.ok(!elector.mayStartWrite())
    late.forEach((wake) => {
      wake()
    })
    await clock.advance(0)

    assert.match(end.message ?? '', /not renewed for 11 s/)
    assert.equal(shared.writes.length, writes)
  })

  test('starts no write in the last 5 s of the lease', async () => {
    const { clock, a } = start()
    assert.ok(!a.elector.mayStartWrite())
    await a.elector.acquire(forever)

    await clock.advance(9.9)
    assert.ok(a.elector.mayStartWrite())
    await clock.advance(0.1)
    assert.ok(!a.elector.mayStartWrite() && a.elector.isLeading())
    await clock.advance(5)
    assert.ok(!a.elector.isLeading())
  })

  test('counts from when it asked for a renewal, not from when the answer came', async () => {
    const { clock, shared } = start()
    const client = shared.clientOf(() => undefined)
    const slow: LeaseClient = {
      ...client,
      create: async (...args) => {
        const lease = await client.create(...args)
        await clock.sleep(4, forever)
        return lease
      },
    }
    const metrics = createMetricsRecorder()
    const common = { clock, random: createFixedRandom(0), log: createLogRecorder().log, metrics }
    const elector = new Elector({ lease: slow, identity: 'slow', name: 'longshore', ...common })
    void elector.acquire(forever)

    await clock.advance(9.9)
    assert.ok(elector.mayStartWrite())
    await clock.advance(0.1)

    assert.ok(!elector.mayStartWrite())
  })

  test('releases the lease, so that the next leads within a second', async () => {
    const { clock, a, b } = start()
    await a.elector.acquire(forever)
    const stop = new AbortController()
    const end = hold(a.elector, stop.signal)
    void b.elector.acquire(forever)
    await clock.advance(4)

    stop.abort()
    await clock.advance(0)
    await a.elector.release(forever)
    await clock.advance(1)

    assert.deepEqual(end, { isOver: true })
    assert.ok(!a.elector.isLeading() && b.elector.isLeading())
  })

  test('keeps trying when the API server fails, and stops when it is told to', async () => {
    const { clock, a } = start()
    a.setFault('denied')
    const stop = new AbortController()
    const won = a.elector.acquire(stop.signal)
    const refused = assert.rejects(won, /enough/)
    await clock.advance(60)

    stop.abort(new Error('enough'))

    await refused
    assert.equal(clock.pending(), 0)
  })
})
