import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { joinCluster } from '../support/control-plane.ts'
import type { History } from './explorer/step.ts'
import { openRoom } from './replay/room.ts'
import { replay } from './replay/replay.ts'

const { kubeconfigPath } = await joinCluster(import.meta.url)
const room = await openRoom(kubeconfigPath)
after(() => room[Symbol.asyncDispose]())

/** Short, and without tasks that take their time; `npm run test:faults` replays some of the explorer's thousands. */
const HISTORY: History = [
  { type: 'apply', slot: 'c0', change: {} },
  { type: 'aws-trouble', trouble: 'lost after effect', reach: 'write', skip: 1, count: 1 },
  { type: 'kube-trouble', trouble: 'timeout after effect', reach: 'write', skip: 3, count: 1 },
  { type: 'apply', slot: 'r0', change: {} },
  { type: 'crash', afterCalls: 20 },
  { type: 'stranger', slot: 'r1' },
  { type: 'apply', slot: 'r1', change: {} },
  { type: 'cut-watches', trouble: 'throttled', count: 1 },
  { type: 'wait', seconds: 5 },
  { type: 'apply', slot: 'r0', change: { hasExtraTag: true } },
]

test('a history of users, faults and crashes ends well for real processes too', async () => {
  assert.deepEqual(await replay(HISTORY, room), [])
})
