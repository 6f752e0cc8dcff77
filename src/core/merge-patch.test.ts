import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergePatchBetween } from './merge-patch.ts'

for (const { fact, from, to, patch } of [
  { fact: 'equal values need no patch', from: { a: [1, { b: 2 }] }, to: { a: [1, { b: 2 }] }, patch: undefined },
  { fact: 'a new member is set', from: {}, to: { a: 1 }, patch: { a: 1 } },
  { fact: 'a member that is gone is removed', from: { a: 1, b: 2 }, to: { b: 2 }, patch: { a: null } },
  { fact: 'undefined counts as gone', from: { a: 1 }, to: { a: undefined }, patch: { a: null } },
  {
    fact: 'nested objects are patched inside',
    from: { a: { b: 1, c: 2 } },
    to: { a: { b: 1, c: 3 } },
    patch: { a: { c: 3 } },
  },
  { fact: 'arrays are replaced whole', from: { a: [1, 2] }, to: { a: [1, 3] }, patch: { a: [1, 3] } },
  { fact: 'an object replaces a scalar', from: { a: 1 }, to: { a: { b: 1 } }, patch: { a: { b: 1 } } },
]) {
  test(fact, () => assert.deepEqual(mergePatchBetween(from, to), patch))
}
