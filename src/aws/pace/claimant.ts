import type { Owner } from '../../core/owner.ts'
import type { Urgency } from './turn-order.ts'

/** Who makes calls: one object in one pass, or a sweep. A new pass is a new claimant with the same key. */
export interface Claimant {
  /** Keeps its place in the line from pass to pass. */
  readonly key: string
  readonly namespace: string
  readonly urgency: Urgency
  /** The object on whose behalf calls are made: to be named in the user agent, and woken when its turn has come. */
  readonly owner: Owner | undefined
  /** How long a call may wait where it is; when it would take longer, it fails and keeps its place. */
  readonly patienceSeconds: number
}

/** Those for whom one call is made, the most urgent first, and how many such a call can serve. */
export interface Sharing {
  readonly claimants: readonly [Claimant, ...Claimant[]]
  readonly most: number
}

/** Sweeps, and calls for no object, cannot be called: a token that is kept for them would be kept from everybody. */
export function comesBack({ owner }: Claimant): boolean {
  return owner !== undefined
}
