import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { Failure } from '../core/failure.ts'
import { Controller, type ControllerOptions } from './controller.ts'
import { PRIORITY, type Reconcile, type ReconcileResult } from './reconcile.ts'
import type { Enqueue } from './source.ts'

const done: ReconcileResult = { type: 'done' }

type Options = Partial<Pick<ControllerOptions, 'workers' | 'timeoutSeconds' | 'foregone'>>

function start(reconcile: Reconcile, options: Options = {}) {
  const clock = createHandClock()
  const metrics = createMetricsRecorder()
  const { log, entries } = createLogRecorder()
  let enqueue: Enqueue = () => assert.fail('not subscribed')
  let hasSynced = false
  const source = { subscribe: (given: Enqueue) => void (enqueue = given), hasSynced: () => hasSynced }
  const controller = new Controller({
    name: 'widget',
    reconcile,
    sources: [source],
    random: createFixedRandom(1),
    clock,
    log,
    metrics,
    ...options,
  })
  const stop = new AbortController()
  const abort = new AbortController()
  const running = controller.run(stop.signal, abort.signal)
  const add = (key: string, priority: number = PRIORITY.userChange) => {
    enqueue(key, { priority })
  }
  const sync = () => (hasSynced = true)
  return { controller, clock, metrics, entries, add, sync, stop, abort, running }
}

/** A reconcile function that ends when it is told to. */
function createGate() {
  const open = new Map<string, (result: ReconcileResult) => void>()
  const started: string[] = []
  const reconcile: Reconcile = (key) => {
    assert.ok(!open.has(key), `${key} is worked on twice at once`)
    started.push(key)
    return new Promise((resolve) => {
      open.set(key, (result) => {
        open.delete(key)
        resolve(result)
      })
    })
  }
  const finish = (key: string, result: ReconcileResult = done) =>
    (open.get(key) ?? assert.fail(`${key} is not worked on`))(result)
  return { reconcile, started, finish }
}

describe('a controller', () => {
  test('makes no pass over a key of which it is known what would come of it, and comes back to it in time', async () => {
    const gate = createGate()
    const foregone = (key: string, priority: number): ReconcileResult | undefined =>
      key === 'settled' && priority === PRIORITY.initialList
        ? { type: 'requeue-after', seconds: 60, priority: PRIORITY.drift }
        : undefined
    const { clock, add, metrics } = start(gate.reconcile, { foregone })
    add('settled', PRIORITY.initialList)
    add('other', PRIORITY.initialList)
    await clock.advance(0)
    assert.deepEqual(gate.started, ['other'])
    assert.equal(metrics.value('workqueue_depth'), 0)

    await clock.advance(60)

    assert.deepEqual(gate.started, ['other', 'settled'])
  })

  test('works on as many keys at once as it has workers, never twice on one', async () => {
    const gate = createGate()
    const { clock, add, metrics } = start(gate.reconcile, { workers: 2 })
    for (const key of ['a', 'b', 'c', 'a']) add(key)
    await clock.advance(0)
    assert.deepEqual(gate.started, ['a', 'b'])
    assert.equal(metrics.value('controller_runtime_active_workers', { controller: 'widget' }), 2)
    assert.equal(metrics.value('workqueue_depth', { priority: '100' }), 1)

    add('a')
    gate.finish('b')
    await clock.advance(0)
    assert.deepEqual(gate.started, ['a', 'b', 'c'])
    gate.finish('a')
    await clock.advance(0)

    assert.deepEqual(gate.started, ['a', 'b', 'c', 'a'])
  })

  test('comes back when a pass asked for it', async () => {
    const seen: number[] = []
    const room = start(async () => {
      seen.push(room.clock.now())
      return { type: 'requeue-after', seconds: 60, priority: PRIORITY.drift }
    })
    room.add('a')
    const from = room.clock.now()

    await room.clock.advance(120)

    assert.deepEqual(
      seen.map((at) => (at - from) / 1000),
      [0, 60, 120],
    )
    assert.equal(room.metrics.value('controller_runtime_reconcile_total', { result: 'requeue_after' }), 3)
  })

  test('retries with growing pauses, at least as long as asked, until it works', async () => {
    const results: ReconcileResult[] = [
      { type: 'retry', minimumSeconds: 0 },
      { type: 'retry', minimumSeconds: 0 },
      { type: 'retry', minimumSeconds: 7 },
      done,
      { type: 'retry', minimumSeconds: 0 },
      done,
    ]
    const seen: number[] = []
    const room = start(async () => {
      seen.push(room.clock.now())
      return results.shift() ?? done
    })
    const from = room.clock.now()
    room.add('a')
    await room.clock.advance(10)
    room.add('a')
    await room.clock.advance(10)

    assert.deepEqual(
      seen.map((at) => at - from),
      [0, 5, 15, 7015, 10_000, 10_005],
    )
    assert.equal(room.metrics.value('controller_runtime_reconcile_errors_total'), 4)
    assert.equal(room.metrics.value('workqueue_retries_total', { name: 'widget' }), 4)
  })

  test('logs an exception as a bug, counts it and tries again', async () => {
    let passes = 0
    const { clock, add, entries, metrics } = start(async () => {
      passes += 1
      if (passes === 1) throw new TypeError('x is undefined')
      return done
    })
    add('a')

    await clock.advance(1)

    assert.equal(passes, 2)
    assert.equal(metrics.value('controller_runtime_reconcile_panics_total'), 1)
    assert.equal(metrics.value('controller_runtime_reconcile_total', { result: 'success' }), 1)
    assert.deepEqual(
      entries.map(({ level, message, fields }) => [level, message, fields['key'], fields['controller']]),
      [['error', 'pass threw', 'a', 'widget']],
    )
  })

  test('cuts a pass that takes too long, and tries again', async () => {
    let passes = 0
    const { clock, add, metrics, entries } = start(
      (_key, signal) => {
        passes += 1
        if (passes > 1) return Promise.resolve(done)
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason instanceof Failure ? signal.reason : new Error('no failure'))
          })
        })
      },
      { timeoutSeconds: 30 },
    )
    add('a')

    await clock.advance(31)

    assert.equal(passes, 2)
    assert.equal(metrics.value('controller_runtime_reconcile_timeouts_total'), 1)
    assert.equal(metrics.value('controller_runtime_reconcile_panics_total'), 0)
    assert.deepEqual(entries, [])
    assert.equal(clock.pending(), 0)
  })

  test('ends after the passes in progress when it is stopped', async () => {
    const gate = createGate()
    const { clock, add, stop, running } = start(gate.reconcile, { workers: 1 })
    add('a')
    add('b')
    await clock.advance(0)

    stop.abort()
    let isOver = false
    void running.then(() => (isOver = true))
    await clock.advance(1)
    assert.ok(!isOver)
    gate.finish('a')
    await running

    assert.deepEqual(gate.started, ['a'])
  })

  test('passes the signal to abort on to the passes in progress', async () => {
    const room = start((_key, signal) => {
      const { promise, resolve } = Promise.withResolvers<ReconcileResult>()
      signal.addEventListener('abort', () => {
        resolve({ type: 'retry', minimumSeconds: 0 })
      })
      return promise
    })
    room.add('a')
    await room.clock.advance(0)

    room.stop.abort()
    room.abort.abort()

    await room.running
  })

  test('has synced when its sources have', () => {
    const { controller, sync } = start(async () => done)

    assert.ok(!controller.hasSynced())
    sync()
    assert.ok(controller.hasSynced())
  })

  test('measures waiting and working', async () => {
    const gate = createGate()
    const { clock, add, metrics } = start(gate.reconcile, { workers: 1 })
    add('a')
    add('b')
    await clock.advance(3)
    assert.equal(metrics.value('workqueue_longest_running_processor_seconds'), 3)
    assert.equal(metrics.value('workqueue_depth', { priority: '100' }), 1)
    gate.finish('a')
    await clock.advance(2)
    gate.finish('b')
    await clock.advance(0)

    assert.equal(metrics.value('workqueue_adds_total'), 2)
    assert.equal(metrics.value('workqueue_queue_duration_seconds'), 3)
    assert.equal(metrics.value('workqueue_work_duration_seconds'), 5)
    assert.equal(metrics.value('workqueue_unfinished_work_seconds'), 0)
    assert.equal(metrics.value('controller_runtime_reconcile_time_seconds'), 5)
    assert.equal(metrics.value('controller_runtime_max_concurrent_reconciles'), 1)
  })

  test('is stuck while a pass ignores that its time is over, and says which', async () => {
    const gate = createGate()
    const { controller, clock, add, entries } = start(gate.reconcile, { timeoutSeconds: 30 })
    add('a')
    add('b')
    await clock.advance(30)
    gate.finish('b')
    await clock.advance(59)
    assert.ok(!controller.isStuck())

    await clock.advance(1)
    assert.ok(controller.isStuck())
    assert.deepEqual(
      entries.map(({ message, fields }) => [message, fields['key']]),
      [['pass does not end', 'a']],
    )
    gate.finish('a')
    await clock.advance(0)

    assert.ok(!controller.isStuck())
  })

  for (const { fact, result, counted } of [
    { fact: 'a pass with nothing left to do', result: done, counted: 'success' },
    {
      fact: 'a pass that comes back',
      result: { type: 'requeue-after', seconds: 60, priority: 0 },
      counted: 'requeue_after',
    },
    {
      fact: 'a pass that comes back at once',
      result: { type: 'requeue-after', seconds: 0, priority: 0 },
      counted: 'requeue',
    },
    { fact: 'a pass that has to be retried', result: { type: 'retry', minimumSeconds: 60 }, counted: 'error' },
    {
      fact: 'a pass that only a person can help',
      result: { type: 'requeue-after', seconds: 60, priority: 0, needsPerson: true },
      counted: 'error',
    },
  ] as const) {
    test(`counts ${fact} as ${counted}`, async () => {
      const gate = createGate()
      const { clock, add, metrics } = start(gate.reconcile)
      add('a')
      await clock.advance(0)

      gate.finish('a', result)
      await clock.advance(0)

      assert.equal(metrics.value('controller_runtime_reconcile_total', { controller: 'widget' }), 1)
      assert.equal(metrics.value('controller_runtime_reconcile_total', { controller: 'widget', result: counted }), 1)
      assert.equal(metrics.value('controller_runtime_reconcile_errors_total'), counted === 'error' ? 1 : 0)
      const isTerminal = 'needsPerson' in result
      assert.equal(metrics.value('controller_runtime_terminal_reconcile_errors_total'), isTerminal ? 1 : 0)
    })
  }
})
