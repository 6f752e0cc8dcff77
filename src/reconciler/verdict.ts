import type { Verdict } from '../core/conditions.ts'
import type { Clock, Instant, Random } from '../core/ports.ts'
import { retryFor } from '../core/retry.ts'
import { PRIORITY, type ReconcileResult } from '../runtime/reconcile.ts'
import type { CommonStatus } from './managed.ts'
import { reasonFor, type Reconciled } from './outcome.ts'
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

interface ResultOptions {
  readonly driftSeconds: number
  /** Of the pass. */
  readonly priority: number
  readonly random: Random
  readonly clock: Clock
}

/** When to look again. */
export function resultOf(
  outcome: Reconciled,
  { driftSeconds, priority, random, clock }: ResultOptions,
): ReconcileResult {
  const retries = outcome.problems.map(({ code, retryAfterSeconds = 0 }) => ({ ...retryFor(code), retryAfterSeconds }))
  const backOffs = retries.flatMap(({ retryAfterSeconds, ...retry }) =>
    retry.type === 'back-off' ? [Math.max(retry.minimumSeconds, retryAfterSeconds)] : [],
  )
  if (backOffs.length > 0) return { type: 'retry', minimumSeconds: Math.min(...backOffs) }
  const turns = retries.flatMap(({ type, retryAfterSeconds }) => (type === 'in-turn' ? [retryAfterSeconds] : []))
  if (turns.length > 0) return { type: 'requeue-after', seconds: afterTurn(Math.max(...turns)), priority }
  if (outcome.unfinished) return { type: 'requeue-after', seconds: 0, priority }

  const drift = spread(driftSeconds, random)
  const polls = outcome.waits.map(({ pollSeconds }) => pollSeconds)
  const seconds = polls.length === 0 ? drift : secondsUntilPoll(Math.min(drift, ...polls), clock.now())
  const needsPerson = verdictOf(outcome).type === 'stalled'
  return { type: 'requeue-after', seconds, priority: PRIORITY.drift, ...(needsPerson && { needsPerson }) }
}

/** Nothing to do now; look again as often as for drift. */
export function lookForDrift(driftSeconds: number, random: Random): ReconcileResult {
  return { type: 'requeue-after', seconds: spread(driftSeconds, random), priority: PRIORITY.drift }
}

/** Ten per cent either way, so that objects made together do not look for drift together for ever. */
function spread(seconds: number, random: Random): number {
  return seconds * (0.9 + 0.2 * random.fraction())
}

/** Who waits in a line is called; this is for the case that the call never comes. */
function afterTurn(seconds: number): number {
  return 2 + seconds * 1.25
}

/** A plan that asks for no pause at all gets one. */
const MIN_POLL_SECONDS = 1

/** Those that poll equally often do so at the same moments: so they share their calls. Half as long to one and a half. */
function secondsUntilPoll(pollSeconds: number, now: Instant): number {
  const grid = Math.max(MIN_POLL_SECONDS, pollSeconds) * 1000
  const at = Math.ceil((now + grid / 2) / grid) * grid
  return (at - now) / 1000
}
