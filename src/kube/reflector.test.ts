import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { createScriptedCluster, widget, WIDGETS, type ScriptedCluster } from '../../test/support/scripted-watch.ts'
import { Failure } from '../core/failure.ts'
import type { FailureCode } from '../core/failure.ts'
import { Reflector } from './reflector.ts'
import { createStreamingLists, type StreamingLists } from './streaming-lists.ts'

const PAGE = { resourceVersion: '10', items: [widget('a', 5)] }
/** The longest pause that a test has to sit out. */
const PAUSE_SECONDS = 31

async function start(...lists: Parameters<typeof createScriptedCluster>) {
  return follow(createScriptedCluster(...lists))
}

/** What the sink waits for. */
interface Pauses {
  readonly taken?: Promise<void>
  readonly breath?: Promise<void>
}

async function follow(cluster: ScriptedCluster, streamingLists?: StreamingLists, pauses: Pauses = {}) {
  const clock = createHandClock()
  const seen: string[] = []
  const { log, entries } = createLogRecorder()
  const metrics = createMetricsRecorder()
  const stop = new AbortController()
  const reflector = new Reflector({
    cluster,
    type: WIDGETS,
    sink: {
      prepare: (object) => ({ ...object, spec: 'prepared' }),
      replace: async (objects) => {
        assert.ok(objects.every(({ spec }) => spec === 'prepared'))
        seen.push(`all ${objects.map(({ metadata }) => metadata.name).join()}`)
        await pauses.taken
      },
      apply: (type, { spec, metadata }) => {
        assert.equal(spec, 'prepared')
        seen.push(`${type} ${metadata.name}`)
      },
      breathe: async () => pauses.breath,
    },
    clock,
    log,
    metrics,
    random: createFixedRandom(0.5),
    ...(streamingLists && { streamingLists }),
  })
  const running = reflector.run(stop.signal)
  await clock.advance(0)
  const newest = () => cluster.watches.at(-1) ?? assert.fail('nothing is watched')
  return { cluster, clock, seen, entries, metrics, stop, running, newest }
}

const fail = (code: FailureCode, retryAfterSeconds?: number) => new Failure(code, 'test', { retryAfterSeconds })

describe('a reflector', () => {
  test('lists, then watches from the version of the list', async () => {
    const { cluster, seen, newest } = await start(PAGE)

    assert.deepEqual(seen, ['all a'])
    assert.deepEqual(cluster.listed, [{ limit: 500 }])
    assert.equal(newest().options.resourceVersion, '10')
  })

  test('goes on with the next event when others have had their turn', async () => {
    const turn = Promise.withResolvers<void>()
    const { clock, seen, newest } = await follow(createScriptedCluster(PAGE), undefined, { breath: turn.promise })
    newest().send({ type: 'ADDED', object: widget('b', 11) })
    newest().send({ type: 'ADDED', object: widget('c', 12) })
    await clock.advance(0)
    assert.deepEqual(seen, ['all a', 'ADDED b'])

    turn.resolve()
    await clock.advance(0)

    assert.deepEqual(seen, ['all a', 'ADDED b', 'ADDED c'])
  })

  test('gives nothing else before the list is taken in', async () => {
    const list = Promise.withResolvers<void>()
    const cluster = createScriptedCluster()
    cluster.streamsLists = true
    const { clock, seen, newest } = await follow(cluster, undefined, { taken: list.promise })
    newest().send({ type: 'ADDED', object: widget('a', 5) })
    newest().send({ type: 'BOOKMARK', resourceVersion: '10', initialEventsEnd: true })
    newest().send({ type: 'ADDED', object: widget('b', 11) })
    await clock.advance(0)
    assert.deepEqual(seen, ['all a'])

    list.resolve()
    await clock.advance(0)

    assert.deepEqual(seen, ['all a', 'ADDED b'])
  })

  test('reads all pages before it shows any', async () => {
    const first = { resourceVersion: '10', continue: 'x', items: [widget('a', 5)] }
    const { cluster, seen } = await start(first, { ...PAGE, items: [widget('b', 6)] })

    assert.deepEqual(seen, ['all a,b'])
    assert.deepEqual(cluster.listed, [{ limit: 500 }, { limit: 500, continue: 'x' }])
  })

  test('lists everything at once after a page came too late', async () => {
    const first = { resourceVersion: '10', continue: 'x', items: [widget('a', 5)] }
    const { cluster, clock, seen } = await start(first, fail('expired'), PAGE)
    assert.deepEqual(seen, [])

    await clock.advance(PAUSE_SECONDS)

    assert.deepEqual(seen, ['all a'])
    assert.deepEqual(cluster.listed.at(-1), {})
  })

  test('passes events on', async () => {
    const { clock, seen, newest } = await start(PAGE)

    newest().send({ type: 'ADDED', object: widget('b', 11) })
    newest().send({ type: 'MODIFIED', object: widget('a', 12) })
    newest().send({ type: 'DELETED', object: widget('b', 13) })
    await clock.advance(0)

    assert.deepEqual(seen, ['all a', 'ADDED b', 'MODIFIED a', 'DELETED b'])
  })

  for (const { fact, event } of [
    { fact: 'the last event', event: { type: 'MODIFIED', object: widget('a', 17) } as const },
    {
      fact: 'the last bookmark',
      event: { type: 'BOOKMARK', resourceVersion: '17', initialEventsEnd: false } as const,
    },
  ]) {
    test(`goes on from ${fact} when the server ends the watch`, async () => {
      const { cluster, clock, newest } = await start(PAGE)
      newest().send(event)
      await clock.advance(60)

      newest().end()
      await clock.advance(0)

      assert.equal(cluster.watches.length, 2)
      assert.equal(newest().options.resourceVersion, '17')
      assert.equal(cluster.listed.length, 1)
    })
  }

  test('asks for watches of 5 to 10 minutes', async () => {
    const { newest } = await start(PAGE)

    assert.equal(newest().options.timeoutSeconds, 450)
  })

  for (const code of ['unavailable', 'throttled', 'timeout', 'denied', 'credentials', 'unexpected'] as const) {
    test(`survives ${code} without a new list`, async () => {
      const { cluster, clock, newest, metrics } = await start(PAGE)
      newest().send({ type: 'MODIFIED', object: widget('a', 17) })
      await clock.advance(0)

      newest().fail(fail(code))
      await clock.advance(0)
      assert.equal(cluster.watches.length, 1, 'it pauses')
      await clock.advance(PAUSE_SECONDS)

      assert.equal(cluster.watches.length, 2)
      assert.equal(newest().options.resourceVersion, '17')
      assert.equal(cluster.listed.length, 1)
      assert.equal(metrics.value('longshore_watch_failures_total', { resource: 'widgets', code }), 1)
    })
  }

  for (const { fact, code } of [
    { fact: 'has expired', code: 'expired' },
    { fact: 'is one that the server cannot read', code: 'invalid' },
  ] as const) {
    test(`lists anew when its version ${fact}`, async () => {
      const { cluster, clock, seen, newest, metrics } = await start(PAGE)

      newest().fail(fail(code))
      await clock.advance(PAUSE_SECONDS)

      assert.equal(cluster.listed.length, 2)
      assert.deepEqual(seen, ['all a', 'all a'])
      assert.equal(newest().options.resourceVersion, '10')
      assert.equal(metrics.value('longshore_watch_lists_total'), 2)
    })
  }

  test('lists until it succeeds', async () => {
    const { clock, seen, entries } = await start(fail('unavailable'), fail('denied'), PAGE)

    await clock.advance(PAUSE_SECONDS)

    assert.deepEqual(seen, ['all a'])
    assert.deepEqual(
      entries.map(({ level, fields }) => [level, fields['code']]),
      [
        ['info', 'invalid'],
        ['warn', 'unavailable'],
        ['warn', 'denied'],
      ],
    )
  })

  test('waits as long as the server asks', async () => {
    const { cluster, clock, newest } = await start(PAGE)

    newest().fail(fail('throttled', 25))
    await clock.advance(24.9)
    assert.equal(cluster.watches.length, 1)
    await clock.advance(0.1)

    assert.equal(cluster.watches.length, 2)
  })

  test('pauses twice as long after each failure, up to 30 s, and forgets after two good minutes', async () => {
    const { cluster, clock, newest } = await start(PAGE)
    const pauses: number[] = []
    const failOnce = async () => {
      newest().fail(fail('unavailable'))
      await clock.advance(0)
      pauses.push(clock.nextSeconds() ?? 0)
      await clock.advance(PAUSE_SECONDS)
    }

    for (let i = 0; i < 7; i += 1) await failOnce()
    newest().send({ type: 'BOOKMARK', resourceVersion: '20', initialEventsEnd: false })
    await clock.advance(60)
    newest().send({ type: 'BOOKMARK', resourceVersion: '21', initialEventsEnd: false })
    await clock.advance(60)
    await failOnce()

    // Half of 0.8, 1.6, 3.2 …: the jitter of this test is one half.
    assert.deepEqual(pauses, [0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 15, 0.4])
    assert.equal(cluster.listed.length, 1)
  })

  test('pauses when the server ends watches at once', async () => {
    const { cluster, clock, newest } = await start(PAGE)

    newest().end()
    await clock.advance(0)

    assert.equal(cluster.watches.length, 1)
    await clock.advance(1)
    assert.equal(cluster.watches.length, 2)
  })

  test('cuts a connection that has gone silent, and only such a one', async () => {
    const { cluster, clock, newest, metrics } = await start(PAGE)
    await clock.advance(99)
    newest().send({ type: 'BOOKMARK', resourceVersion: '20', initialEventsEnd: false })
    await clock.advance(99)
    assert.ok(!newest().isCut())

    const silent = newest()
    await clock.advance(1)
    assert.ok(silent.isCut())

    assert.equal(cluster.watches.length, 2)
    assert.equal(newest().options.resourceVersion, '20')
    assert.equal(metrics.value('longshore_watch_idle_aborts_total'), 1)
    assert.equal(
      metrics.value('longshore_watch_failures_total', { code: 'timeout' }),
      0,
      'a quiet cluster is no failure',
    )
  })

  test('tells how long it has heard nothing', async () => {
    const { clock, metrics } = await start(PAGE)

    await clock.advance(42)

    assert.equal(metrics.value('longshore_watch_last_event_age_seconds', { resource: 'widgets' }), 42)
  })

  test('has heard from a server that lets it watch', async () => {
    const { clock, newest, metrics } = await start(PAGE)
    await clock.advance(42)

    newest().end()
    await clock.advance(1)

    assert.equal(metrics.value('longshore_watch_last_event_age_seconds', { resource: 'widgets' }), 1)
  })

  for (const { fact, before } of [
    { fact: 'in a watch', before: async () => {} },
    {
      fact: 'in a pause',
      before: async ({ newest, clock }: Awaited<ReturnType<typeof start>>) => {
        newest().fail(fail('unavailable'))
        await clock.advance(0)
      },
    },
  ]) {
    test(`stops ${fact}, leaving no timer`, async () => {
      const room = await start(PAGE)
      await before(room)

      room.stop.abort()
      await room.running

      assert.equal(room.clock.pending(), 0)
      assert.equal(room.cluster.watches.length, 1)
    })
  }
})

describe('a reflector of a server that streams lists', () => {
  const initialEnd = (resourceVersion: string) =>
    ({ type: 'BOOKMARK', resourceVersion, initialEventsEnd: true }) as const

  async function stream(streamingLists?: StreamingLists) {
    const cluster = createScriptedCluster(PAGE)
    cluster.streamsLists = true
    return follow(cluster, streamingLists)
  }

  test('shows a list only when it is complete, as of its end', async () => {
    const { cluster, clock, seen, newest } = await stream()
    const { timeoutSeconds: _, onOpen: __, ...options } = newest().options
    assert.deepEqual(options, { resourceVersion: '', sendInitialEvents: true })

    newest().send({ type: 'ADDED', object: widget('a', 5) })
    newest().send({ type: 'ADDED', object: widget('b', 6) })
    newest().send({ type: 'MODIFIED', object: widget('a', 11) })
    newest().send({ type: 'DELETED', object: widget('b', 12) })
    newest().send({ type: 'ADDED', object: widget('c', 7) })
    newest().send({ type: 'BOOKMARK', resourceVersion: '12', initialEventsEnd: false })
    await clock.advance(0)
    assert.deepEqual(seen, [])
    newest().send(initialEnd('12'))
    await clock.advance(0)

    assert.deepEqual(seen, ['all a,c'])
    assert.equal(cluster.listed.length, 0)
  })

  test('goes on watching on the same connection, then from where that ended', async () => {
    const { cluster, clock, seen, newest } = await stream()

    newest().send(initialEnd('12'))
    newest().send({ type: 'ADDED', object: widget('a', 13) })
    await clock.advance(2)
    assert.deepEqual(seen, ['all ', 'ADDED a'])
    newest().end()
    await clock.advance(0)

    assert.equal(cluster.watches.length, 2)
    assert.equal(newest().options.resourceVersion, '13')
    assert.equal(newest().options.sendInitialEvents, undefined)
  })

  test('streams a new list when its version has expired', async () => {
    const { cluster, clock, seen, newest } = await stream()
    newest().send(initialEnd('12'))
    await clock.advance(0)

    newest().fail(fail('expired'))
    await clock.advance(2)
    newest().send({ type: 'ADDED', object: widget('a', 13) })
    newest().send(initialEnd('14'))
    await clock.advance(0)

    assert.deepEqual(seen, ['all ', 'all a'])
    assert.equal(cluster.listed.length, 0)
  })

  for (const code of ['unavailable', 'throttled'] as const) {
    test(`forgets half a list after ${code}, and asks for it again`, async () => {
      const streamingLists = createStreamingLists()
      const { cluster, clock, seen, newest } = await stream(streamingLists)
      newest().send({ type: 'ADDED', object: widget('lost', 5) })
      await clock.advance(0)

      newest().fail(fail(code))
      await clock.advance(2)
      newest().send(initialEnd('12'))
      await clock.advance(0)

      assert.deepEqual(seen, ['all '])
      assert.equal(cluster.listed.length, 0)
      assert.ok(streamingLists.isServed())
    })
  }

  for (const { code, version } of [
    { code: 'invalid', version: '' },
    { code: 'timeout', version: '12' },
  ] as const) {
    test(`streams lists as before when a watch fails with ${code} after its list`, async () => {
      const streamingLists = createStreamingLists()
      const { clock, newest } = await stream(streamingLists)
      newest().send(initialEnd('12'))
      await clock.advance(0)

      newest().fail(fail(code))
      await clock.advance(2)

      assert.ok(streamingLists.isServed())
      assert.equal(newest().options.resourceVersion, version)
    })
  }

  test('tries pages after three failures, and streams again another time', async () => {
    const streamingLists = createStreamingLists()
    const { cluster, clock, seen, newest } = await stream(streamingLists)

    for (let i = 0; i < 3; i += 1) {
      newest().fail(fail('unavailable'))
      await clock.advance(2)
    }

    assert.deepEqual(seen, ['all a'])
    assert.equal(cluster.listed.length, 1)
    assert.ok(streamingLists.isServed())
  })

  for (const { fact, happens } of [
    { fact: 'falls silent in the middle', happens: ({ clock }: Room) => clock.advance(30) },
    {
      fact: 'ends before the list does',
      happens: ({ newest, clock }: Room) => {
        newest().end()
        return clock.advance(0)
      },
    },
    {
      fact: 'refuses',
      happens: ({ newest, clock }: Room) => {
        newest().fail(fail('invalid'))
        return clock.advance(0)
      },
    },
  ]) {
    test(`reads pages at once when the server ${fact}, and tells the others`, async () => {
      const streamingLists = createStreamingLists()
      const room = await stream(streamingLists)
      room.newest().send({ type: 'ADDED', object: widget('lost', 5) })
      await room.clock.advance(0)

      await happens(room)

      assert.deepEqual(room.seen, ['all a'])
      assert.equal(room.newest().options.resourceVersion, '10')
      assert.ok(!streamingLists.isServed())
    })
  }

  test('asks for no stream when another was refused', async () => {
    const streamingLists = createStreamingLists()
    streamingLists.failed('invalid')

    const { seen, newest } = await stream(streamingLists)

    assert.deepEqual(seen, ['all a'])
    assert.equal(newest().options.sendInitialEvents, undefined)
  })

  test('may be silent for 100 s again once the list is there', async () => {
    const { clock, newest } = await stream()
    await clock.advance(29)
    newest().send(initialEnd('12'))

    await clock.advance(99)

    assert.ok(!newest().isCut())
  })
})

type Room = Awaited<ReturnType<typeof follow>>
