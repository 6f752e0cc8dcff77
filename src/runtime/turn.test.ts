import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { Slices } from './turn.ts'

/** How often timers and sockets would have had their turn in `passes` passes of `seconds` each, by so many `workers`. */
async function turnsIn(passes: number, seconds: number, workers = 1): Promise<number> {
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

  let left = passes
  const work = async (): Promise<void> => {
    for (; left > 0; left -= 1) {
      now += seconds * 1000
      await slices.breathe()
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  isOver = true
  return turns
}

test('work of a second lets others have their turn a hundred times', async () => {
  assert.equal(await turnsIn(1000, 0.001), 100)
})

test('of those who share slices, each may only end what it has begun when they are used up', async () => {
  const longestSlice = 10 + 31

  assert.ok((await turnsIn(1000, 0.001, 32)) >= Math.floor(1000 / longestSlice))
})

test('work of a few milliseconds is not interrupted', async () => {
  assert.equal(await turnsIn(9, 0.001), 0)
})
