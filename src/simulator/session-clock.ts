import type { VirtualClock } from './clock.ts'

/** A clock whose pending actions can be dropped together, and that announces each action before it runs. */
export interface SessionClock extends VirtualClock {
  readonly dropAll: () => void
}

export function createSessionClock(clock: VirtualClock, beforeAction: () => void): SessionClock {
  const pending = new Set<() => void>()
  return {
    now: () => clock.now(),
    after(seconds, action) {
      const stop = clock.after(seconds, () => {
        pending.delete(cancel)
        beforeAction()
        action()
      })
      const cancel = (): void => {
        pending.delete(cancel)
        stop()
      }
      pending.add(cancel)
      return cancel
    },
    dropAll() {
      for (const cancel of pending) cancel()
    },
  }
}
