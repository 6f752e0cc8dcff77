import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionFrom, conditionsFor, type Condition, type Verdict } from './conditions.ts'

const now = '2026-01-01T00:00:10Z'
const before = '2026-01-01T00:00:00Z'

function condition(type: Condition['type'], status: Condition['status']): Condition {
  return { type, status, reason: 'Applying', message: 'm', lastTransitionTime: before, observedGeneration: 1 }
}

const working: Verdict = { type: 'working', reason: 'Creating', message: 'creating' }
const stalled: Verdict = { type: 'stalled', reason: 'AccessDenied', message: 'denied' }
const ready: Verdict = { type: 'ready', message: 'done' }
const paused: Verdict = { type: 'paused', message: 'held' }

for (const { fact, verdict, previous, expected } of [
  { fact: 'ready is Ready alone', verdict: ready, previous: [], expected: ['Ready=True InSync'] },
  {
    fact: 'working is Reconciling and not Ready',
    verdict: working,
    previous: [],
    expected: ['Ready=False Creating', 'Reconciling=True Creating'],
  },
  {
    fact: 'stalled is Stalled and not Ready',
    verdict: stalled,
    previous: [],
    expected: ['Ready=False AccessDenied', 'Stalled=True AccessDenied'],
  },
  {
    fact: 'stalled ends Reconciling: never both',
    verdict: stalled,
    previous: [condition('Ready', 'False'), condition('Reconciling', 'True')],
    expected: ['Ready=False AccessDenied', 'Stalled=True AccessDenied'],
  },
  {
    fact: 'ready ends Stalled',
    verdict: ready,
    previous: [condition('Stalled', 'True')],
    expected: ['Ready=True InSync'],
  },
  {
    fact: 'paused keeps the status of Ready',
    verdict: paused,
    previous: [condition('Ready', 'True')],
    expected: ['Ready=True Paused'],
  },
  { fact: 'paused from the start is not known', verdict: paused, previous: [], expected: ['Ready=Unknown Paused'] },
  {
    fact: 'other conditions stay',
    verdict: ready,
    previous: [condition('Available', 'True')],
    expected: ['Ready=True InSync', 'Available=True Applying'],
  },
]) {
  test(fact, () => {
    const conditions = conditionsFor(verdict, { previous, generation: 2, now })

    assert.deepEqual(
      conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      expected,
    )
  })
}

test('the transition time moves only with the status', () => {
  const context = { previous: [condition('Ready', 'False')], generation: 2, now }
  const draft = { type: 'Ready', reason: 'InSync', message: '' } as const

  assert.equal(conditionFrom({ ...draft, status: 'False' }, context).lastTransitionTime, before)
  assert.equal(conditionFrom({ ...draft, status: 'True' }, context).lastTransitionTime, now)
})

test('conditions carry the generation that they speak of', () => {
  const [first] = conditionsFor(ready, { previous: [], generation: 7, now })

  assert.equal(first?.observedGeneration, 7)
})

test('a message is cut to what the API server takes', () => {
  const [first] = conditionsFor({ type: 'ready', message: 'x'.repeat(40_000) }, { previous: [], generation: 1, now })

  assert.equal(first?.message.length, 32_768)
})
