import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksToAdopt } from './adoption.ts'

for (const { value, expected } of [
  { value: 'true', expected: true },
  { value: 'accept', expected: true },
  { value: 'false', expected: false },
  { value: undefined, expected: false },
]) {
  test(`adopt: ${value} ${expected ? 'asks' : 'does not ask'} to take something over`, () => {
    assert.equal(asksToAdopt(value === undefined ? {} : { adopt: value }), expected)
  })
}
