import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cheapestCover } from './cover.ts'

const coverOf = (worths: readonly number[], prices: readonly number[], demand: number) =>
  cheapestCover(Float64Array.from(worths), Float64Array.from(prices), demand)

describe('the cheapest nodes that cover a demand', () => {
  for (const { fact, worths, prices, demand, price, vessels } of [
    {
      fact: 'are whole: a node and a bit is two nodes',
      worths: [19, 8],
      prices: [8, 5],
      demand: 20,
      price: 13,
      vessels: [0, 1],
    },
    { fact: 'may be several of one', worths: [19, 8], prices: [8, 5], demand: 57, price: 24, vessels: [0] },
    { fact: 'may be one that is too large', worths: [3, 100], prices: [1, 4], demand: 13, price: 4, vessels: [1] },
    { fact: 'leave out what holds nothing', worths: [0, 5], prices: [0, 2], demand: 6, price: 4, vessels: [1] },
    {
      fact: 'are anything as long as nobody knows what they hold',
      worths: [Infinity, 5],
      prices: [3, 2],
      demand: 6,
      price: 3,
      vessels: [0],
    },
  ]) {
    test(fact, () => {
      const cover = coverOf(worths, prices, demand)

      assert.deepEqual([cover.price, [...cover.vessels].toSorted((a, b) => a - b)], [price, vessels])
    })
  }

  /** Tries every number of every node. */
  const cheapest = (worths: readonly number[], prices: readonly number[], demand: number): number => {
    if (demand <= 0) return 0
    return Math.min(
      ...worths.map((worth, index) =>
        worth > 0 ? (prices[index] ?? 0) + cheapest(worths, prices, demand - worth) : Infinity,
      ),
    )
  }

  test('cost what trying everything finds, for whole numbers', () => {
    const node = fc.record({ worth: fc.integer({ min: 3, max: 20 }), price: fc.integer({ min: 1, max: 20 }) })
    const nodes = fc.array(node, { minLength: 1, maxLength: 4 })
    // Parts of the demand are whole numbers then, and nothing is rounded.
    const demands = fc.constantFrom(1, 2, 4, 5, 8, 10, 16, 20, 25)
    fc.assert(
      fc.property(nodes, demands, (each, demand) => {
        const [worths, prices] = [each.map(({ worth }) => worth), each.map(({ price }) => price)]
        assert.equal(coverOf(worths, prices, demand).price, cheapest(worths, prices, demand))
      }),
    )
  })

  test('never cost more than they can, for all others', () => {
    const node = fc.record({
      worth: fc.double({ min: 0.1, max: 2, noNaN: true }),
      price: fc.integer({ min: 1, max: 20 }),
    })
    const nodes = fc.array(node, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(nodes, fc.double({ min: 0.1, max: 1, noNaN: true }), (each, demand) => {
        const [worths, prices] = [each.map(({ worth }) => worth), each.map(({ price }) => price)]
        assert.ok(coverOf(worths, prices, demand).price <= cheapest(worths, prices, demand))
      }),
    )
  })
})
