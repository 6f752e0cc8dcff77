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
  /** The bound is above a cost that can be reached. */
  | 'bound'
  /** The plan is cheaper than any that the checker finds valid: one of the two is wrong. */
  | 'undercut'
  /** A node goes that must stay, or stays without its reason being told. */
  | 'protection'
  /** More nodes go at once, or more pods of a budget are disturbed, than may. */
  | 'budget'
  /** What is said of a move or of all moves together is not so, or a move is not worth it. */
  | 'saving'
  /** Moves never end, although nothing changes. */
  | 'stability'
  /** The solver made no document, or another one the second time. */
  | 'solver'

export function violation(rule: Rule, subject: string, detail: string): Violation {
  return { rule, subject, detail }
}
