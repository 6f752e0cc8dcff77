/**
 * Priorities of the work queue: a user's change overtakes AWS drift, which overtakes the first list; sweeps queue nothing.
 * Who has waited for its turn to call AWS goes before others of its level, because that turn does not last.
 */
export const PRIORITY = {
  userChangeInTurn: 150,
  userChange: 100,
  driftInTurn: 50,
  drift: 0,
  initialList: -100,
  sweep: -200,
} as const

/** A pass that lasts longer is cut off. */
export const PASS_SECONDS = 120

/** What a pass over one key answered. */
export type ReconcileResult =
  /** Nothing more to do until something changes. Forgets the back-off. */
  | { readonly type: 'done' }
  /** Come back after this time. Forgets the back-off. `needsPerson`: no retry helps (counted as a terminal error). */
  | {
      readonly type: 'requeue-after'
      readonly seconds: number
      readonly priority: number
      readonly needsPerson?: boolean
    }
  /** It did not work: come back after the key's back-off, and not before `minimumSeconds`. */
  | { readonly type: 'retry'; readonly minimumSeconds: number }

/**
 * One pass over one object; `key` is `namespace/name`, or `name` for cluster-scoped kinds. Never runs twice at once for a
 * key. `priority`: the one with which the key was queued; absent: a user's change.
 */
export type Reconcile = (key: string, signal: AbortSignal, priority?: number) => Promise<ReconcileResult>
