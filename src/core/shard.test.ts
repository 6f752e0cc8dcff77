import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isInShard } from './shard.ts'

const keys = Array.from({ length: 3000 }, (_, index) => `team-${index % 7}/web-${index}`)
const shardOf = (key: string, count: number): readonly number[] =>
  Array.from({ length: count }, (_, other) => other + 1).filter((index) => isInShard(key, { index, count }))

describe('a shard of several', () => {
  test('shares no key with another, and together they have all', () => {
    for (const key of keys) assert.equal(shardOf(key, 5).length, 1)
  })

  test('has about as many keys as any other', () => {
    for (const index of [1, 2, 3]) {
      const own = keys.filter((key) => isInShard(key, { index, count: 3 }))
      assert.ok(own.length > 900 && own.length < 1100, `${own.length} of 3000`)
    }
  })

  test('loses keys only to the one that is new', () => {
    for (const key of keys) {
      const [before] = shardOf(key, 3)
      const [after] = shardOf(key, 4)
      assert.ok(after === before || after === 4, key)
    }
  })

  // Frozen: operators of different versions have to agree.
  for (const [key, count, index] of [
    ['demo/web', 2, 2],
    ['demo/web', 3, 3],
    ['demo/api', 3, 1],
    ['team-a/worker', 3, 1],
    ['main', 4, 4],
  ] as const) {
    test(`number ${index} of ${count} has ${key}, as ever`, () => assert.deepEqual(shardOf(key, count), [index]))
  }
})

test('the only shard has everything', () => {
  assert.ok(keys.every((key) => isInShard(key, { index: 1, count: 1 })))
})
