import { packPods } from '../pack.ts'
import type { Plan, ProvisioningProblem } from '../problem.ts'
import type {
  Bill,
  Consolidation,
  ConsolidationOptions,
  ConsolidationProblem,
  LeftAlone,
  Move,
} from './consolidation.ts'
import type { Piece } from './cut.ts'
import { deleteNodes } from './delete-nodes.ts'
import { prospectsFrom } from './earnings.ts'
import { afterChange } from './later-state.ts'
import { conditionOf, obstacleTo } from './obstacles.ts'
import { openPodBudgets } from './pod-budgets.ts'
import { replaceNodes } from './replace-nodes.ts'
import { beginRound, weighed, type Packer } from './round.ts'
import { priceOf, runningNodesIn, type RunningNode } from './running-nodes.ts'

/**
 * Which running nodes could go, and which cheaper ones would take their place: pending pods first, then rounds of moves within
 * the budget, until no move saves more than its disruption costs. Pure, and only as good as the solver that it asks: each
 * question to it is a problem in which some nodes are gone and their pods wait. Throws a `RangeError` as `packPods` does.
 */
export function consolidate(
  problem: ConsolidationProblem,
  options: ConsolidationOptions,
  pack: Packer = packPods,
): Consolidation {
  const nextName = namerFor(problem)
  const plan = withNames(pack(problem, options), nextName)
  const settled = afterPlan(problem, plan)
  const ours = new Set(problem.nodes.map(({ metadata }) => metadata.name))
  const moves: Move[] = []
  const leftAlone = new Map<string, LeftAlone>()
  const budgetNodes = options.budgetNodes ?? defaultBudget(problem)
  // Pods that wait would be told to go to a node that is about to go.
  const awaited = new Set(plan.existing.map(({ node }) => node))
  let state = settled
  for (let number = 1; number <= options.moveRounds; number++) {
    const { free, left } = surveyOf(state, options, number === 1 ? awaited : new Set())
    for (const one of left) if (ours.has(one.node)) leftAlone.set(one.node, one)
    const may = number === 1 ? free.filter(({ node }) => ours.has(node.metadata.name)) : free
    const prospects = prospectsFrom(may, state, options.price)
    const budgets = openPodBudgets(state.pods, state.podDisruptionBudgets)
    const round = beginRound(state, { prospects, budgetNodes, budgets, options, pack, nextName })
    deleteNodes(round)
    replaceNodes(round)
    if (round.pieces.length === 0) break
    moves.push(...round.pieces.map((piece) => moveFrom(piece, number)))
    state = round.problem
  }
  return {
    plan,
    moves,
    leftAlone: [...leftAlone.values()],
    before: billOf(settled),
    after: billOf(state),
    budgetNodes,
  }
}

/** No node is called so. */
const NOWHERE = '-'

/** Pods without a place are not asked about again: what goes and comes is none of theirs. */
function afterPlan(problem: ConsolidationProblem, { newNodes, existing, unschedulable }: Plan): ConsolidationProblem {
  const lost = { node: NOWHERE, pods: Int32Array.from(unschedulable, ({ pod }) => pod) }
  return afterChange(problem, { remove: new Set(), add: newNodes, existing: [...existing, lost] })
}

/** Nodes that may go, and why others may not. */
function surveyOf(
  problem: ConsolidationProblem,
  { barePods }: ConsolidationOptions,
  awaited: ReadonlySet<string>,
): { readonly free: readonly RunningNode[]; readonly left: readonly LeftAlone[] } {
  const budgets = openPodBudgets(problem.pods, problem.podDisruptionBudgets)
  const free: RunningNode[] = []
  const left: LeftAlone[] = []
  for (const running of runningNodesIn(problem)) {
    const reason = obstacleTo(running, { pods: problem.pods, budgets, barePods, awaited })
    if (reason === undefined) free.push(running)
    else left.push({ node: running.node.metadata.name, reason })
  }
  return { free, left }
}

const DEFAULT_SHARE = 0.1

/** Nodes that are going or not Ready count as gone. Source: Karpenter, Disruption, budgets. */
function defaultBudget({ nodes }: ProvisioningProblem): number {
  const going = nodes.filter((node) => node.spec?.unschedulable !== true && conditionOf(node) !== undefined).length
  return Math.max(0, Math.ceil(nodes.length * DEFAULT_SHARE) - going)
}

function moveFrom(piece: Piece, round: number): Move {
  const { victims, add, existing } = piece
  return {
    round,
    remove: victims.map(({ node }) => node.metadata.name),
    add,
    existing,
    podsMoved: victims.reduce((sum, { movable }) => sum + movable.length, 0),
    ...weighed(piece),
  }
}

function billOf(problem: ConsolidationProblem): Bill {
  const priced = runningNodesIn(problem).filter(({ offer }) => typeof offer !== 'string')
  return { nodes: priced.length, usdPerHour: priced.reduce((sum, node) => sum + priceOf(node), 0) }
}

/** Names of planned nodes that no running node has. */
function namerFor({ nodes }: ProvisioningProblem): () => string {
  const taken = new Set(nodes.map(({ metadata }) => metadata.name))
  let number = 0
  return () => {
    for (;;) {
      number += 1
      const name = `plan-${String(number).padStart(4, '0')}`
      if (!taken.has(name)) return name
    }
  }
}

function withNames(plan: Plan, nextName: () => string): Plan {
  return { ...plan, newNodes: plan.newNodes.map((node) => ({ ...node, name: nextName() })) }
}
