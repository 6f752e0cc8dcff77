import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { editsIn, openFleet, openReadyFleet } from '../support/rates/fleet.ts'
import { landingsOf } from '../support/rates/landing.ts'
import { createAll, rollAll, throttledIn } from '../support/rates/mass-write.ts'
import { startNeighbour } from '../support/rates/neighbour.ts'
import { DRIFT_SECONDS, watchQuietly } from '../support/rates/quiet.ts'

/** What our own bucket leaves for jitter, the reads before the first write, and the calls themselves. */
const START_SECONDS = 4
const SHARE = 0.6

describe('many services at the full rates of AWS', () => {
  test('are created and rolled as fast as AWS accepts it, with the writes that are needed, and none is throttled', async () => {
    const fleet = await openFleet({ share: 1, namespaces: { one: 30 } })

    for (const done of [await createAll(fleet), await rollAll(fleet, 'app:2')]) {
      assert.equal(done.bound.slowest, 'ecs task-definition-modify')
      assert.ok(done.seconds <= done.bound.seconds + START_SECONDS, `${done.seconds} s, ${done.bound.arithmetic}`)
      assert.deepEqual(done.writes, done.needed)
      assert.equal(done.throttled, 0)
    }
    assert.deepEqual(fleet.operator.errors(), [])
    await fleet.operator.stop()
  })
})

describe('many services at a small share of the rates', () => {
  test('go on where they were interrupted instead of reading everything again', async () => {
    const fleet = await openFleet({ share: 0.3, namespaces: { one: 30 } })
    await createAll(fleet)

    const { reads, writes, needed, throttled } = await rollAll(fleet, 'app:2')

    // 24 without it.
    assert.ok(reads / fleet.services.length <= 20, `${reads} reads`)
    assert.deepEqual(writes, needed)
    assert.equal(throttled, 0)
    await fleet.operator.stop()
  })
})

describe('many services at all of the rates, beside a neighbour who uses half of every bucket', () => {
  test('give way when AWS throttles all the same, and come to their end', async () => {
    const fleet = await openReadyFleet({ share: 1, namespaces: { one: 30 } })
    const stop = startNeighbour(fleet.operator.aws, 0.5)

    const { throttled, writes, needed } = await rollAll(fleet, 'app:2')

    stop()
    assert.deepEqual(writes, needed)
    assert.ok(throttled > 0, 'the neighbour was in nobody’s way')
    // Three times as many without giving way.
    assert.ok(throttled <= fleet.services.length / 3, `${throttled} throttled calls`)
    assert.deepEqual(fleet.operator.errors(), [])
    await fleet.operator.stop()
  })
})

describe('services in sync', () => {
  test('cost a call for ten of them, and one for fifty log groups, in each drift period and at a restart', async () => {
    const fleet = await openReadyFleet({ share: 1, namespaces: { one: 50 } })
    await watchQuietly(fleet, DRIFT_SECONDS)
    const once = { 'sts:GetCallerIdentity': 1, 'ecs:DescribeServices': 5, 'logs:DescribeLogGroups': 1 }

    await fleet.operator.restart(SHARE)
    const restart = await watchQuietly(fleet, 60)
    assert.deepEqual(restart.byOperation, { ...once, 'ecs:DescribeClusters': 1 })

    // Close looks are spread over hours: their calls come on top.
    const { byOperation } = await watchQuietly(fleet, 2 * DRIFT_SECONDS)
    const close = byOperation['ecs:ListTaskDefinitions'] ?? 0
    assert.ok(close <= 6, `${close} close looks in ten minutes`)
    assert.ok((byOperation['ecs:DescribeServices'] ?? 0) <= 2 * once['ecs:DescribeServices'] + close)
    assert.ok((byOperation['logs:DescribeLogGroups'] ?? 0) <= 2 * once['logs:DescribeLogGroups'] + close)
    await fleet.operator.stop()
  })
})

describe("a user's edit", () => {
  test('lands within ten seconds beside a neighbour who uses half of every bucket', async () => {
    const fleet = await openReadyFleet({ share: SHARE, namespaces: { one: 20 } })
    const begun = fleet.operator.clock.now()
    const stop = startNeighbour(fleet.operator.aws, 0.5)

    const edits = editsIn(fleet, 'one', 'app:2').slice(0, 10)
    const landings = await landingsOf(fleet.operator, { edits, everySeconds: 5, patienceSeconds: 60 })

    stop()
    assert.ok(landings.longestSeconds <= 10, `${landings.longestSeconds} s`)
    assert.equal(throttledIn(fleet.operator.calls(begun)), 0)
    await fleet.operator.stop()
  })

  for (const { fact, namespace, isSoon } of [
    { fact: 'lands within ten seconds while another namespace rolls everything', namespace: 'calm', isSoon: true },
    { fact: 'waits behind those that came before it in its own namespace', namespace: 'impatient', isSoon: false },
  ]) {
    test(fact, async () => {
      const fleet = await openReadyFleet({ share: SHARE, namespaces: { impatient: 45, calm: 3 } })
      for (const service of editsIn(fleet, 'impatient', 'app:2').slice(3)) fleet.operator.apply(service)
      await fleet.operator.clock.advance(5)

      const edits = editsIn(fleet, namespace, 'app:2').slice(0, 3)
      const landings = await landingsOf(fleet.operator, { edits, everySeconds: 5, patienceSeconds: 120 })

      assert.equal(landings.longestSeconds <= 10, isSoon, `${landings.seconds.join(' s, ')} s`)
      assert.ok(landings.longestSeconds < Infinity)
      await fleet.operator.stop()
    })
  }
})

describe('services that wait for their turn', () => {
  test('leave the workers to others', async () => {
    const fleet = await openReadyFleet({ share: SHARE, workers: 2, namespaces: { one: 30, two: 1 } })
    for (const service of editsIn(fleet, 'one', 'app:2')) fleet.operator.apply(service)
    await fleet.operator.clock.advance(10)

    const edits = editsIn(fleet, 'two', 'app:2')
    const landings = await landingsOf(fleet.operator, { edits, everySeconds: 0, patienceSeconds: 60 })

    assert.ok(landings.longestSeconds <= 10, `${landings.longestSeconds} s`)
    await fleet.operator.stop()
  })
})
