import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import type { AddOptions } from './queue.ts'
import { PRIORITY } from './reconcile.ts'
import { Sweeper, type SweeperOptions } from './sweeper.ts'

const PERIOD_SECONDS = 300

type GlanceAt = SweeperOptions['lookout']['glanceAt']

/** A sweeper over so many keys; `glanceAt` says which of a group need a pass. */
function start(count: number, glanceAt: GlanceAt = async () => []) {
  const clock = createHandClock()
  const begun = clock.now()
  const metrics = createMetricsRecorder()
  const { log, entries } = createLogRecorder()
  const looks: { readonly seconds: number; readonly keys: readonly string[] }[] = []
  const queued: (AddOptions & { readonly key: string })[] = []
  const stop = new AbortController()
  const keys = Array.from({ length: count }, (_, index) => `demo/${index}`)
  const lookout: SweeperOptions['lookout'] = {
    keys: async () => keys,
    glanceAt: (group, signal) => {
      looks.push({ seconds: (clock.now() - begun) / 1000, keys: group })
      return glanceAt(group, signal)
    },
  }
  const sweeper = new Sweeper({ name: 'widget', lookout, periodSeconds: PERIOD_SECONDS, clock, log, metrics })
  const running = sweeper.run((key, options) => void queued.push({ key, ...options }), stop.signal)
  return {
    clock,
    keys,
    looks,
    queued,
    metrics,
    entries,
    stop,
    running,
    times: () => looks.map(({ seconds }) => seconds),
  }
}

test('the first round looks at everything at once, in groups that AWS takes in one call', async () => {
  const { clock, keys, looks, times } = start(250)
  await clock.advance(0)

  assert.deepEqual(times(), [0, 0, 0])
  assert.deepEqual(
    looks.flatMap((look) => look.keys),
    keys,
  )
  assert.deepEqual(
    looks.map((look) => look.keys.length),
    [100, 100, 50],
  )
})

test('the rounds after it are spread over the period, and each key has one look in each', async () => {
  const { clock, times } = start(300)

  await clock.advance(2 * PERIOD_SECONDS + 250)

  assert.deepEqual(times(), [0, 0, 0, 300, 400, 500, 600, 700, 800])
})

test('slow answers do not make a round longer than its period', async () => {
  const slow = start(300, async (_, signal) => {
    await slow.clock.sleep(60, signal)
    return []
  })

  await slow.clock.advance(2 * PERIOD_SECONDS)

  // Two groups at once in the first round, one by one in those that are spread out.
  assert.deepEqual(slow.times(), [0, 0, 60, 300, 400, 500, 600])
})

test('what needs a pass is queued behind what users want, and counted', async () => {
  const { clock, queued, metrics } = start(3, async () => ['demo/1'])
  await clock.advance(0)

  assert.deepEqual(queued, [{ key: 'demo/1', priority: PRIORITY.drift }])
  assert.equal(metrics.value('longshore_sweep_objects_total', { controller: 'widget', result: 'pass' }), 1)
  assert.equal(metrics.value('longshore_sweep_objects_total', { controller: 'widget', result: 'quiet' }), 2)
})

test('without keys it looks again after a period', async () => {
  const { clock, keys, times } = start(0)
  await clock.advance(1)
  keys.push('demo/new')

  await clock.advance(PERIOD_SECONDS)

  assert.deepEqual(times(), [PERIOD_SECONDS])
})

test('a bug in one group is told and does not keep it from the others', async () => {
  const { clock, looks, entries } = start(150, async (group) => {
    if (group.length === 100) throw new Error('bug')
    return []
  })
  await clock.advance(0)

  assert.equal(looks.length, 2)
  assert.deepEqual(
    entries.map(({ level, message }) => [level, message]),
    [['error', 'glance threw']],
  )
})

test('it ends when it is told to, and looks no more', async () => {
  const { clock, stop, running, looks } = start(300)
  await clock.advance(PERIOD_SECONDS + 1)
  const before = looks.length

  stop.abort()
  await running

  await clock.advance(PERIOD_SECONDS)
  assert.equal(looks.length, before)
})
