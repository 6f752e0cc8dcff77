import { durationOf, type Duration } from './duration.ts'
import type { ObjectPlan } from './object-plan.ts'

/** A whole plan: what `-o json` prints. */
export interface PlanDocument {
  readonly objects: readonly ObjectPlan[]
  readonly totals: Readonly<Record<ObjectPlan['action'], number>>
  /** AWS writes by operation. */
  readonly calls: Readonly<Record<string, number>>
  /** What AWS's request limits make of them. */
  readonly expected: Duration
  /** What is worth knowing about the plan as a whole. */
  readonly notes: readonly string[]
}

/** Adds up what would become of the objects. */
export function summarized(objects: readonly ObjectPlan[], notes: readonly string[]): PlanDocument {
  const calls = callsIn(objects)
  return { objects, totals: totalsOf(objects), calls: Object.fromEntries(calls), expected: durationOf(calls), notes }
}

/** 0: nothing would change. 1: something is wrong. 2: something would change. */
export function exitCodeOf({ objects }: PlanDocument): 0 | 1 | 2 {
  if (objects.some(({ errors }) => errors.length > 0)) return 1
  return objects.some(({ action }) => action !== 'none') ? 2 : 0
}

function totalsOf(objects: readonly ObjectPlan[]): PlanDocument['totals'] {
  const totals = { create: 0, change: 0, delete: 0, none: 0 }
  for (const { action } of objects) totals[action] += 1
  return totals
}

function callsIn(objects: readonly ObjectPlan[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  // What its owner holds back is no call.
  for (const { steps, restraint } of objects) {
    if (restraint !== 'none') continue
    for (const { call } of steps) if (call !== undefined) calls.set(call, (calls.get(call) ?? 0) + 1)
  }
  return calls
}
