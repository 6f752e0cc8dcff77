import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kinds } from '../../kinds.ts'
import { namedObject } from './kind-names.ts'

for (const { fact, words } of [
  { fact: 'a kind', words: ['EcsService/hello'] },
  { fact: 'a plural', words: ['ecsservices/hello'] },
  { fact: 'a short name', words: ['ecssvc/hello'] },
  { fact: 'a name with its group', words: ['ecsservices.longshore.dev/hello'] },
  { fact: 'two words', words: ['ecsservice', 'hello'] },
]) {
  test(`an object can be named by ${fact}`, () => {
    const named = namedObject(words, kinds)

    assert.ok(typeof named === 'object')
    assert.deepEqual([named.kind.kind, named.name], ['EcsService', 'hello'])
  })
}

for (const { fact, words, sentence } of [
  { fact: 'no object', words: [], sentence: /^explain wants one object: KIND\/NAME/ },
  { fact: 'a kind alone', words: ['ecsservice'], sentence: /^explain wants one object/ },
  { fact: 'two objects', words: ['ecsservice', 'a', 'b'], sentence: /^explain wants one object/ },
  {
    fact: 'a kind of others',
    words: ['pod/a'],
    sentence: /^there is no kind "pod"; there are EcrRepository \(ecrrepo\)/,
  },
]) {
  test(`${fact} is a sentence about the mistake`, () => {
    const named = namedObject(words, kinds)

    assert.ok(typeof named === 'string')
    assert.match(named, sentence)
  })
}
