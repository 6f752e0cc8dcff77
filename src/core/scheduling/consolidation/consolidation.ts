import type { PodDisruptionBudget } from '../kubernetes.ts'
import type { PackOptions, Plan, PlannedNode, ProvisioningProblem } from '../problem.ts'

/** Everything that decides which running nodes could go. */
export interface ConsolidationProblem extends ProvisioningProblem {
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[]
}

export interface ConsolidationOptions extends PackOptions {
  /** How many nodes may go in one round; undefined: a tenth of those that run, rounded up. */
  readonly budgetNodes: number | undefined
  /** How many rounds of moves to plan; each begins where the one before ends. */
  readonly moveRounds: number
  readonly price: DisruptionPrice
  /** What becomes of pods that nobody would make again: `stay` keeps their nodes. */
  readonly barePods: 'stay' | 'move'
}

/** What it is worth not to be disturbed. */
export interface DisruptionPrice {
  /** US dollars for one unit: a node that goes, or an ordinary pod that starts again elsewhere. */
  readonly usdPerDisruption: number
  /** Within how many hours a move has to have saved what its disruption costs. */
  readonly paybackHours: number
}

/** Nodes that go, nodes that come, and where the pods go. Pods are indices into the problem's `pods`. */
export interface Move {
  /** From 1: moves of one round may be made at once, within the budget. */
  readonly round: number
  readonly remove: readonly string[]
  readonly add: readonly PlannedNode[]
  /** Pods that go to nodes which run already, or which an earlier move adds. */
  readonly existing: readonly { readonly node: string; readonly pods: Int32Array }[]
  readonly podsMoved: number
  readonly savesUsdPerHour: number
  /** A node counts 1, a pod about 1 (`disruptionOf`). */
  readonly disruption: number
}

/** A node that stays for a reason that has nothing to do with prices. */
export interface LeftAlone {
  readonly node: string
  /** One sentence. */
  readonly reason: string
}

/** Nodes with a known price, together. */
export interface Bill {
  readonly nodes: number
  readonly usdPerHour: number
}

export interface Consolidation {
  /** Where pending pods go, first of all. */
  readonly plan: Plan
  /** In the order in which to make them. */
  readonly moves: readonly Move[]
  readonly leftAlone: readonly LeftAlone[]
  /** Once the pending pods have their nodes, and after all moves. */
  readonly before: Bill
  readonly after: Bill
  /** Nodes of the budget of one round. */
  readonly budgetNodes: number
}
