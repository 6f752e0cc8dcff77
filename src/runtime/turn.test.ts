import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { Slices } from './turn.ts'

/** How often timers and sockets would have had their turn in `passes` passes of `seconds` each. */
async function turnsIn(passes: number, seconds: number): Promise<number> {
  const clock = createHandClock()
  let now = clock.now()
  const slices = new Slices({ ...clock, now: () => now })
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)

  for (let i = 0; i < passes; i += 1) {
    now += seconds * 1000
    await slices.breathe()
  }
  isOver = true
  return turns
}

test('work of a second lets others have their turn a hundred times', async () => {
  assert.equal(await turnsIn(1000, 0.001), 100)
})

test('work of a few milliseconds is not interrupted', async () => {
  assert.equal(await turnsIn(9, 0.001), 0)
})
