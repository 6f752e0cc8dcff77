import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { move } from '../solver.ts'
import { huntMoves } from './hunt-moves.ts'

/** A slice of what `npm run test:packing` goes through. */
const CLUSTERS = 120

/** Beyond these, clusters whose moves once were wrong; each was mended. */
const ONCE_WRONG = [250_031]

describe('moves of longshore pack', () => {
  const { findings, moves, kinds } = huntMoves({ move, from: 1, count: CLUSTERS })

  test('keep every rule in random clusters, pay, and come to an end', () => {
    assert.deepEqual(
      findings.map(({ seed, violations }) => ({ seed, violations })),
      [],
    )
  })

  test('keep them in clusters where they once did not', () => {
    const wrong = ONCE_WRONG.filter((from) => huntMoves({ move, from, count: 1 }).findings.length > 0)

    assert.deepEqual(wrong, [])
  })

  test('were of many kinds', () => {
    assert.ok(moves > 120)
    for (const kind of ['1 → 0', '1 → 1', 'm → 1', 'm → n']) assert.ok(kinds.has(kind), kind)
  })
})
