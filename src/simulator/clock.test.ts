import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock, createPacedClock } from './clock.ts'

test('a manual clock stands still until it is wound', () => {
  const clock = createManualClock(1000)
  const ran: string[] = []
  clock.after(5, () => ran.push('action'))

  clock.advance(4.999)
  assert.deepEqual([clock.now(), ran], [5999, []])

  clock.advance(0.001)
  assert.deepEqual([clock.now(), ran], [6000, ['action']])
})

test('actions run in order of time, and in the order given for one instant', () => {
  const clock = createManualClock()
  const ran: string[] = []
  clock.after(2, () => ran.push('2a'))
  clock.after(1, () => ran.push('1a'))
  clock.after(2, () => ran.push('2b'))
  clock.after(1, () => ran.push('1b'))

  clock.advance(10)

  assert.deepEqual(ran, ['1a', '1b', '2a', '2b'])
})

test('an action sees the instant it was due, and what it schedules runs within the same winding', () => {
  const clock = createManualClock(0)
  const seen: number[] = []
  const tick = (): void => {
    seen.push(clock.now())
    clock.after(10, tick)
  }
  clock.after(10, tick)

  clock.advance(35)

  assert.deepEqual(seen, [10_000, 20_000, 30_000])
  assert.equal(clock.nextAt(), 40_000)
})

test('a cancelled action never runs', () => {
  const clock = createManualClock()
  const ran: string[] = []
  const cancel = clock.after(1, () => ran.push('cancelled'))
  clock.after(1, () => ran.push('kept'))

  cancel()
  cancel()
  clock.advance(2)

  assert.deepEqual(ran, ['kept'])
})

for (const { speed, realMs } of [
  { speed: 1, realMs: 60_000 },
  { speed: 60, realMs: 1000 },
]) {
  test(`at speed ${speed} a minute of virtual time takes ${realMs} ms`, (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
    const clock = createPacedClock(speed)
    const ranAt: number[] = []
    clock.after(60, () => ranAt.push(clock.now()))

    context.mock.timers.tick(realMs - 1)
    assert.deepEqual(ranAt, [])

    context.mock.timers.tick(1)
    assert.deepEqual(ranAt, [1_060_000])
  })
}

test('a paced clock keeps the spacing of chained actions however late they run', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
  const clock = createPacedClock(100)
  const seen: number[] = []
  const tick = (): void => {
    seen.push(clock.now())
    if (seen.length < 3) clock.after(1.234, tick)
  }
  clock.after(1.234, tick)

  context.mock.timers.tick(1000)

  assert.deepEqual(seen, [1234, 2468, 3702])
})
