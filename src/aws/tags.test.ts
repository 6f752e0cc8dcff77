import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lowerTagsFrom, tagsFrom, upperTagsFrom } from './tags.ts'

const tags = { team: 'blue', app: '' }

test('tags go out sorted, in the spelling of each service', () => {
  assert.deepEqual(lowerTagsFrom(tags), [
    { key: 'app', value: '' },
    { key: 'team', value: 'blue' },
  ])
  assert.deepEqual(upperTagsFrom(tags), [
    { Key: 'app', Value: '' },
    { Key: 'team', Value: 'blue' },
  ])
})

for (const { fact, list, expected } of [
  {
    fact: 'tags come in from either spelling',
    list: [
      { key: 'a', value: '1' },
      { Key: 'b', Value: '2' },
    ],
    expected: { a: '1', b: '2' },
  },
  { fact: 'a tag without a value has the empty one', list: [{ key: 'a' }, { Key: 'b' }], expected: { a: '', b: '' } },
  { fact: 'a tag without a key is none', list: [{ value: '1' }], expected: {} },
  { fact: 'no list is no tags', list: undefined, expected: {} },
]) {
  test(fact, () => assert.deepEqual(tagsFrom(list), expected))
}
