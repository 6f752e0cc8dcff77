import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { History } from './explorer/history.ts'
import { runSchedule } from './explorer/schedule.ts'

/** What the explorer found once, as small as it made it. */
const HISTORIES: readonly (readonly [string, History])[] = [
  [
    'a paused object whose status is lost says again that it is paused',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'annotate', slot: 's0', name: 'paused', value: 'true' },
      { type: 'wait', seconds: 5 },
      { type: 'lose-status', slot: 's0' },
    ],
  ],
]

for (const [fact, history] of HISTORIES) {
  test(fact, async () => {
    assert.deepEqual(await runSchedule(history), [])
  })
}
