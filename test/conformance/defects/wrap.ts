import { Failure } from '../../../src/core/failure.ts'
import type { Observation, Plan, PlanInput, Step } from '../../../src/core/plan.ts'
import type { AnyKind, StatusInput, StatusReport } from '../../../src/reconciler/kind.ts'
import type { AnyResource, Identity, Scope } from '../../../src/reconciler/resource.ts'

/** A kind with something wrong, and the check that has to notice. */
export interface Defect {
  readonly fact: string
  readonly kind: () => AnyKind
  /** How the name of the check begins. */
  readonly caughtBy: string
  /** What the check says: it must be this that it notices. */
  readonly says: RegExp
}

export type AnyPlan = Plan<Step, string>
export type AnyInput = PlanInput<unknown, unknown>

/** The kind with every resource made anew by `change`. */
export function resourcing(kind: AnyKind, change: (resource: AnyResource) => AnyResource): AnyKind {
  const changed = new Map(kind.resources.map((resource) => [resource, change(resource)] as const))
  return {
    ...kind,
    resources: [...changed.values()],
    compose: (input) =>
      kind.compose(input).map((item) => ({ ...item, resource: changed.get(item.resource) ?? item.resource })),
  }
}

type PlanAgain = (input: AnyInput) => AnyPlan

/** The kind with other plans; `again` plans as it should be done, from whatever it is given. */
export function planning(
  kind: AnyKind,
  change: (plan: AnyPlan, input: AnyInput, again: PlanAgain) => AnyPlan,
): AnyKind {
  return resourcing(kind, (resource) => ({
    ...resource,
    plan: (input) => change(resource.plan(input), input, (other) => resource.plan(other)),
  }))
}

export type Seen = Observation<unknown>

/** The kind with other eyes. */
export function observing(kind: AnyKind, change: (seen: Seen, id: Identity) => Seen): AnyKind {
  return resourcing(kind, (resource) => ({
    ...resource,
    observe: async (id, scope, signal) => change(await resource.observe(id, scope, signal).catch(unknownFrom), id),
  }))
}

function unknownFrom(error: unknown): Seen {
  if (!(error instanceof Failure)) throw error
  return { type: 'unknown', code: error.code, message: error.message }
}

/** What one step takes. */
export interface Act {
  readonly step: Step
  readonly id: Identity
  readonly scope: Scope
  readonly signal: AbortSignal
  /** Takes it as it should be taken. */
  readonly take: (step: Step) => ReturnType<AnyResource['apply']>
}

/** The kind with other hands. */
export function applying(kind: AnyKind, change: (act: Act) => ReturnType<AnyResource['apply']>): AnyKind {
  return resourcing(kind, (resource) => ({
    ...resource,
    apply: (step, id, scope, signal) => {
      const take = (other: Step): ReturnType<AnyResource['apply']> => resource.apply(other, id, scope, signal)
      return change({ step, id, scope, signal, take })
    },
  }))
}

/** The kind with another status. */
export function reporting(
  kind: AnyKind,
  change: (report: StatusReport<object>, input: StatusInput<unknown, unknown>) => object,
): AnyKind {
  return {
    ...kind,
    status: (input) => {
      const report = kind.status(input)
      return { ...report, fields: change(report, input) }
    },
  }
}

export function isWanted({ goal }: AnyInput): boolean {
  return goal.type === 'present'
}

export function isThere({ goal, observed }: AnyInput): boolean {
  return goal.type === 'present' && observed.length > 0
}

/** A member of something whose type is nobody's business here. */
export function memberOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name)
}

/** Tags that the spec did not ask for. */
export function strayTag(input: AnyInput): Step {
  const arn = memberOf(input.observed[0], 'arn')
  const step = { type: 'tag', effect: 'change', summary: 'set tags', arn, tags: { stray: 'yes' } } as const
  return step
}
