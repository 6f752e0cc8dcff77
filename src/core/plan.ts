import type { FailureCode } from './failure.ts'
import type { Instant } from './ports.ts'
import type { Reason } from './conditions.ts'

/** One AWS write. `summary` says what it does in a few words: it is shown in events, plans and the demo. */
export interface Step {
  readonly type: string
  readonly effect: 'create' | 'change' | 'delete'
  readonly summary: string
  /** It only marks the AWS object as ours: the one thing that an adoption may do before it is accepted. */
  readonly adopts?: boolean
  /** Fields of the spec that the call carries: AWS does not always say which one it refuses. */
  readonly carries?: readonly string[]
}

/** AWS is busy or not there yet; nothing to do but look again. */
export interface Wait {
  readonly reason: Reason
  readonly message: string
  /** When to look again. */
  readonly pollSeconds: number
}

/** A person is needed. */
export interface Block {
  readonly reason: Reason
  readonly message: string
  /** Path of the field that has to change, as the user wrote it: `spec.encryptionConfiguration.kmsKey`. */
  readonly field?: string
}

/** Small facts a resource remembers between passes, kept in the inventory entry. */
export type Memo = Readonly<Record<string, string>>

/** Names and values that a resource provides to others (`arn`, `url` …). */
export type Outputs<Name extends string = string> = { readonly [K in Name]?: string }

export interface Plan<S extends Step, Out extends string> {
  readonly steps: readonly S[]
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
  /** What others may use already, for this goal. */
  readonly outputs: Outputs<Out>
  readonly memo: Memo
}

/** How to remove something: `Retain` only takes our ownership tags off. `force`: delete what it contains as well. */
export interface Removal {
  readonly policy: 'Delete' | 'Retain'
  readonly force: boolean
}

export type Goal<Desired> =
  { readonly type: 'present'; readonly desired: Desired } | { readonly type: 'absent'; readonly removal: Removal }

export interface PlanInput<Desired, Observed> {
  readonly goal: Goal<Desired>
  /** What is certainly there and ours: a set (several revisions, two generations during a replacement). */
  readonly observed: readonly Observed[]
  readonly memo: Memo
  /** Whether some other thing may still use the AWS object with this id; true when that is not known for sure. */
  readonly mayBeInUse: (id: string) => boolean
  /**
   * A recorded create attempt is so recent that absence proves nothing yet. The engine also waits for it before it
   * releases an entry; a plan must not repeat a create that has neither natural key nor token while it is true.
   */
  readonly settling: boolean
  /** Reads may still hide what was written for an earlier version of the spec: what does not show may be there. Absent: not. */
  readonly isUnsure?: boolean
  /** That in which it would have to be is not there, as AWS says: it cannot be made. Absent: not. */
  readonly isHomeless?: boolean
  /** Values of `longshore.dev/…` annotations that ask for something once, without the prefix. */
  readonly requests: Readonly<Record<string, string>>
  readonly now: Instant
}

export type Observation<Observed> =
  /** `isHomeless`: nor is that in which it would be. */
  | { readonly type: 'known'; readonly items: readonly Observed[]; readonly isHomeless?: boolean }
  /**
   * Something of that identity exists and does not carry our ownership. `items`: what is there, when nobody else's
   * operator owns it, so that it could be adopted.
   */
  | { readonly type: 'foreign'; readonly message: string; readonly items?: readonly Observed[] }
  | Unknown

/** It could not be looked at. */
export interface Unknown {
  readonly type: 'unknown'
  readonly code: FailureCode
  readonly message: string
  readonly retryAfterSeconds?: number | undefined
}

export const emptyPlan = { steps: [], waits: [], blocks: [], outputs: {}, memo: {} } as const
