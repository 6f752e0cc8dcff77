import type { Bill, Consolidation, Move } from '../../../core/scheduling/consolidation/consolidation.ts'
import { dollars, newNode, type NewNode } from './new-node.ts'
import type { PodNames } from './pod-names.ts'

/** What `options.consolidate` adds to a plan. */
export interface ConsolidationDocument {
  /** In the order in which to make them. */
  readonly moves: readonly MoveDocument[]
  /** Nodes of known price and what they cost, pending pods included: before the first move, and after the last. */
  readonly before: Bill
  readonly after: Bill
  /** Over all moves. */
  readonly savesUsdPerHour: number
  readonly podsMoved: number
  readonly disruption: number
  /** Nodes that may go in one round. */
  readonly budgetNodes: number
  readonly leftAlone: readonly { readonly node: string; readonly reason: string }[]
}

interface MoveDocument {
  readonly round: number
  readonly remove: readonly string[]
  readonly add: readonly NewNode[]
  readonly existing: readonly { readonly node: string; readonly pods: readonly string[] }[]
  readonly podsMoved: number
  readonly savesUsdPerHour: number
  readonly disruption: number
}

export function consolidationDocument(
  { moves, before, after, leftAlone, budgetNodes }: Consolidation,
  namesOf: PodNames,
): ConsolidationDocument {
  return {
    moves: moves.map((move) => moveDocument(move, namesOf)),
    before: billDocument(before),
    after: billDocument(after),
    savesUsdPerHour: dollars(sumOf(moves, ({ savesUsdPerHour }) => savesUsdPerHour)),
    podsMoved: sumOf(moves, ({ podsMoved }) => podsMoved),
    disruption: points(sumOf(moves, ({ disruption }) => disruption)),
    budgetNodes,
    leftAlone,
  }
}

function moveDocument(move: Move, namesOf: PodNames): MoveDocument {
  const { round, remove, add, existing, podsMoved, savesUsdPerHour, disruption } = move
  return {
    round,
    remove,
    add: add.map((node) => newNode(node, namesOf)),
    existing: existing.map(({ node, pods }) => ({ node, pods: namesOf(pods) })),
    podsMoved,
    savesUsdPerHour: dollars(savesUsdPerHour),
    disruption: points(disruption),
  }
}

function billDocument({ nodes, usdPerHour }: Bill): Bill {
  return { nodes, usdPerHour: dollars(usdPerHour) }
}

function sumOf(moves: readonly Move[], amount: (move: Move) => number): number {
  return moves.reduce((sum, move) => sum + amount(move), 0)
}

function points(disruption: number): number {
  return Number(disruption.toFixed(3))
}
