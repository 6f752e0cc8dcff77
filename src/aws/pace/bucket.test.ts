import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OpenBucket, SharedBucket, type Bucket } from './bucket.ts'

const SECOND = 1000

/** Takes tokens one by one as long as there are any; answers how many. */
function drain(bucket: Bucket, now: number, most = 1000): number {
  let taken = 0
  while (taken < most && bucket.secondsUntil(1, now) === 0) {
    bucket.take(1, now)
    taken += 1
  }
  return taken
}

describe('a shared bucket', () => {
  test('lets through its burst, then its rate', () => {
    const bucket = new SharedBucket({ burst: 20, perSecond: 2 }, 0)

    assert.equal(drain(bucket, 0), 20)
    assert.equal(bucket.secondsUntil(1, 0), 0.5)
    assert.equal(drain(bucket, 10 * SECOND), 20)
    assert.equal(drain(bucket, 13 * SECOND), 6)
  })

  test('never holds more than its burst, whatever is given back', () => {
    const bucket = new SharedBucket({ burst: 5, perSecond: 1 }, 0)
    bucket.reserve(3, 0)
    bucket.give(3, 0)

    assert.equal(drain(bucket, 3600 * SECOND), 5)
  })

  test('is as full with tokens that are put aside as with others, because AWS knows nothing of that', () => {
    const bucket = new SharedBucket({ burst: 5, perSecond: 1 }, 0)
    bucket.reserve(3, 0)

    assert.equal(drain(bucket, 3600 * SECOND), 2)
    bucket.spend(3, 3600 * SECOND)
    assert.equal(drain(bucket, 3602 * SECOND), 2)
  })

  test('is empty at half its rate after it was throttled, and wins it back', () => {
    const bucket = new SharedBucket({ burst: 20, perSecond: 10 }, 0)
    bucket.cut(0)

    assert.equal(drain(bucket, 0), 0)
    assert.equal(bucket.perSecond(0), 5)
    assert.ok(bucket.perSecond(10 * SECOND) > 6.9 && bucket.perSecond(10 * SECOND) < 7.1)
    assert.equal(bucket.perSecond(30 * SECOND), 10)
    assert.ok(bucket.isWhole(30 * SECOND))
  })

  for (const { cuts, tokens, seconds } of [
    { cuts: 1, tokens: 1, seconds: '0.20' },
    { cuts: 1, tokens: 20, seconds: '3.72' },
    { cuts: 10, tokens: 1, seconds: '1.53' },
  ]) {
    test(`cut ${cuts} times it has ${tokens} tokens after ${seconds} s, as it said`, () => {
      const bucket = new SharedBucket({ burst: 20, perSecond: 10 }, 0)
      for (let second = 0; second < cuts; second++) bucket.cut(second * SECOND)
      const now = (cuts - 1) * SECOND

      const wait = bucket.secondsUntil(tokens, now)

      assert.equal(wait.toFixed(2), seconds)
      assert.ok(bucket.secondsUntil(tokens, now + wait * 990) > 0)
      assert.equal(bucket.secondsUntil(tokens, now + wait * SECOND), 0)
    })
  }

  test('counts throttling in the same second once', () => {
    const bucket = new SharedBucket({ burst: 20, perSecond: 10 }, 0)
    for (const at of [0, 100, 900]) bucket.cut(at)

    assert.ok(bucket.perSecond(900) >= 5)
  })

  test('keeps a little of its rate, however often it is throttled', () => {
    const bucket = new SharedBucket({ burst: 20, perSecond: 10 }, 0)
    for (let second = 0; second < 60; second++) bucket.cut(second * SECOND)

    assert.ok(bucket.perSecond(60 * SECOND) > 0.4)
  })
})

describe('a bucket of an unpublished rate', () => {
  test('limits nothing until AWS throttles', () => {
    assert.equal(drain(new OpenBucket(), 0), 1000)
    assert.equal(new OpenBucket().perSecond(0), Infinity)
  })

  test('goes on at half of what was sent when AWS throttles', () => {
    const bucket = new OpenBucket()
    drain(bucket, 0, 40)
    bucket.cut(900)

    assert.equal(drain(bucket, 900), 0)
    assert.equal(bucket.perSecond(900), 20)
  })

  test('opens again when it was not throttled at twice the rate', () => {
    const bucket = new OpenBucket()
    drain(bucket, 0, 40)
    bucket.cut(0)

    assert.ok(bucket.perSecond(20 * SECOND) > 40)
    assert.equal(bucket.perSecond(60 * SECOND), Infinity)
  })

  test('is cut again when it is throttled again', () => {
    const bucket = new OpenBucket()
    drain(bucket, 0, 40)
    bucket.cut(0)
    bucket.cut(5 * SECOND)

    assert.ok(bucket.perSecond(5 * SECOND) < 20)
  })

  test('counts what was sent in the second before as well', () => {
    const bucket = new OpenBucket()
    drain(bucket, 900, 40)
    bucket.cut(1100)

    assert.equal(bucket.perSecond(1100), 20)
  })
})
