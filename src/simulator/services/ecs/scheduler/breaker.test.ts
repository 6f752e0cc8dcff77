import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ThresholdConfiguration } from '@aws-sdk/client-ecs'
import { backoffSeconds } from './backoff.ts'
import { bandOf } from './band.ts'
import { breakerThreshold } from './breaker.ts'

const configured = (thresholdConfiguration: ThresholdConfiguration) => ({
  deploymentCircuitBreaker: { enable: true, rollback: false, thresholdConfiguration },
})

for (const [desired, threshold] of [
  [0, 3],
  [1, 3],
  [7, 4],
  [25, 13],
  [400, 200],
  [800, 200],
] as const) {
  test(`by default ${desired} tasks fail after ${threshold} failures`, () => {
    assert.equal(breakerThreshold({}, desired), threshold)
  })
}

for (const { fact, configuration, desired, threshold } of [
  {
    fact: 'a bounded share keeps its bounds',
    configuration: { type: 'BOUNDED_PERCENT', value: 10 },
    desired: 10,
    threshold: 3,
  },
  {
    fact: 'an unbounded share may be smaller',
    configuration: { type: 'UNBOUNDED_PERCENT', value: 10 },
    desired: 10,
    threshold: 1,
  },
  {
    fact: 'an unbounded share may be larger',
    configuration: { type: 'UNBOUNDED_PERCENT', value: 50 },
    desired: 800,
    threshold: 400,
  },
  { fact: 'a count is itself', configuration: { type: 'COUNT', value: 7 }, desired: 800, threshold: 7 },
] as const) {
  test(fact, () => assert.equal(breakerThreshold(configured(configuration), desired), threshold))
}

for (const [rounds, seconds] of [
  [1, 0],
  [2, 0],
  [3, 30],
  [4, 60],
  [7, 480],
  [8, 960],
  [9, 1620],
  [50, 1620],
] as const) {
  test(`after ${rounds} failed rounds the scheduler waits ${seconds} s`, () =>
    assert.equal(backoffSeconds(rounds), seconds))
}

for (const { desired, minimum, maximum, band } of [
  { desired: 2, minimum: 75, maximum: 200, band: { lower: 2, upper: 4 } },
  { desired: 3, minimum: 100, maximum: 125, band: { lower: 3, upper: 3 } },
  { desired: 4, minimum: 50, maximum: 200, band: { lower: 2, upper: 8 } },
  { desired: 0, minimum: 100, maximum: 200, band: { lower: 0, upper: 0 } },
]) {
  test(`${minimum}/${maximum} of ${desired} is ${band.lower} to ${band.upper}`, () => {
    assert.deepEqual(bandOf(desired, { minimumHealthyPercent: minimum, maximumPercent: maximum }), band)
  })
}
