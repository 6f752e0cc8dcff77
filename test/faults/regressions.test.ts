import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { History } from './explorer/step.ts'
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
  [
    'a leader that was cut off does not write into a status that AWS is not available',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 's2', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 120 },
      { type: 'hand-over', seconds: 20 },
      { type: 'apply', slot: 's0', change: { image: 'app:v1' } },
      { type: 'wait', seconds: 0 },
      { type: 'crash', afterCalls: 0 },
      { type: 'wait', seconds: 0 },
      { type: 'delete', slot: 's0' },
      { type: 'annotate', slot: 's2', name: 'paused', value: null },
    ],
  ],
  [
    'an object is looked at again soon, whoever wrote last that it is not as it should be',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 400 },
      { type: 'spoil-status', slot: 's0' },
    ],
  ],
  [
    'what is not made yet is looked for closely once AWS shows what it belongs to',
    [
      { type: 'aws-trouble', trouble: 'throttle', reach: 'any', skip: 3, count: 1 },
      { type: 'aws-trouble', trouble: 'answers with the past', reach: 'any', skip: 0, count: 1 },
      { type: 'apply', slot: 'r0', change: { team: 'blue' } },
      { type: 'crash', afterCalls: 8 },
      { type: 'apply', slot: 'r0', change: { hasExtraTag: false } },
      { type: 'wait', seconds: 400 },
    ],
  ],
  [
    "a repository that a stranger made a moment ago, and that reads do not show yet, does not get our object's policies",
    [
      { type: 'stranger', slot: 'r0' },
      { type: 'aws-trouble', trouble: 'answers with the past', reach: 'any', skip: 0, count: 1 },
      { type: 'apply', slot: 'r0', change: {} },
      { type: 'wait', seconds: 5 },
    ],
  ],
  [
    'a sweep that is cut off because others may lead is no error',
    [
      { type: 'apply', slot: 'r0', change: {} },
      { type: 'wait', seconds: 290 },
      { type: 'hand-over', seconds: 20 },
      { type: 'wait', seconds: 30 },
    ],
  ],
  [
    'an object whose status and cluster are lost does not go before AWS shows what was made just before',
    [
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 30 },
      { type: 'aws-trouble', trouble: 'too slow', reach: 'write', skip: 0, count: 1 },
      { type: 'apply', slot: 's0', change: { logs: false } },
      { type: 'wait', seconds: 1 },
      { type: 'delete', slot: 'c0' },
      { type: 'wait', seconds: 5 },
      { type: 'lose-status', slot: 's0' },
      { type: 'delete', slot: 's0' },
    ],
  ],
  [
    'a create that nobody answered is not taken for settled because its pass had to start over',
    [
      { type: 'aws-trouble', trouble: 'too slow', reach: 'write', skip: 0, count: 1 },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 1 },
      { type: 'delete', slot: 'c0' },
    ],
  ],
  [
    'a service is not made in a cluster that is a stranger’s by now, whatever status still says of it',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 's2', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'aws-trouble', trouble: 'throttle', reach: 'write', skip: 2, count: 2 },
      { type: 'wait', seconds: 2 },
      { type: 'delete', slot: 's0' },
      { type: 'console', slot: 'c0', deed: 'delete' },
      { type: 'stranger', slot: 'c0' },
    ],
  ],
  [
    'a tag that was asked for and taken back at once is gone, though reads never showed it',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 120 },
      { type: 'aws-trouble', trouble: 'answers with the past', reach: 'read', skip: 0, count: 2 },
      { type: 'aws-trouble', trouble: 'lost after effect', reach: 'write', skip: 0, count: 1 },
      { type: 'apply', slot: 's0', change: { hasExtraTag: true } },
      { type: 'wait', seconds: 0.2 },
      { type: 'apply', slot: 's0', change: { hasExtraTag: false } },
      { type: 'lag', seconds: 1 },
      { type: 'wait', seconds: 0.2 },
    ],
  ],
  [
    'a service whose status is lost does not go while its cluster is known to be in another account than the credentials',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'annotate', slot: 'c0', name: 'reconcile-at', value: 'now' },
      { type: 'wrong-account', seconds: 1 },
      { type: 'wait', seconds: 5 },
      { type: 'lose-status', slot: 's0' },
      { type: 'delete', slot: 's0' },
    ],
  ],
  [
    'a service that somebody is deleting already is nobody’s any more when status and cluster are lost',
    [
      { type: 'apply', slot: 's0', change: {} },
      { type: 'apply', slot: 'c0', change: {} },
      { type: 'wait', seconds: 125.2 },
      { type: 'console', slot: 's0', deed: 'delete' },
      { type: 'lose-status', slot: 's0' },
      { type: 'delete', slot: 'c0' },
      { type: 'delete', slot: 's0' },
    ],
  ],
  [
    'a look that is asked for while nobody is there is had at the next start',
    [
      { type: 'apply', slot: 'r0', change: {} },
      { type: 'wait', seconds: 400 },
      { type: 'crash', afterCalls: 0 },
      { type: 'annotate', slot: 'r0', name: 'reconcile-at', value: 'now' },
      { type: 'wait', seconds: 5 },
    ],
  ],
  [
    'what one owner wishes is no measure for what somebody changes of another one’s',
    [
      { type: 'apply', slot: 'r0', change: {} },
      { type: 'apply', slot: 'r2', change: { isMutable: true } },
      { type: 'wait', seconds: 120 },
      { type: 'aws-trouble', trouble: 'answers with the past', reach: 'read', skip: 0, count: 1 },
      { type: 'console', slot: 'r2', deed: 'change' },
      { type: 'apply', slot: 'r0', change: { hasExtraTag: false } },
    ],
  ],
]

for (const [fact, history] of HISTORIES) {
  test(fact, async () => {
    assert.deepEqual(await runSchedule(history), [])
  })
}
