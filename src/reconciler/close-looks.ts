import type { Instant } from '../core/ports.ts'
import type { EngineDeps } from './pass.ts'

/** Remembers when each object was last looked at closely. What an earlier process did is not known. */
export interface CloseLooks {
  /** Whether that is less than a drift period ago: an object that waits for long must not hide what else changes. */
  isRecent(key: string): boolean
  begin(key: string): void
  forget(key: string): void
}

export function createCloseLooks({ clock, kind }: Pick<EngineDeps, 'clock' | 'kind'>): CloseLooks {
  const begun = new Map<string, Instant>()
  return {
    isRecent: (key) => clock.now() - (begun.get(key) ?? -Infinity) < kind.driftSeconds * 1000,
    begin: (key) => void begun.set(key, clock.now()),
    forget: (key) => void begun.delete(key),
  }
}
