import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { check, double, integer, property, array, record } from 'fast-check'
import { dualWorth, resourcePrices, type Knapsack } from './fractional-knapsack.ts'
import { bestFill } from './whole-knapsack.ts'

const PLENTY = 1e6

interface Thing {
  readonly value: number
  readonly takes: readonly [number, number]
  readonly most: number
}

function knapsackOf(things: readonly Thing[]): Knapsack {
  return {
    values: Float64Array.from(things, ({ value }) => value),
    takes: Float64Array.from(things.flatMap(({ takes }) => takes)),
    resources: 2,
    capacity: Float64Array.of(1, 1),
    most: Float64Array.from(things, ({ most }) => most),
  }
}

/** The best of all fills, tried one by one. */
function everyFill(things: readonly Thing[], free: readonly [number, number] = [1, 1]): number {
  const [first, ...rest] = things
  if (first === undefined) return 0
  let best = 0
  for (let count = 0; count <= first.most; count++) {
    const left = [free[0] - count * first.takes[0], free[1] - count * first.takes[1]] as const
    if (Math.min(...left) < -1e-12) break
    best = Math.max(best, count * first.value + everyFill(rest, left))
  }
  return best
}

const thing = record({
  value: double({ min: 0, max: 10, noNaN: true }),
  takes: array(integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 2 }).map(
    ([a = 1, b = 1]) => [a / 12, b / 12] as const,
  ),
  most: integer({ min: 0, max: 4 }),
})
const things = array(thing, { minLength: 1, maxLength: 5 })

function holds(assertion: (things: readonly Thing[]) => void): void {
  const details = check(property(things, assertion), { seed: 7, numRuns: 300 })
  assert.ok(!details.failed, String(details.errorInstance))
}

describe('the best fill of a node with whole pods', () => {
  test('is what trying every fill finds', () => {
    holds((some) => {
      const knapsack = knapsackOf(some)
      const { worth, fill } = bestFill(knapsack, resourcePrices(knapsack), 0, { looks: PLENTY })
      const best = everyFill(some)

      assert.ok(Math.abs(worth - best) <= 1e-6, `${worth} is not ${best}`)
      assert.equal(fill === undefined, best === 0)
    })
  })

  test('is never said to be worth less than it is, however early the search ends', () => {
    holds((some) => {
      const knapsack = knapsackOf(some)
      const prices = resourcePrices(knapsack)
      for (const looks of [0, 1, 3]) {
        const { worth } = bestFill(knapsack, prices, 0, { looks })
        assert.ok(worth >= everyFill(some) - 1e-9)
      }
    })
  })

  test('is not searched for where it cannot beat what is known', () => {
    const knapsack = knapsackOf([{ value: 1, takes: [0.5, 0.5], most: 4 }])

    const effort = { looks: PLENTY }
    const { worth, fill } = bestFill(knapsack, resourcePrices(knapsack), 3, effort)

    assert.deepEqual([worth, fill, effort.looks], [3, undefined, PLENTY])
  })

  test('may be of ten thousand pods', () => {
    const knapsack = knapsackOf([
      { value: 1, takes: [1e-4, 1e-4], most: 10_000 },
      { value: 1, takes: [1e-4, 1e-4], most: 10_000 },
    ])

    const { worth } = bestFill(knapsack, resourcePrices(knapsack), 0, { looks: PLENTY })

    assert.ok(worth >= 10_000 - 1e-6 && worth < 10_001, `${worth}`)
  })

  test('is never worth more than its resources at the best prices, and these are no higher than they have to be', () => {
    holds((some) => {
      const knapsack = knapsackOf(some)
      const divided = dualWorth(knapsack, resourcePrices(knapsack))

      assert.ok(divided >= everyFill(some) - 1e-9)
      assert.ok(divided <= dualWorth(knapsack, Float64Array.of(3, 3)) + 1e-9)
      assert.ok(divided <= dualWorth(knapsack, Float64Array.of(20, 0)) + 1e-9)
    })
  })
})
