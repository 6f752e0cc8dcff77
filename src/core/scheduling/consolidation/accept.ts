import type { Plan } from '../problem.ts'
import { piecesOf, type Piece } from './cut.ts'
import { pays } from './disruption.ts'
import type { Question } from './question.ts'
import { createReferee, type Referee } from './referee.ts'
import { changeOf, commit, gainOfPiece, weighed, type Round } from './round.ts'

/** The pieces of a plan that are worth it, those that gain most first. */
export function payingPieces(round: Round, plan: Plan, question: Question): readonly Piece[] {
  return piecesOf(plan, question.victims)
    .filter((piece) => pays(weighed(piece), round.input.options.price))
    .toSorted((a, b) => gainOfPiece(round, b) - gainOfPiece(round, a))
}

/** Whether the solver knew all the rules when it found a plan right as a whole. */
export type Proof = 'proven' | 'supposed'

/** Makes pieces part of the round, as far as they hold in some order; answers whether any did. */
export function accept(round: Round, pieces: readonly Piece[], question: Question, proof: Proof): boolean {
  const named = pieces.map((piece) => ({
    ...piece,
    add: piece.add.map((planned) => ({ ...planned, name: round.input.nextName() })),
  }))
  const admitted =
    proof === 'proven' && isWhole(named, question)
      ? named
      : admittedBy(createReferee(round.problem, question, round.input.options), named)
  for (const piece of admitted) commit(round, piece)
  return admitted.length > 0
}

/** A plan that is taken as one was found right by the solver. */
function isWhole(pieces: readonly Piece[], { victims }: Question): boolean {
  return pieces.length === 1 && pieces[0]?.victims.length === victims.length
}

/** Pieces in an order in which each holds. What holds in no place of the order may still hold as one. */
function admittedBy(referee: Referee, pieces: readonly Piece[]): readonly Piece[] {
  const admitted: Piece[] = []
  let open = pieces
  for (let before = -1; before !== admitted.length;) {
    before = admitted.length
    open = open.filter((piece) => {
      const isAdmitted = referee.admits(changeOf(piece))
      if (isAdmitted) admitted.push(piece)
      return !isAdmitted
    })
  }
  const rest = merged(open)
  return open.length > 1 && referee.admits(changeOf(rest)) ? [...admitted, rest] : admitted
}

function merged(pieces: readonly Piece[]): Piece {
  const seats = Map.groupBy(
    pieces.flatMap(({ existing }) => existing),
    ({ node }) => node,
  )
  return {
    victims: pieces.flatMap(({ victims }) => victims),
    add: pieces.flatMap(({ add }) => add),
    existing: [...seats].map(([node, own]) => ({ node, pods: Int32Array.from(own.flatMap(({ pods }) => [...pods])) })),
  }
}
