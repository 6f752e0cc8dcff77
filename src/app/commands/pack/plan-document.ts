import { consolidationDocument, type ConsolidationDocument } from './consolidation-document.ts'
import type { Decision } from './decide.ts'
import { dollars, newNode, type NewNode } from './new-node.ts'
import { podNamesIn } from './pod-names.ts'

/** What `-o json` prints. */
export interface PlanDocument {
  readonly newNodes: readonly NewNode[]
  readonly existing: readonly { readonly node: string; readonly pods: readonly string[] }[]
  readonly unschedulable: readonly { readonly pod: string; readonly reasons: readonly string[] }[]
  readonly totalUsdPerHour: number
  readonly lowerBoundUsdPerHour: number
  readonly elapsedMs: number
  readonly stats: PlanStats
}

/** The same with the moves that were asked for. */
type MovesDocument = PlanDocument & ConsolidationDocument

interface PlanStats {
  /** That wanted a node. */
  readonly pods: number
  readonly shapes: number
  readonly instanceTypes: number
  readonly podsPerSecond: number
  /** There when the time limit ended the search: with more time the plan may be another one. */
  readonly timeLimitReached?: true
}

/** A decision as others read it: names in place of numbers, quantities in place of amounts. */
export function planDocument({
  problem,
  plan,
  consolidation,
  elapsedMs,
  isCutShort,
}: Decision): PlanDocument | MovesDocument {
  const namesOf = podNamesIn(problem.pods)
  const pending = problem.pods.filter(({ spec }) => spec.nodeName === undefined).length
  return {
    newNodes: plan.newNodes.map((node) => newNode(node, namesOf)),
    existing: plan.existing.map(({ node, pods }) => ({ node, pods: namesOf(pods) })),
    unschedulable: plan.unschedulable.map(({ pod, reasons }) => ({ pod: namesOf([pod])[0] ?? '', reasons })),
    totalUsdPerHour: dollars(plan.totalUsdPerHour),
    // Never up: then it would be no bound.
    lowerBoundUsdPerHour: Math.floor(plan.lowerBoundUsdPerHour * 1e6) / 1e6,
    ...(consolidation && consolidationDocument(consolidation, namesOf)),
    elapsedMs: Number(elapsedMs.toFixed(1)),
    stats: {
      pods: pending,
      shapes: plan.shapes,
      instanceTypes: problem.instanceTypes.length,
      podsPerSecond: Math.round(pending / (Math.max(elapsedMs, SHORTEST_MS) / 1000)),
      ...(isCutShort && { timeLimitReached: true }),
    },
  }
}

/** Clocks are not finer than that. */
const SHORTEST_MS = 0.001
