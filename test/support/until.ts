import { settle } from './hand-clock.ts'

/** Turns the event loop until `condition` holds: for what takes I/O, which no clock can wind. Fails after 5 real seconds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const patience = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > patience) throw new Error(`waited in vain for ${what}`)
    await settle()
  }
}
