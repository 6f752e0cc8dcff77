import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCoveringLp, forget, gain, solve, type Column } from './covering-lp.ts'

function column(price: number, cover: Readonly<Record<number, number>>): Column {
  const rows = Object.keys(cover).map(Number)
  return { price, rows: Int32Array.from(rows), amounts: Float64Array.from(Object.values(cover)) }
}

/** Pods of two kinds, 4 and 6 of them, and nodes that hold one kind alone. */
function twoKinds() {
  return createCoveringLp(Float64Array.of(4, 6), [column(1, { 0: 1 }), column(1, { 1: 2 })])
}

const costOf = ({ basis, times }: ReturnType<typeof twoKinds>): number =>
  basis.reduce((sum, { price }, position) => sum + price * (times[position] ?? 0), 0)

describe('the covering program', () => {
  test('starts with each row covered alone', () => {
    const lp = twoKinds()

    assert.deepEqual([costOf(lp), [...lp.prices]], [7, [1, 0.5]])
  })

  test('takes a node that holds more for its price', () => {
    const lp = twoKinds()
    lp.pool.push(column(1.2, { 0: 1, 1: 2 }))

    solve(lp, 100)

    // 3 with both, the fourth of the first kind alone.
    assert.ok(Math.abs(costOf(lp) - (3 * 1.2 + 1)) < 1e-9)
  })

  test('ends at prices under which no node is worth more than it costs, and which add up to the cost', () => {
    const lp = twoKinds()
    const pool = [column(1.2, { 0: 1, 1: 2 }), column(1.5, { 0: 2, 1: 1 }), column(3, { 0: 2, 1: 5 })]
    lp.pool.push(...pool)

    solve(lp, 100)

    for (const one of pool) assert.ok(gain(lp, one) <= 1e-9)
    assert.ok(Math.abs(4 * (lp.prices[0] ?? 0) + 6 * (lp.prices[1] ?? 0) - costOf(lp)) < 1e-9)
  })

  test('forgets what is far too dear, and never what is in use', () => {
    const lp = twoKinds()
    lp.pool.push(column(9, { 0: 1 }), column(1.2, { 0: 1, 1: 2 }))

    solve(lp, 100)
    forget(lp)

    assert.ok(!lp.pool.some(({ price }) => price === 9))
    assert.ok(lp.basis.every((one) => lp.pool.includes(one)))
  })
})
