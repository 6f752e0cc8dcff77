import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOf, type Page } from './paging.ts'

function page(items: readonly string[], token?: string, list = 'letters'): Page<string> {
  return pageOf({ items, keyOf: (item) => item, limit: 2, token, list })
}

test('pages follow each other in the order of their keys, and the last one has no token', () => {
  const first = page(['c', 'a', 'e', 'b', 'd'])
  const second = page(['c', 'a', 'e', 'b', 'd'], first.nextToken)
  const third = page(['c', 'a', 'e', 'b', 'd'], second.nextToken)

  assert.deepEqual([first.items, second.items, third.items], [['a', 'b'], ['c', 'd'], ['e']])
  assert.equal(third.nextToken, undefined)
})

test('a list that ends with a full page has no token', () => {
  assert.equal(page(['a', 'b']).nextToken, undefined)
})

test('what is deleted between two pages makes the next one neither skip nor repeat', () => {
  const first = page(['a', 'b', 'c', 'd'])

  assert.deepEqual(page(['c', 'd'], first.nextToken).items, ['c', 'd'])
})

for (const { fact, token } of [
  { fact: 'a token of another list is refused', token: page(['a', 'b', 'c'], undefined, 'others').nextToken },
  { fact: 'a token that nobody gave out is refused', token: 'bm90IGEgdG9rZW4' },
  { fact: 'a token that is no base64 is refused', token: '§§' },
]) {
  test(fact, () => {
    assert.throws(() => page(['a', 'b', 'c'], token), { code: 'InvalidParameterException' })
  })
}
