import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyLoad } from './load.ts'
import type { Vessel } from './lots.ts'
import { worthwhile } from './worthwhile.ts'

const vessel = (price: number, group = 0): Vessel => ({ place: 0, price, fresh: emptyLoad(Float64Array.of(1)), group })

test('of every size one node is worth filling, and of the best ones all', () => {
  // 60 nodes of nearly the same price, of which the first 45 hold more and more; a small one; one of another kind.
  const alike = Array.from({ length: 60 }, (_, index) => vessel(10 + index / 1000))
  const vessels = [vessel(1), ...alike, vessel(10, 1)]
  const ratios = Float64Array.from(vessels, (_, index) => (index <= 45 ? 0.5 + index / 1000 : 0.1))

  const chosen = worthwhile(vessels, ratios)

  assert.ok(chosen.includes(0), 'the small one')
  assert.ok(chosen.includes(61), 'the one of another kind')
  assert.ok(chosen.includes(45) && !chosen.includes(2), 'the best of the many alike, not the worst')
})

test('what holds nothing is not', () => {
  assert.deepEqual(worthwhile([vessel(1), vessel(2)], Float64Array.of(0, 1)), [1])
})
