import type { Verdict } from '../core/conditions.ts'
import type { Instant } from '../core/ports.ts'
import { retryFor } from '../core/retry.ts'
import { PRIORITY, type ReconcileResult } from '../runtime/reconcile.ts'
import type { AnyKind } from './kind.ts'
import type { CommonStatus } from './managed.ts'
import { reasonFor, type Reconciled } from './outcome.ts'
import type { EngineDeps } from './pass.ts'
import { readySteps } from './steps/plan.ts'

/** What the conditions say about an outcome: a person is needed, before it did not work, before it takes time. */
export function verdictOf(outcome: Reconciled): Verdict {
  const { blocks, problems, waits, unfinished, goal } = outcome
  const [block] = blocks
  if (block !== undefined) return { type: 'stalled', reason: block.reason, message: blockMessage(block) }

  const reasons = problems.map((problem) => ({ ...problem, ...reasonFor(problem.code) }))
  const worst = reasons.find(({ stalled }) => stalled) ?? reasons[0]
  if (worst !== undefined) {
    return { type: worst.stalled ? 'stalled' : 'working', reason: worst.reason, message: worst.message }
  }

  const [wait] = waits
  if (wait !== undefined) return { type: 'working', reason: wait.reason, message: wait.message }
  const held = heldVerdict(outcome)
  if (held !== undefined) return held
  if (unfinished) return { type: 'working', reason: 'Applying', message: 'More changes follow' }
  if (goal === 'absent') return { type: 'working', reason: 'Deleting', message: 'Deleting from AWS' }
  return { type: 'ready', message: 'AWS matches the spec' }
}

function heldVerdict({ held, restraint }: Reconciled): Verdict | undefined {
  if (held.length === 0) return undefined
  const steps = held.map(({ summary }) => summary).join('; ')
  switch (restraint) {
    case 'none':
      return undefined
    case 'observe':
      return { type: 'observed', message: `Only observed; would: ${steps}` }
    case 'report':
      return { type: 'drifted', message: `AWS differs from the spec, which is only reported; would: ${steps}` }
    case 'adopt':
      return { type: 'stalled', reason: 'AdoptionPending', message: adoptionMessage(steps) }
  }
}

function adoptionMessage(steps: string): string {
  return `Taking this over would: ${steps}. Make the spec say what AWS has, or accept with the annotation longshore.dev/adopt: accept`
}

function blockMessage({ message, field }: Reconciled['blocks'][number]): string {
  return field === undefined || message.includes(field) ? message : `${field}: ${message}`
}

/**
 * Whether the object only waits for its turn to be looked at: what status says of it stays. What it waits for to be
 * changed, and what was never worked on, is told.
 */
export function isPostponed({ problems, findings }: Reconciled, status: CommonStatus, generation: number): boolean {
  if (problems.length === 0 || problems.some(({ code }) => code !== 'paced')) return false
  const isChanging = [...findings.values()].some(({ plan }) => readySteps(plan).length > 0)
  return !isChanging && status.observedGeneration === generation
}

type ResultOptions = Pick<EngineDeps, 'random' | 'clock' | 'sweeps'> & {
  readonly kind: Pick<AnyKind, 'driftSeconds' | 'closeLookSeconds'>
  /** Of the pass. */
  readonly priority: number
}

/** When to look again. */
export function resultOf(outcome: Reconciled, options: ResultOptions): ReconcileResult {
  const { priority, clock, sweeps } = options
  const retries = outcome.problems.map(({ code, retryAfterSeconds = 0 }) => ({ ...retryFor(code), retryAfterSeconds }))
  const backOffs = retries.flatMap(({ retryAfterSeconds, ...retry }) =>
    retry.type === 'back-off' ? [Math.max(retry.minimumSeconds, retryAfterSeconds)] : [],
  )
  if (backOffs.length > 0) return { type: 'retry', minimumSeconds: Math.min(...backOffs) }
  const turns = retries.flatMap(({ type, retryAfterSeconds }) => (type === 'in-turn' ? [retryAfterSeconds] : []))
  if (turns.length > 0) return { type: 'requeue-after', seconds: afterTurn(Math.max(...turns)), priority }
  if (outcome.unfinished) return { type: 'requeue-after', seconds: 0, priority }
  if (sweeps && verdictOf(outcome).type === 'ready') return closeLookAfter(jittered(1, options), options)

  const polls = outcome.waits.map(({ pollSeconds }) => pollSeconds)
  const drift = jittered(options.kind.driftSeconds, options)
  const seconds = polls.length === 0 ? drift : secondsUntilGrid(Math.min(drift, ...polls), clock.now())
  const needsPerson = verdictOf(outcome).type === 'stalled'
  return { type: 'requeue-after', seconds, priority: PRIORITY.drift, ...(needsPerson && { needsPerson }) }
}

/** Nothing to do now; look again as often as for drift. */
export function lookForDrift(options: Omit<ResultOptions, 'priority'>): ReconcileResult {
  return { type: 'requeue-after', seconds: jittered(options.kind.driftSeconds, options), priority: PRIORITY.drift }
}

/** For an object that was settled when the operator started: when it will be looked at closely. */
export function resultOfSettled(options: Omit<ResultOptions, 'priority'>): ReconcileResult {
  return closeLookAfter(options.random.fraction(), options)
}

/** Close looks fall together with others of the same drift period, so that they share what calls can be shared. */
function closeLookAfter(part: number, { kind, clock }: Omit<ResultOptions, 'priority'>): ReconcileResult {
  const now = clock.now()
  const grid = kind.driftSeconds * 1000
  const at = Math.ceil((now + part * kind.closeLookSeconds * 1000) / grid) * grid
  return { type: 'requeue-after', seconds: (at - now) / 1000, priority: PRIORITY.drift }
}

/** Ten per cent either way, so that objects made together are not looked at together for ever. */
function jittered(value: number, { random }: Pick<ResultOptions, 'random'>): number {
  return value * (0.9 + 0.2 * random.fraction())
}

/** Who waits in a line is called. This is for the case that it is not: a look in between costs others their turns. */
function afterTurn(seconds: number): number {
  return 60 + seconds * 2
}

/** A plan that asks for no pause at all gets one. */
const MIN_POLL_SECONDS = 1

/** Those that poll equally often do so at the same moments: so they share their calls. Half as long to one and a half. */
function secondsUntilGrid(pollSeconds: number, now: Instant): number {
  const grid = Math.max(MIN_POLL_SECONDS, pollSeconds) * 1000
  const at = Math.ceil((now + grid / 2) / grid) * grid
  return (at - now) / 1000
}
