import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { applyMergePatch, isSemanticallyEqual, mergePatchBetween } from './patch.ts'

describe('the merge patch between two objects', () => {
  for (const { fact, from, to, patch } of [
    { fact: 'is absent when nothing changed', from: { a: 1, b: [1] }, to: { b: [1], a: 1 }, patch: undefined },
    { fact: 'is absent when only null and absent differ', from: { a: null }, to: { b: undefined }, patch: undefined },
    { fact: 'holds a changed member only', from: { a: 1, b: 1 }, to: { a: 1, b: 2 }, patch: { b: 2 } },
    { fact: 'removes with null', from: { a: 1, b: 1 }, to: { a: 1 }, patch: { b: null } },
    { fact: 'removes what became null', from: { a: 1 }, to: { a: null }, patch: { a: null } },
    { fact: 'goes into objects', from: { a: { b: 1, c: 1 } }, to: { a: { b: 2, c: 1 } }, patch: { a: { b: 2 } } },
    { fact: 'replaces arrays whole', from: { a: [1, 2] }, to: { a: [1, 2, 3] }, patch: { a: [1, 2, 3] } },
    { fact: 'replaces a value of another type', from: { a: { b: 1 } }, to: { a: [1] }, patch: { a: [1] } },
    { fact: 'keeps an empty object', from: {}, to: { a: {} }, patch: { a: {} } },
    { fact: 'carries no null of a new object', from: {}, to: { a: { b: null, c: 1 } }, patch: { a: { c: 1 } } },
    {
      fact: 'keeps false, zero and the empty string',
      from: {},
      to: { a: false, b: 0, c: '' },
      patch: { a: false, b: 0, c: '' },
    },
  ]) {
    test(fact, () => assert.deepEqual(mergePatchBetween(from, to), patch))
  }

  test('sees a member that every object inherits', () => {
    const labels: Record<string, string> = { constructor: 'x' }

    assert.deepEqual(mergePatchBetween({}, labels), labels)
    assert.deepEqual(mergePatchBetween(labels, {}), { constructor: null })
  })

  const json = fc.object({ maxDepth: 3, values: [fc.integer(), fc.string(), fc.boolean()] })

  test('makes one out of the other', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const patch = mergePatchBetween(from, to)
        assert.ok(isSemanticallyEqual(patch === undefined ? from : applyMergePatch(from, patch), to))
      }),
    )
  })

  test('is absent exactly for equal objects', () => {
    fc.assert(fc.property(json, (object) => mergePatchBetween(object, structuredClone(object)) === undefined))
    assert.ok(!isSemanticallyEqual({ a: [{ b: 1 }] }, { a: [{ b: 2 }] }))
    assert.ok(isSemanticallyEqual({ a: [{ b: 1, c: null }] }, { a: [{ b: 1 }] }))
  })
})

// The examples of RFC 7386, appendix A, that concern objects.
for (const [target, patch, result] of [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]) {
  test(`${JSON.stringify(patch)} turns ${JSON.stringify(target)} into ${JSON.stringify(result)}`, () => {
    assert.deepEqual(applyMergePatch(target, patch), result)
  })
}
