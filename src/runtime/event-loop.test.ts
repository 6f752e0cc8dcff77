import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { measureEventLoop } from './event-loop.ts'

const STALL_MS = 60

test('the longest stall of the event loop is exported, in seconds', async () => {
  const metrics = createMetricsRecorder()
  measureEventLoop(metrics)
  // The histogram has to see one tick before it can see a late one.
  await wait(30)

  const until = performance.now() + STALL_MS
  while (performance.now() < until);
  await wait(30)

  const longestSeconds = metrics.value('longshore_event_loop_delay_seconds', { quantile: '1' })
  assert.ok(longestSeconds > STALL_MS / 2000 && longestSeconds < 10, `${longestSeconds} s`)
})
