import { setTimeout as wait } from 'node:timers/promises'
import { settle } from './hand-clock.ts'

const PATIENCE_MS = 15_000
const QUICK_TURNS = 100

/** Turns the event loop until `condition` holds: for what takes I/O, which no clock can wind. Fails after 15 real seconds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const patience = Date.now() + PATIENCE_MS
  for (let turns = 0; !condition(); turns += 1) {
    if (Date.now() > patience) throw new Error(`waited in vain for ${what}`)
    // What takes longer than a loopback answer should not be waited for at full speed.
    await (turns < QUICK_TURNS ? settle() : wait(2))
  }
}
