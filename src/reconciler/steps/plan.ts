import { isDeepStrictEqual } from 'node:util'
import { asksToAdopt } from '../../core/adoption.ts'
import { outputsIn, resolveOutputs, type OutputLookup } from '../../core/output.ts'
import { emptyPlan, type Goal, type Observation, type Plan, type Step } from '../../core/plan.ts'
import type { Instant } from '../../core/ports.ts'
import { generationOf, statusOf } from '../managed.ts'
import type { Finding } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import type { Target } from '../target.ts'
import type { Survey } from './observe.ts'

export interface PlanContext {
  readonly survey: Survey
  readonly outputs: OutputLookup
  readonly requests: Readonly<Record<string, string>>
  readonly now: Instant
  /** Whether reads may still hide what was written for another generation of the spec: then a match proves nothing. */
  readonly isUnsure: boolean
  /** Whether what is missing may be about to come: then it keeps nothing from being planned. */
  readonly isRehearsal: boolean
}

export function planContext(pass: Pass, target: Target, view: Pick<PlanContext, 'survey' | 'outputs'>): PlanContext {
  const { at } = view.survey.of(target)
  return {
    ...view,
    requests: pass.requests,
    now: pass.deps.clock.now(),
    isUnsure: isUnsure(pass, at),
    isRehearsal: pass.deps.isRehearsal ?? false,
  }
}

function isUnsure({ attempts, object, deps: { settings } }: Pass, seenAt: Instant): boolean {
  const generation = generationOf(object)
  // It was matched by what this pass, or one before it, made of it.
  if (statusOf(object).reconciledGeneration === generation) return false
  const wroteAt = attempts.wroteForAnother(generation)
  return wroteAt !== undefined && seenAt - wroteAt < settings.settleSeconds * 1000
}

/** Decides what to do about one target. Nothing is planned for what is not known for sure, or not ours. */
export function planTarget(target: Target, context: PlanContext): Finding {
  const { observation } = context.survey.of(target)
  const nothing = { observation, plan: undefined, outputs: {}, isAdopting: false, held: [] }
  if (observation.type === 'unknown') return nothing
  if (target.type === 'wanted' && target.refusal !== undefined) {
    return { ...nothing, plan: { ...emptyPlan, memo: target.entry?.memo ?? {}, blocks: [target.refusal] } }
  }
  if (observation.type === 'foreign') {
    const items = target.type === 'wanted' && asksToAdopt(context.requests) ? observation.items : undefined
    if (items === undefined) return { ...nothing, plan: planForeign(target, observation.message) }
    return { ...planKnown(target, { type: 'known', items }, context), isAdopting: true }
  }
  return planKnown(target, observation, context)
}

function planKnown(target: Target, observation: Known, context: PlanContext): Finding {
  const settling = context.survey.isSettling(target)
  const plan = target.resource.plan({
    goal: goalOf(target, context.outputs),
    observed: observation.items,
    memo: target.entry?.memo ?? {},
    mayBeInUse: context.survey.mayBeInUse,
    settling,
    isUnsure: context.isUnsure,
    isHomeless: !context.isRehearsal && observation.isHomeless === true,
    requests: context.requests,
    now: context.now,
  })
  const held = settling && observation.items.length === 0 ? withoutRepeatedCreate(plan, target) : plan
  const isAdopting = held.steps.some(({ adopts }) => adopts === true)
  return { observation, plan: held, outputs: held.outputs, isAdopting, held: [] }
}

type Known = Extract<Observation<unknown>, { readonly type: 'known' }>

function goalOf(target: Target, outputs: OutputLookup): Goal<unknown> {
  if (target.type === 'retired') return { type: 'absent', removal: target.removal }
  return { type: 'present', desired: resolveOutputs(target.item.desired, outputs) }
}

/** Foreign things are never touched; to a goal of absence they are as good as gone. */
function planForeign(target: Target, message: string): Plan<Step, string> {
  if (target.type === 'retired') return emptyPlan
  return { ...emptyPlan, memo: target.entry?.memo ?? {}, blocks: [{ reason: 'ForeignResource', message }] }
}

/**
 * AWS reads may be stale: what was asked for a moment ago is on its way, and asking again could make two. The steps after
 * the create wait with it: they are meant for what it makes, and what does not show yet may be somebody else's. What is
 * remembered of the one that was asked for stays: it may have changed since, and tags of ours that went may still be on it.
 */
function withoutRepeatedCreate(plan: Plan<Step, string>, { entry }: Target): Plan<Step, string> {
  if (plan.steps.every(({ effect }) => effect !== 'create')) return plan
  const wait = { reason: 'Settling', message: 'AWS does not show yet what was just created', pollSeconds: 2 } as const
  return { ...plan, steps: [], waits: [...plan.waits, wait], memo: entry?.memo ?? plan.memo }
}

/** Nothing to do, it seems: but what an edit took back a moment ago may be there, and reads show what was before that. */
export function withoutConclusion(finding: Finding): Finding {
  const { plan } = finding
  if (plan === undefined || plan.steps.length > 0) return finding
  const message = 'AWS may not show yet what was made of the spec before this edit'
  const wait = { reason: 'Settling', message, pollSeconds: 5 } as const
  return { ...finding, plan: { ...plan, waits: [...plan.waits, wait] } }
}

/** The same for what this pass did already: when it is planned once more, AWS only does not show it yet. */
export function withoutTakenSteps(finding: Finding, taken: readonly Step[]): Finding {
  const { plan } = finding
  if (plan === undefined || taken.length === 0) return finding
  const steps = plan.steps.filter((step) => !taken.some((before) => isDeepStrictEqual(before, step)))
  if (steps.length === plan.steps.length) return finding
  const wait = { reason: 'Settling', message: 'AWS does not show yet what was just changed', pollSeconds: 2 } as const
  return { ...finding, plan: { ...plan, steps, waits: [...plan.waits, wait] } }
}

/** The steps that can be taken now: all before the first one that needs a value nobody has provided yet. */
export function readySteps(plan: Plan<Step, string> | undefined): readonly Step[] {
  const steps = plan?.steps ?? []
  const firstHeld = steps.findIndex((step) => outputsIn(step).length > 0)
  return firstHeld === -1 ? steps : steps.slice(0, firstHeld)
}
