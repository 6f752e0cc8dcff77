import { failureCodeFrom } from '../core/failure.ts'
import type { Clock, Instant } from '../core/ports.ts'

/** The calls of one pass over an object. */
export interface PassCalls {
  /** What `load` answers, or what the pass before was told, if it was interrupted just now. `call` says what is read. */
  read<Value>(call: string, load: () => Promise<Value>): Promise<Value>
  /** Makes a write: what was read before it is old. */
  write<Value>(send: () => Promise<Value>): Promise<Value>
  /** When the oldest of the answers was had that came from the pass before. Undefined: all are this pass's own. */
  oldestRecalled(): Instant | undefined
}

/** Hands what an interrupted pass has read to the next one over the same object. */
export interface InterruptedPasses {
  /**
   * For a new pass over the object with this key. `isOver` says whether that pass has come to its end, though calls that
   * nobody awaits any more may still be under way; absent: never.
   */
  begin(key: string, isOver?: () => boolean): PassCalls
}

interface Read {
  readonly at: Instant
  readonly value: unknown
}

type Reads = Map<string, Read>

/** Longer than it takes to come back when one is called, and not longer than a pass may take anyway. */
const FRESH_MILLISECONDS = 30_000

/**
 * A pass that needs calls of several throttling classes gets its turns one after the other, and each time it would have
 * to read everything again, which costs others their turns: with many objects nobody would ever come to an end. So it goes
 * on from what was read before it was interrupted.
 *
 * Guarantees: what is remembered is given out once, at most half a minute after it was read, never after a write, and only
 * to the pass that follows one whose turn had not come. Everything else is read as often as it is asked for.
 */
export function createInterruptedPasses(clock: Clock): InterruptedPasses {
  const interrupted = new Map<string, { readonly at: Instant; readonly reads: Reads }>()
  const isFresh = ({ at }: { readonly at: Instant }): boolean => clock.now() - at <= FRESH_MILLISECONDS

  /** The oldest stand first. */
  function dropOld(): void {
    for (const [key, pass] of interrupted) {
      if (isFresh(pass)) return
      interrupted.delete(key)
    }
  }

  function begin(key: string, isOver = (): boolean => false): PassCalls {
    const before = new Map([...(interrupted.get(key)?.reads ?? [])].filter(([, read]) => isFresh(read)))
    interrupted.delete(key)
    const reads: Reads = new Map()
    let oldest: Instant | undefined
    const interrupt = (): void => {
      // The next pass may have written since: what this one has read must not come back.
      if (isOver()) return
      dropOld()
      // What this pass had no time to ask for.
      for (const [call, read] of before) reads.set(call, read)
      interrupted.delete(key)
      interrupted.set(key, { at: clock.now(), reads })
    }
    return {
      read: async (call, load) => {
        const known = before.get(call)
        before.delete(call)
        if (known !== undefined) oldest = Math.min(oldest ?? known.at, known.at)
        const read = known ?? { at: clock.now(), value: await noticing(interrupt, load) }
        reads.set(call, read)
        // The same call was answered before.
        return read.value as Awaited<ReturnType<typeof load>>
      },
      write: async (send) => {
        const isSent = (): void => {
          before.clear()
          reads.clear()
        }
        return noticing(interrupt, send, isSent)
      },
      oldestRecalled: () => oldest,
    }
  }
  return { begin }
}

/** Makes the call; tells whether its turn had not come, or else that it is over, well or not. */
async function noticing<Value>(onRefused: () => void, call: () => Promise<Value>, onSent?: () => void): Promise<Value> {
  try {
    const value = await call()
    onSent?.()
    return value
  } catch (error) {
    if (failureCodeFrom(error) === 'paced') onRefused()
    else onSent?.()
    throw error
  }
}
