import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createSystemClock } from './clock.ts'

const forever = new AbortController().signal

describe('the system clock', () => {
  test('agrees with the wall clock and does not run backwards', () => {
    const clock = createSystemClock()
    const first = clock.now()

    assert.ok(Math.abs(first - Date.now()) < 5_000)
    assert.ok(clock.now() >= first)
  })

  test('does not fire a timer of two months at once, and cancels it', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const clock = createSystemClock()
    const day = 24 * 3600
    let fired = 0
    clock.schedule(60 * day, () => (fired += 1))
    clock.schedule(60 * day, () => (fired += 100))()

    for (let days = 0; days < 59; days += 1) t.mock.timers.tick(day * 1000)
    assert.equal(fired, 0)
    for (let days = 59; days < 61; days += 1) t.mock.timers.tick(day * 1000)
    assert.equal(fired, 1)
  })

  test('ends a sleep with the reason of the signal', async () => {
    const controller = new AbortController()
    const asleep = createSystemClock().sleep(3600, controller.signal)

    controller.abort(new Error('enough'))

    await assert.rejects(asleep, /enough/)
    await assert.rejects(createSystemClock().sleep(3600, controller.signal), /enough/)
  })
})

describe('the clock wound by hand', () => {
  test('runs timers in order of their instant, also those that timers make', async () => {
    const clock = createHandClock(0)
    const seen: string[] = []
    const note = (name: string) => () => seen.push(`${name}@${clock.now()}`)
    clock.schedule(2, note('b'))
    clock.schedule(1, () => clock.schedule(1.5, note('c')))
    clock.schedule(2, note('b2'))
    clock.schedule(9, note('never'))

    await clock.advance(3)

    assert.deepEqual(seen, ['b@2000', 'b2@2000', 'c@2500'])
    assert.equal(clock.now(), 3000)
  })

  test('lets promises settle between two timers', async () => {
    const clock = createHandClock(0)
    const seen: string[] = []
    const walk = async () => {
      for (const step of ['a', 'b', 'c']) {
        await clock.sleep(1, forever)
        await Promise.resolve()
        seen.push(`${step}@${clock.now()}`)
      }
    }
    const walked = walk()

    await clock.advance(10)

    assert.deepEqual(seen, ['a@1000', 'b@2000', 'c@3000'])
    await walked
  })
})
