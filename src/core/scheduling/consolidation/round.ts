import type { Plan, PlannedNode, ProvisioningProblem } from '../problem.ts'
import type { ConsolidationOptions, ConsolidationProblem } from './consolidation.ts'
import type { Piece } from './cut.ts'
import { gainOf } from './disruption.ts'
import type { Prospect } from './earnings.ts'
import { afterChange, type Change } from './later-state.ts'
import type { PodBudgetBook } from './pod-budgets.ts'

/** The solver that finds places for pods. */
export type Packer = (problem: ProvisioningProblem, options: ConsolidationOptions) => Plan

/** What one round has to work with. */
export interface RoundInput {
  /** Nodes that may go, the most promising first. */
  readonly prospects: readonly Prospect[]
  readonly budgetNodes: number
  readonly budgets: PodBudgetBook
  readonly options: ConsolidationOptions
  readonly pack: Packer
  /** Names for nodes that come. */
  readonly nextName: () => string
}

/** What a round has come to. It lives as long as the round. */
export interface Round {
  readonly input: RoundInput
  /** The cluster as it is after the pieces so far. */
  problem: ConsolidationProblem
  readonly pieces: Piece[]
  /** Nodes that went already. */
  readonly gone: Set<string>
  /** Nodes that pods were moved to: they stay, for no pod should move twice. */
  readonly joined: Set<string>
  readonly budgets: PodBudgetBook
}

export function beginRound(problem: ConsolidationProblem, input: RoundInput): Round {
  return { input, problem, pieces: [], gone: new Set(), joined: new Set(), budgets: input.budgets.copy() }
}

export function nodesLeft({ input, gone }: Round): number {
  return input.budgetNodes - gone.size
}

/** The most promising nodes that may still go, within both kinds of budgets. */
export function chooseVictims(round: Round, most: number, rejected: ReadonlySet<Prospect>): readonly Prospect[] {
  const budgets = round.budgets.copy()
  const chosen: Prospect[] = []
  for (const prospect of round.input.prospects) {
    if (chosen.length >= Math.min(most, nodesLeft(round))) break
    if (rejected.has(prospect) || !mayStillGo(round, prospect)) continue
    if (budgets.take(prospect.movable)) chosen.push(prospect)
  }
  return chosen
}

/** Whether a node is there as it was when the round began. */
export function mayStillGo({ gone, joined }: Round, { node }: Prospect): boolean {
  return !gone.has(node.metadata.name) && !joined.has(node.metadata.name)
}

/** Makes a piece part of the round. */
export function commit(round: Round, piece: Piece): void {
  const { victims } = piece
  round.budgets.take(victims.flatMap(({ movable }) => movable))
  for (const { node } of victims) round.gone.add(node.metadata.name)
  for (const { node } of piece.existing) round.joined.add(node)
  round.pieces.push(piece)
  round.problem = afterChange(round.problem, changeOf(piece))
}

export function changeOf({ victims, add, existing }: Piece): Change {
  return { remove: new Set(victims.map(({ node }) => node.metadata.name)), add, existing }
}

/** What a piece saves and how much it disturbs. */
export function weighed({ victims, add }: Pick<Piece, 'victims' | 'add'>): {
  readonly savesUsdPerHour: number
  readonly disruption: number
} {
  return {
    savesUsdPerHour: priceOfAll(victims) - priceOfAll(add),
    disruption: victims.reduce((sum, { disruption }) => sum + disruption, 0),
  }
}

export function gainOfPiece({ input }: Round, piece: Piece): number {
  return gainOf(weighed(piece), input.options.price)
}

function priceOfAll(nodes: readonly Pick<PlannedNode, 'priceUsdPerHour'>[]): number {
  return nodes.reduce((sum, { priceUsdPerHour }) => sum + priceUsdPerHour, 0)
}
