import type { Reason } from '../core/conditions.ts'
import { Failure, type FailureCode } from '../core/failure.ts'
import type { Block, Observation, Plan, Step, Wait } from '../core/plan.ts'
import type { Inventory } from './inventory.ts'
import type { HeldStep } from './managed.ts'
import type { Scope } from './resource.ts'
import type { Restraint } from './restraint.ts'

/** Something that did not work, or could not be known. */
export interface Problem {
  readonly code: FailureCode
  readonly message: string
  readonly retryAfterSeconds?: number | undefined
}

/** What was found out about one composed resource. */
export interface Finding {
  readonly observation: Observation<unknown>
  readonly plan: Plan<Step, string> | undefined
  readonly outputs: Readonly<Record<string, string | undefined>>
  /** It exists, is not ours yet, and its owner asks to take it over. */
  readonly isAdopting: boolean
  /** Steps that may not be taken now. */
  readonly held: readonly Step[]
  /** What it was found out about: the resource's type, and what the inventory keeps. */
  readonly subject?: { readonly type: string; readonly id: string }
}

/** How a pass ended. `report` turns it into conditions. */
export type Outcome =
  | { readonly type: 'paused' }
  /** The object is free to go, or gone. */
  | { readonly type: 'gone' }
  | Reconciled

export interface Reconciled {
  readonly type: 'reconciled'
  readonly goal: 'present' | 'absent'
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
  readonly problems: readonly Problem[]
  /** Steps were left over: come back at once. */
  readonly unfinished: boolean
  readonly findings: ReadonlyMap<string, Finding>
  readonly restraint: Restraint
  readonly held: readonly HeldStep[]
  /** Undefined: not known in this pass; what status says stays. */
  readonly inventory: Inventory | undefined
  readonly scope: Scope | undefined
  readonly spec: unknown
}

const nothing = {
  type: 'reconciled',
  goal: 'present',
  waits: [],
  blocks: [],
  problems: [],
  unfinished: false,
  findings: new Map<string, Finding>(),
  restraint: 'none',
  held: [],
  inventory: undefined,
  scope: undefined,
  spec: undefined,
} as const

export function blocked(...blocks: readonly Block[]): Reconciled {
  return { ...nothing, blocks }
}

export function waiting(...waits: readonly Wait[]): Reconciled {
  return { ...nothing, waits }
}

/** An outcome for a failed call; rethrows what is not a failure (a bug of ours). */
export function failed(error: unknown): Reconciled {
  return { ...nothing, problems: [problemFrom(error)] }
}

/** Rethrows what is not a `Failure`, and the pass's own abort: neither is the object's problem. */
export function problemFrom(error: unknown): Problem {
  if (!(error instanceof Failure) || error.code === 'aborted') throw error
  return { code: error.code, message: error.message, retryAfterSeconds: error.retryAfterSeconds }
}

/** The reason that a condition gives for a failed call, and whether a person is needed. */
export function reasonFor(code: FailureCode): { readonly reason: Reason; readonly stalled: boolean } {
  switch (code) {
    case 'denied':
      return { reason: 'AccessDenied', stalled: true }
    case 'credentials':
      return { reason: 'CredentialsInvalid', stalled: true }
    case 'wrong-account':
      return { reason: 'WrongAccount', stalled: true }
    case 'invalid':
      return { reason: 'RefusedByAws', stalled: true }
    case 'limit-exceeded':
      return { reason: 'LimitExceeded', stalled: true }
    case 'throttled':
      return { reason: 'Throttled', stalled: false }
    case 'paced':
      return { reason: 'WaitingForAwsRate', stalled: false }
    case 'in-use':
      return { reason: 'InUse', stalled: false }
    case 'busy':
    case 'conflict':
      return { reason: 'Busy', stalled: false }
    case 'not-found':
    case 'already-exists':
      return { reason: 'Settling', stalled: false }
    case 'unavailable':
    case 'timeout':
    case 'expired':
    case 'aborted':
      return { reason: 'AwsUnavailable', stalled: false }
    case 'unexpected':
      return { reason: 'UnexpectedError', stalled: false }
  }
}
