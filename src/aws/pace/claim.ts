import type { Instant } from '../../core/ports.ts'
import type { Claimant } from './claimant.ts'
import type { Level } from './turn-order.ts'

/** A place in the line. */
export interface Claim {
  claimant: Claimant
  level: Level
  readonly namespace: string
  readonly since: Instant
  /** How many calls of the claimant's last pass did not go out. */
  calls: number
  /** With so many others it can share a call, itself included. */
  readonly most: number
  /** Those of its calls that wait where they are. */
  readonly waiters: Set<Waiter>
}

/** A call that waits where it is. */
export interface Waiter {
  readonly go: () => void
}

/** One call for many: whoever comes first makes it for the others. */
export function isShared({ most, calls, waiters }: Claim): boolean {
  return most > 1 && calls === 1 && waiters.size === 0
}
