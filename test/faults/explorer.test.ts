import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exploreSeed } from './explorer/explore.ts'

/** As many as a machine does in this time, and not more than so many; `npm run test:faults` explores the rest. */
const BUDGET_SECONDS = 15
const MOST_SCHEDULES = 300
const MOST_SHRINKS = 30

test('random histories of users, faults and crashes all end as their users wish', async (t) => {
  const end = performance.now() + BUDGET_SECONDS * 1000
  let seed = 1
  for (; seed <= MOST_SCHEDULES && performance.now() < end; seed++) {
    const finding = await exploreSeed(seed, MOST_SHRINKS)
    assert.equal(finding, undefined, `seed ${seed}\n${finding?.words}\n${finding?.problems.join('\n')}\n`)
  }
  t.diagnostic(`${seed - 1} schedules`)
})
