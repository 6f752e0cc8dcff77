import type { EventReason } from '../../runtime/event-recorder.ts'
import type { Step } from '../../core/plan.ts'
import { Failure } from '../../core/failure.ts'
import { hadNoEffect } from '../../core/retry.ts'
import { timestamp, withEntries, withoutAttempt, type Inventory } from '../inventory.ts'
import { generationOf, statusOf } from '../managed.ts'
import { problemFrom, type Problem } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'
import { targetKey, type Target } from '../target.ts'

export interface Applied {
  /** Steps that were taken. */
  readonly steps: readonly Step[]
  readonly outputs: Readonly<Record<string, string | undefined>>
  readonly failure: { readonly step: Step; readonly problem: Problem } | undefined
}

/** Takes the steps of one target, in order, until one fails. */
export async function applySteps(pass: Pass, scope: Scope, target: Target, steps: readonly Step[]): Promise<Applied> {
  const taken: Step[] = []
  let outputs: Applied['outputs'] = {}
  for (const step of steps) {
    if (!pass.deps.mayWrite())
      throw new Failure('aborted', `step ${step.type}`, { message: 'the lease is about to end' })
    try {
      outputs = { ...outputs, ...(await target.resource.apply(step, target.identity, scope, pass.signal)) }
    } catch (error) {
      return { steps: taken, outputs, failure: { step, problem: problemWith(step, error) } }
    }
    taken.push(step)
    announce(pass, target, step)
  }
  return { steps: taken, outputs, failure: undefined }
}

export function mayHaveHadEffect({ steps, failure }: Applied): boolean {
  return steps.length > 0 || (failure !== undefined && !hadNoEffect(failure.problem.code))
}

function problemWith({ carries = [] }: Step, error: unknown): Problem {
  const problem = problemFrom(error)
  if (problem.code !== 'invalid' || carries.length === 0) return problem
  return { ...problem, message: `${problem.message} (the call carries ${carries.join(', ')})` }
}

function announce(pass: Pass, target: Target, step: Step): void {
  pass.logger.info({ resource: target.resource.type, id: target.identity.key, step: step.type }, 'applied step')
  const reason = eventReason(pass, step)
  pass.deps.events.record({ regarding: pass.object, type: 'Normal', reason, action: 'Apply', note: step.summary })
}

function eventReason({ object }: Pass, { effect }: Step): EventReason {
  if (effect === 'delete') return 'Deleted'
  // Nobody edited the spec, and AWS matched it before: somebody changed AWS.
  if (statusOf(object).reconciledGeneration === generationOf(object)) return 'DriftRepaired'
  return effect === 'create' ? 'Created' : 'Updated'
}

/**
 * What is to be remembered of the creates among these steps when they are over. One that certainly had no effect must not
 * delay the next one. Any other had its effect, or may have had it, up to now, which can be long after it was recorded:
 * absence proves nothing for as long from now on.
 */
export function afterCreates(pass: Pass, inventory: Inventory, target: Target, applied: Applied): Inventory {
  const entry = inventory.get(targetKey(target))
  const failed = applied.failure?.step.effect === 'create' ? applied.failure : undefined
  const isMade = applied.steps.some(({ effect }) => effect === 'create')
  if (entry === undefined || (failed === undefined && !isMade)) return inventory
  if (!isMade && failed !== undefined && hadNoEffect(failed.problem.code)) {
    return withEntries(inventory, [withoutAttempt(entry)])
  }
  const now = pass.deps.clock.now()
  pass.attempts.ended(targetKey(target), now)
  return withEntries(inventory, [{ ...entry, writtenAt: timestamp(now) }])
}
