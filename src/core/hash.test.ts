import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, contentHash } from './hash.ts'

test('the hash of known content is frozen', () => {
  assert.equal(contentHash({ b: [1, { d: null, c: 'x' }], a: true }), 'v1-f124912702a4df295dd1287de9a38d91')
  assert.equal(contentHash({}), 'v1-44136fa355b3678a1146ad16f7e8649e')
})

test('the order of keys and undefined members do not matter', () => {
  assert.equal(canonicalJson({ b: 1, a: { d: undefined, c: 2 } }), canonicalJson({ a: { c: 2 }, b: 1 }))
})

test('the order of a list matters', () => {
  assert.notEqual(contentHash([1, 2]), contentHash([2, 1]))
})

test('canonical JSON keeps the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
    }),
  )
})
