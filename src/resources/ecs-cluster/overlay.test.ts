import assert from 'node:assert/strict'
import { test } from 'node:test'
import { covers, overlay } from './overlay.ts'

for (const { fact, actual, wanted, expected } of [
  { fact: 'what is the same is covered', actual: { a: { b: 1 } }, wanted: { a: { b: 1 } }, expected: true },
  {
    fact: 'what is not wanted may be there',
    actual: { a: { b: 1, c: 2 }, d: 3 },
    wanted: { a: { b: 1 } },
    expected: true,
  },
  { fact: 'what is undefined is not wanted', actual: {}, wanted: { a: undefined }, expected: true },
  { fact: 'another value is not covered', actual: { a: { b: 2 } }, wanted: { a: { b: 1 } }, expected: false },
  { fact: 'a missing branch is not covered', actual: {}, wanted: { a: { b: 1 } }, expected: false },
  { fact: 'false is a value', actual: {}, wanted: { a: false }, expected: false },
]) {
  test(fact, () => assert.equal(covers(actual, wanted), expected))
}

test('what is wanted lies over the rest, branch by branch', () => {
  assert.deepEqual(overlay({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 9, c: 2 }, d: 3 }), { a: { b: 9, c: 2 }, d: 3 })
  assert.deepEqual(overlay<object>({ a: { c: 2 } }, { a: { b: 1 }, e: 5 }), { a: { b: 1, c: 2 }, e: 5 })
})

test('what is not wanted stays', () => {
  assert.deepEqual(overlay<object>({ a: 1 }, { a: undefined }), { a: 1 })
})
