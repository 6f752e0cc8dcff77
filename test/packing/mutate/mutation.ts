import type { Rule } from '../violation.ts'
import type { PlanCase } from './plan-case.ts'

/** One way to spoil a right plan, or the problem under it. */
export interface Mutation {
  readonly kind: string
  /** What the checker must say, among other things. */
  readonly rule: Rule
  /** Undefined where the plan has nothing to spoil in this way. Otherwise the result is certainly wrong. */
  apply(plan: PlanCase): PlanCase | undefined
}
