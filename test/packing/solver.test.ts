import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hunt } from './hunt.ts'
import { solve } from './solver.ts'

/** A slice of what `npm run test:packing` goes through: the problems of seeds 1 to 300. */
const PROBLEMS = 300

/** Beyond these, problems whose plans once were wrong; each was mended. */
const ONCE_WRONG = [
  343, 460, 467, 536, 865, 898, 1015, 1048, 1147, 1789, 1895, 2464, 3218, 3374, 3767, 4031, 4409, 4424, 4451, 4540,
  4862, 5477, 11_496, 11_867, 11_944, 11_983, 12_298, 12_419, 12_823, 13_495, 15_215, 16_034, 20_816, 30_275, 31_751,
  32_151, 32_668, 35_382, 37_409, 200_039, 200_297, 200_485, 203_246, 203_326, 208_913, 223_616, 228_931,
]

describe('longshore pack', () => {
  const { findings, pods, unschedulable, gaps } = hunt({ solve, from: 1, count: PROBLEMS })

  test('keeps every rule, and its verdicts hold, in random problems', () => {
    assert.deepEqual(
      findings.map(({ seed, verification }) => ({ seed, violations: verification.violations })),
      [],
    )
  })

  test('keeps them in problems where it once did not', () => {
    const wrong = ONCE_WRONG.filter((from) => hunt({ solve, from, count: 1 }).findings.length > 0)

    assert.deepEqual(wrong, [])
  })

  test('had something to place, something to refuse and something to compare with the cheapest', () => {
    assert.ok(pods - unschedulable > 1000)
    assert.ok(unschedulable > 100)
    assert.ok(gaps.length > 50)
  })
})
