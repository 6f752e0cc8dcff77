import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hunt } from './hunt.ts'
import { solve } from './solver.ts'

/** A slice of what `npm run test:packing` goes through: the problems of seeds 1 to 300. */
const PROBLEMS = 300

describe('longshore pack', () => {
  const { findings, pods, unschedulable, gaps } = hunt({ solve, from: 1, count: PROBLEMS })

  test('keeps every rule, and its verdicts hold, in random problems', () => {
    assert.deepEqual(
      findings.map(({ seed, verification }) => ({ seed, violations: verification.violations })),
      [],
    )
  })

  test('had something to place, something to refuse and something to compare with the cheapest', () => {
    assert.ok(pods - unschedulable > 1000)
    assert.ok(unschedulable > 100)
    assert.ok(gaps.length > 50)
  })
})
