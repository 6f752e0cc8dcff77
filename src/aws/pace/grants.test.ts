import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../../test/support/hand-clock.ts'
import type { Claimant } from './claimant.ts'
import { Grants } from './grants.ts'
import { Places } from './places.ts'

function bench() {
  const clock = createHandClock()
  const given: number[] = []
  const giveBack = (tokens: number): void => void given.push(tokens)
  return { clock, given, grants: new Grants({ clock, places: new Places(), isForWrites: false, giveBack }) }
}

function claimant(key: string): Claimant {
  return { key, namespace: 'a', urgency: 'change', owner: undefined, patienceSeconds: 0.3 }
}

const [a, b, c] = [claimant('a'), claimant('b'), claimant('c')]

test('one of those for whom a token is kept together fetches it', () => {
  const { grants, clock } = bench()
  grants.keep([a, b], 1, clock.now())

  assert.deepEqual(grants.fetch([c, b]), [b, clock.now()])
  assert.equal(grants.fetch([a]), undefined)
})

test('those for whom a token is kept together can have another one', () => {
  const { grants, clock } = bench()
  grants.keep([a, b], 1, clock.now())
  grants.keep([a, b, c], 1, clock.now())

  assert.deepEqual([grants.fetch([c]), grants.fetch([a]), grants.fetch([b])].map(Boolean), [true, true, false])
})

test('what nobody fetches for half a minute is given back, together', async () => {
  const { grants, clock, given } = bench()
  grants.keep([a], 1, clock.now())
  grants.keep([a, b], 2, clock.now())

  await clock.advance(31)

  assert.deepEqual(given, [3])
  assert.equal(grants.fetch([a, b]), undefined)
})

test('what nobody needs any more is given back at once', () => {
  const { grants, clock, given } = bench()
  grants.keep([a, b], 1, clock.now())

  grants.release('a')
  assert.deepEqual(given, [])
  grants.release('b')
  assert.deepEqual(given, [1])
})
