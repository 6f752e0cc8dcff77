import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { coarsened } from './coarse-lots.ts'
import type { Lots } from './lots.ts'

/** Lots of one resource that fit one vessel, of these sizes and counts; each of a circle of its own if that is wanted. */
function lotsOf(sizes: readonly number[], counts: readonly number[], inCircles = false): Lots {
  return {
    size: sizes.length,
    resources: 1,
    requests: Float64Array.from(sizes),
    counts: Float64Array.from(counts),
    perNode: new Float64Array(sizes.length).fill(inCircles ? 1 : Infinity),
    circles: Int32Array.from(sizes, (_, index) => (inCircles ? index : -1)),
    kinds: new Int32Array(sizes.length),
    fits: new Uint8Array(sizes.length).fill(1),
    vessels: 1,
    items: [],
    firstItem: new Int32Array(0),
    lotOf: new Int32Array(0),
  }
}

const many = Array.from({ length: 200 }, (_, index) => index)

describe('lots for pricing', () => {
  test('are as they are while they are few', () => {
    const lots = lotsOf([1, 2, 3], [1, 1, 1])

    assert.deepEqual([coarsened(lots)?.lots.size, coarsened(lots)?.lots.isExact], [3, true])
  })

  test('of nearly the same size are one, of their mean size', () => {
    const lots = lotsOf(
      many.map((index) => (index < 100 ? 1 : 10_000) + (index % 100) / 10_000),
      many.map(() => 2),
    )

    const coarse = coarsened(lots)

    assert.deepEqual([coarse?.lots.size, coarse?.lots.isExact], [2, false])
    assert.deepEqual([...(coarse?.lots.counts ?? [])], [200, 200])
    assert.ok(Math.abs((coarse?.lots.requests[0] ?? 0) - 1.00495) < 1e-9)
  })

  test('hardly count caps that concern few pods', () => {
    const coarse = coarsened(
      lotsOf(
        many.map(() => 1),
        many.map(() => 3),
        true,
      ),
    )

    assert.deepEqual([coarse?.lots.size, coarse?.lots.perNode[0]], [1, Infinity])
  })

  test('keep caps that concern many', () => {
    const counts = many.map((index) => (index === 0 ? 1000 : 3))

    const coarse = coarsened(
      lotsOf(
        many.map(() => 1),
        counts,
        true,
      ),
    )

    assert.deepEqual([coarse?.lots.size, coarse?.lots.perNode[0]], [2, 1])
  })

  test('are not priced when they are of too many kinds', () => {
    const lots = { ...lotsOf(many, many), kinds: Int32Array.from(many) }

    assert.equal(coarsened(lots), undefined)
  })
})
