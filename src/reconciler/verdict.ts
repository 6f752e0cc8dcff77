import type { Verdict } from '../core/conditions.ts'
import type { Random } from '../core/ports.ts'
import { retryFor } from '../core/retry.ts'
import { PRIORITY, type ReconcileResult } from '../runtime/reconcile.ts'
import { reasonFor, type Reconciled } from './outcome.ts'

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

/** When to look again. */
export function resultOf(outcome: Reconciled, driftSeconds: number, random: Random): ReconcileResult {
  const retries = outcome.problems.map(({ code, retryAfterSeconds }) => ({ retry: retryFor(code), retryAfterSeconds }))
  const backOffs = retries.flatMap(({ retry, retryAfterSeconds }) =>
    retry.type === 'back-off' ? [Math.max(retry.minimumSeconds, retryAfterSeconds ?? 0)] : [],
  )
  if (backOffs.length > 0) return { type: 'retry', minimumSeconds: Math.min(...backOffs) }
  if (outcome.unfinished) return { type: 'requeue-after', seconds: 0, priority: PRIORITY.drift }

  // Ten per cent either way, so that objects made together do not look for drift together for ever.
  const drift = driftSeconds * (0.9 + 0.2 * random.fraction())
  const polls = outcome.waits.map(({ pollSeconds }) => pollSeconds)
  return { type: 'requeue-after', seconds: Math.min(drift, ...polls), priority: PRIORITY.drift }
}
