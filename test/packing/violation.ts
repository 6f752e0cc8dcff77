/** One thing that is wrong with a plan. */
export interface Violation {
  readonly rule: Rule
  /** The pod, node or pool that it is about; `plan` for the whole. */
  readonly subject: string
  readonly detail: string
}

export type Rule =
  /** A pod is not mentioned exactly once. */
  | 'accounting'
  /** A new node is none that its pool, type and offerings allow, or does not cost what it says. */
  | 'node'
  /** What is said of a new node is not so: daemons, requests, labels. */
  | 'statement'
  | 'selection'
  | 'volume'
  | 'start-up'
  | 'room'
  | 'port'
  | 'attach-limit'
  | 'anti-affinity'
  /** In no order of arrival would the scheduler take the pods: required affinity, hard topology spread. */
  | 'arrival'
  | 'limit'
  | 'min-values'
  | 'weight'
  | 'totals'
  /** A verdict without a reason that helps. */
  | 'reason'
  /** A pod that is said to fit nowhere has a place. */
  | 'placeable'

export function violation(rule: Rule, subject: string, detail: string): Violation {
  return { rule, subject, detail }
}
