import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { blocked, waiting, type Reconciled } from './outcome.ts'
import { resultOf, verdictOf } from './verdict.ts'

const kind = { driftSeconds: 300, closeLookSeconds: 3600 }
const options = { kind, sweeps: false, priority: 0, random: createFixedRandom(0.5), clock: createHandClock() }
const idle = waiting()
const wait = { reason: 'RollingOut', message: '1 of 3', pollSeconds: 10 } as const
const block = { reason: 'ImmutableField', message: 'cannot change in place', field: 'spec.a' } as const
const throttled = { code: 'throttled', message: 'slow down' } as const
const denied = { code: 'denied', message: 'no' } as const

for (const { fact, outcome, verdict } of [
  { fact: 'nothing left to do is ready', outcome: idle, verdict: 'ready InSync' },
  { fact: 'a wait is work', outcome: waiting(wait), verdict: 'working RollingOut' },
  {
    fact: 'a block needs a person, whatever else goes on',
    outcome: { ...waiting(wait), blocks: [block] },
    verdict: 'stalled ImmutableField',
  },
  {
    fact: 'a refusal outweighs a hiccup',
    outcome: { ...idle, problems: [throttled, denied] },
    verdict: 'stalled AccessDenied',
  },
  { fact: 'throttling is work', outcome: { ...idle, problems: [throttled] }, verdict: 'working Throttled' },
  { fact: 'left-over steps are work', outcome: { ...idle, unfinished: true }, verdict: 'working Applying' },
  { fact: 'deletion is never ready', outcome: { ...idle, goal: 'absent' }, verdict: 'working Deleting' },
] satisfies readonly { fact: string; outcome: Reconciled; verdict: string }[]) {
  test(fact, () => {
    const found = verdictOf(outcome)
    assert.equal(`${found.type} ${'reason' in found ? found.reason : 'InSync'}`, verdict)
  })
}

test('a block names its field', () => {
  assert.equal(verdictOf(blocked(block)).message, 'spec.a: cannot change in place')
})

for (const { fact, outcome, result } of [
  {
    fact: 'ready looks for drift in its own time',
    outcome: idle,
    result: { type: 'requeue-after', seconds: 300, priority: 0 },
  },
  {
    fact: 'a wait polls',
    outcome: waiting({ ...wait, pollSeconds: 20 }, wait),
    result: { type: 'requeue-after', seconds: 10, priority: 0 },
  },
  {
    fact: 'a problem backs off',
    outcome: { ...idle, problems: [throttled] },
    result: { type: 'retry', minimumSeconds: 1 },
  },
  {
    fact: 'what the other side asks for is respected',
    outcome: { ...idle, problems: [{ ...throttled, retryAfterSeconds: 9 }] },
    result: { type: 'retry', minimumSeconds: 9 },
  },
  {
    fact: 'what waits for its turn comes again, in case nobody calls it',
    outcome: { ...idle, problems: [{ code: 'paced', message: '', retryAfterSeconds: 40 }] },
    result: { type: 'requeue-after', seconds: 140, priority: 0 },
  },
  {
    fact: 'a bad input waits for an edit',
    outcome: { ...idle, problems: [{ code: 'invalid', message: '' }] },
    result: { type: 'requeue-after', seconds: 300, priority: 0, needsPerson: true },
  },
  {
    fact: 'left-over steps go on at once',
    outcome: { ...idle, unfinished: true },
    result: { type: 'requeue-after', seconds: 0, priority: 0 },
  },
] satisfies readonly { fact: string; outcome: Reconciled; result: object }[]) {
  test(fact, () => assert.deepEqual(resultOf(outcome, options), result))
}
