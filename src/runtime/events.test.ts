import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { widget } from '../../test/support/scripted-watch.ts'
import { Failure, type FailureCode } from '../core/failure.ts'
import type { Cluster, KubeObject } from '../kube/cluster.ts'
import type { RecordedEvent } from './event-recorder.ts'
import { createEventRecorder } from './events.ts'

const forever = new AbortController().signal

const created = (name: string, note = 'Created repository app.'): RecordedEvent => ({
  regarding: widget(name, 7),
  type: 'Normal',
  reason: 'Created',
  action: 'CreateRepository',
  note,
})

/** A recorder and the events as the API server has them. */
function start() {
  const events = new Map<string, KubeObject & Record<string, unknown>>()
  const writes: string[] = []
  const failures: (FailureCode | undefined)[] = []
  let answering: Promise<unknown> = Promise.resolve()

  async function begin(write: string): Promise<void> {
    writes.push(write)
    await answering
    const code = failures.shift()
    if (code !== undefined) throw new Failure(code, 'test')
  }
  const cluster: Pick<Cluster, 'create' | 'mergePatch'> = {
    create: async (_type, object) => {
      await begin(`create ${object.metadata.name}`)
      events.set(object.metadata.name, { ...object })
      return object
    },
    mergePatch: async (_type, { name }, { body }) => {
      await begin(`patch ${name}`)
      const event = events.get(name)
      if (event === undefined) throw new Failure('not-found', 'test')
      Object.assign(event, body)
      return event
    },
  }
  const clock = createHandClock()
  const metrics = createMetricsRecorder()
  const recorder = createEventRecorder({
    cluster,
    controller: 'longshore.dev/operator',
    instance: 'pod-1',
    clock,
    random: createFixedRandom(0),
    log: createLogRecorder().log,
    metrics,
  })
  const dropped = (reason: string) => metrics.value('longshore_events_dropped_total', { reason })
  const hang = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    answering = promise
    return () => {
      answering = Promise.resolve()
      resolve()
    }
  }
  return { recorder, clock, events, writes, failures, dropped, hang }
}

describe('an event recorder', () => {
  test('keeps no process from ending that has nothing to record', () => {
    const { clock } = start()

    assert.equal(clock.pending(), 0)
  })

  test('waits for nothing once all series are over', async () => {
    const { recorder, clock } = start()
    recorder.record(created('app'))
    await clock.advance(0)
    assert.equal(clock.pending(), 1)

    await clock.advance(600)

    assert.equal(clock.pending(), 0)
  })

  test('writes who says what about which object', async () => {
    const { recorder, clock, events } = start()

    recorder.record(created('app'))
    await clock.advance(0)

    assert.deepEqual(
      [...events.values()],
      [
        {
          apiVersion: 'events.k8s.io/v1',
          kind: 'Event',
          metadata: { name: 'app.8000000000000001', namespace: 'demo' },
          eventTime: '2026-01-01T00:00:00.000000Z',
          reportingController: 'longshore.dev/operator',
          reportingInstance: 'pod-1',
          action: 'CreateRepository',
          reason: 'Created',
          type: 'Normal',
          note: 'Created repository app.',
          regarding: {
            apiVersion: 'test.longshore.dev/v1',
            kind: 'Widget',
            namespace: 'demo',
            name: 'app',
            uid: 'uid-app',
            resourceVersion: '7',
          },
        },
      ],
    )
  })

  test('writes events about cluster-scoped objects into default', async () => {
    const { recorder, clock, events } = start()
    const { namespace: _, ...metadata } = widget('global', 1).metadata

    recorder.record({ ...created('global'), regarding: { ...widget('global', 1), metadata } })
    await clock.advance(0)

    assert.equal([...events.values()][0]?.metadata.namespace, 'default')
  })

  test('sums repetitions up: the second at once, the rest when the series ends', async () => {
    const { recorder, clock, events, writes } = start()
    for (let i = 0; i < 5; i += 1) {
      recorder.record(created('app'))
      await clock.advance(10)
    }
    assert.equal(writes.length, 2)
    const [event] = events.values()
    assert.deepEqual(event?.['series'], { count: 2, lastObservedTime: '2026-01-01T00:00:10.000000Z' })

    await clock.advance(420)

    assert.deepEqual(event?.['series'], { count: 5, lastObservedTime: '2026-01-01T00:00:40.000000Z' })
    assert.equal(writes.length, 3)
  })

  test('loses no repetition that comes while it writes', async () => {
    const { recorder, clock, events, hang } = start()
    recorder.record(created('app'))
    await clock.advance(0)
    const goOn = hang()
    recorder.record(created('app'))
    await clock.advance(0)
    recorder.record(created('app'))
    goOn()

    await clock.advance(480)

    const [event] = events.values()
    assert.deepEqual(event?.['series'], { count: 3, lastObservedTime: '2026-01-01T00:00:00.000000Z' })
  })

  test('writes a series that does not end every 30 minutes', async () => {
    const { recorder, clock, writes } = start()

    for (let minute = 0; minute < 95; minute += 1) {
      recorder.record(created('app'))
      await clock.advance(60)
    }

    assert.equal(writes.length, 2 + 3)
  })

  test('begins a new event after six quiet minutes', async () => {
    const { recorder, clock, events } = start()
    recorder.record(created('app'))

    await clock.advance(360)
    recorder.record(created('app'))
    await clock.advance(0)

    assert.equal(events.size, 2)
  })

  test('keeps events with different words apart', async () => {
    const { recorder, clock, events } = start()

    recorder.record(created('app', 'one'))
    recorder.record(created('app', 'two'))
    recorder.record({ ...created('app', 'one'), type: 'Warning' })
    recorder.record(created('other', 'one'))
    await clock.advance(0)

    assert.equal(events.size, 4)
  })

  test('lets one object say 25 things at once and then one every 5 minutes', async () => {
    const { recorder, clock, events, dropped } = start()
    const talk = (from: number, to: number) => {
      for (let i = from; i < to; i += 1) recorder.record(created('app', `thing ${i}`))
    }
    talk(0, 30)
    recorder.record(created('other'))
    await clock.advance(300)
    assert.equal(events.size, 26)
    assert.equal(dropped('burst'), 5)

    talk(30, 32)
    await clock.advance(0)

    assert.equal(events.size, 27)
  })

  test('drops what does not fit into the queue, and goes on', async () => {
    const { recorder, clock, events, dropped, hang } = start()
    const goOn = hang()
    recorder.record(created('first'))
    await clock.advance(0)

    for (let i = 0; i < 1010; i += 1) recorder.record(created(`app-${i}`))
    goOn()
    await clock.advance(100)

    assert.equal(dropped('full'), 10)
    assert.equal(events.size, 1001)
  })

  test('writes a hundred at once and ten a second after that, so that many changes are not held up by the news of them', async () => {
    const { recorder, clock, events } = start()
    for (let i = 0; i < 150; i += 1) recorder.record(created(`app-${i}`))
    await clock.advance(0)
    assert.equal(events.size, 100)

    await clock.advance(2)

    assert.equal(events.size, 120)
  })

  test('does not wait with what is left when the process ends', async () => {
    const { recorder, clock, events } = start()
    for (let i = 0; i < 150; i += 1) recorder.record(created(`app-${i}`))
    await clock.advance(0)

    await recorder.flush(new AbortController().signal)

    assert.equal(events.size, 150)
  })

  for (const { fact, failures, writes, dropped } of [
    { fact: 'tries again when the server is unavailable', failures: ['unavailable', 'timeout'], writes: 3, dropped: 0 },
    { fact: 'gives up after three attempts', failures: ['unavailable', 'throttled', 'timeout'], writes: 3, dropped: 1 },
    { fact: 'gives up at once what is refused', failures: ['denied'], writes: 1, dropped: 1 },
    { fact: 'takes an event that is there already for written', failures: ['already-exists'], writes: 1, dropped: 0 },
  ] as const) {
    test(fact, async () => {
      const room = start()
      room.failures.push(...failures)

      room.recorder.record(created('app'))
      await room.clock.advance(30)

      assert.equal(room.writes.length, writes)
      assert.equal(room.dropped(failures.at(-1) ?? ''), dropped)
    })
  }

  test('writes an event anew that the server has forgotten', async () => {
    const { recorder, clock, events } = start()
    recorder.record(created('app'))
    await clock.advance(0)
    events.clear()

    recorder.record(created('app'))
    await clock.advance(10)

    assert.deepEqual([...events.values()][0]?.['series'], { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' })
  })

  test('cuts a note at 1024 bytes, between characters', async () => {
    const { recorder, clock, events } = start()

    recorder.record(created('app', 'ü'.repeat(600)))
    await clock.advance(0)

    const note = String([...events.values()][0]?.['note'])
    assert.ok(Buffer.byteLength(note) <= 1024 && Buffer.byteLength(note) > 1018)
    assert.match(note, /^ü+…$/)
  })

  test('writes what it has when it is flushed, and leaves no timer', async () => {
    const { recorder, clock, events } = start()
    for (let i = 0; i < 3; i += 1) recorder.record(created('app'))
    await clock.advance(0)
    for (let i = 0; i < 3; i += 1) recorder.record(created('app'))

    await recorder.flush(forever)

    const [event] = events.values()
    assert.deepEqual(event?.['series'], { count: 6, lastObservedTime: '2026-01-01T00:00:00.000000Z' })
    assert.equal(clock.pending(), 0)
  })

  test('gives up flushing when its time is over', async () => {
    const { recorder, clock, failures } = start()
    failures.push(...Array.from({ length: 9 }, () => 'unavailable' as const))
    recorder.record(created('app'))
    const limit = new AbortController()
    const flushed = recorder.flush(limit.signal)
    await clock.advance(1)

    limit.abort()

    await flushed
    assert.equal(clock.pending(), 0)
  })
})
