import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../../../test/support/hand-clock.ts'
import { createProgressLine } from './progress-line.ts'

const CLEAR = '\r\u001B[2K'

function started() {
  const clock = createHandClock()
  const written: string[] = []
  const line = createProgressLine(clock, (text) => void written.push(text))
  return { clock, written, line }
}

test('a quick answer is never announced', async () => {
  const { clock, written, line } = started()

  line.update({ type: 'reading', megabytes: 3 })
  await clock.advance(0.4)
  line.end()
  await clock.advance(10)

  assert.deepEqual(written, [])
})

test('a long one is, and the line goes away at its end', async () => {
  const { clock, written, line } = started()

  line.update({ type: 'reading', megabytes: 3.4 })
  await clock.advance(0.6)
  line.update({ type: 'packing', pods: 20, rounds: 7, elapsedMs: 612 })
  line.update({ type: 'packing', pods: 20, rounds: 8, elapsedMs: 650, usdPerHour: 1.234 })
  line.end()

  assert.deepEqual(written, [
    `${CLEAR}reading: 3 MB`,
    `${CLEAR}packing 20 pods: round 7, 0.6 s`,
    `${CLEAR}packing 20 pods: round 8, 0.7 s, 1.23 USD/h so far`,
    CLEAR,
  ])
})
