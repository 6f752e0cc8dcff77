import fc from 'fast-check'
import type { MoveOutput, MovesOutput, PackInput } from '../documents.ts'
import { type Violation, violation } from '../violation.ts'
import { isDeepStrictEqual } from 'node:util'
import { followMoves } from './check-moves.ts'
import { clusters } from './clusters.ts'

/** `longshore pack` with `options.consolidate`, without reading and writing. */
export type Mover = (input: PackInput) => MovesOutput

/** A cluster whose moves were wrong, made as small as it still is. */
export interface MoveFinding {
  readonly seed: number
  readonly input: PackInput
  readonly violations: readonly Violation[]
}

/** What was seen of a cluster until nothing moved any more. */
export interface Journey {
  readonly violations: readonly Violation[]
  readonly moves: readonly MoveOutput[]
  readonly rounds: number
}

/** More rounds than this no cluster so small has a reason for. */
const MOST_ROUNDS = 30

/** Follows moves round after round until there are none. */
function journeyOf(input: PackInput, move: Mover): Journey {
  let state = input
  const moves: MoveOutput[] = []
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    const output = attempt(state, move)
    if (output instanceof Error) return { violations: [violation('solver', 'moves', output.message)], moves, rounds }
    const { violations, end } = followMoves(state, output)
    const wrong = [...violations, ...(rounds === 0 ? checkAgain(state, output, move) : [])]
    if (wrong.length > 0 || output.moves.length === 0) return { violations: wrong, moves, rounds }
    moves.push(...output.moves)
    state = end
  }
  return {
    violations: [violation('stability', 'moves', `${MOST_ROUNDS} rounds did not end them`)],
    moves,
    rounds: MOST_ROUNDS,
  }
}

function attempt(input: PackInput, move: Mover): MovesOutput | Error {
  try {
    return move(input)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function checkAgain(input: PackInput, output: MovesOutput, move: Mover): readonly Violation[] {
  const again = attempt(input, move)
  return !(again instanceof Error) && isDeepStrictEqual(again.moves, output.moves)
    ? []
    : [violation('solver', 'moves', 'other moves the second time')]
}

/** The smallest cluster near that of the seed that goes wrong in one of the same ways. */
export function huntMoves(
  { move, from, count }: { readonly move: Mover; readonly from: number; readonly count: number },
  onFinding: (finding: MoveFinding) => void = () => undefined,
) {
  const findings: MoveFinding[] = []
  const kinds = new Set<string>()
  let [moves, rounds] = [0, 0]
  for (let seed = from; seed < from + count; seed += 1) {
    const [input] = fc.sample(clusters, { seed, numRuns: 1 })
    if (!input) throw new Error(`no cluster of seed ${seed}`)
    const journey = journeyOf(input, move)
    moves += journey.moves.length
    for (const one of journey.moves) kinds.add(kindOf(one))
    rounds += journey.rounds
    if (journey.violations.length === 0) continue
    const finding = shrunk(seed, journey.violations, move)
    findings.push(finding)
    onFinding(finding)
  }
  return { findings, moves, rounds, kinds }
}

function kindOf({ remove, add }: MoveOutput): string {
  const count = (nodes: readonly unknown[], many: string) => (nodes.length > 1 ? many : String(nodes.length))
  return `${count(remove, 'm')} → ${count(add, 'n')}`
}

const SHRINK_MS = 20_000

function shrunk(seed: number, violations: readonly Violation[], move: Mover): MoveFinding {
  const rules = new Set(violations.map(({ rule }) => rule))
  const isRight = (input: PackInput) => !journeyOf(input, move).violations.some(({ rule }) => rules.has(rule))
  const details = fc.check(fc.property(clusters, isRight), {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_MS,
    markInterruptAsFailure: false,
  })
  const [input] = details.counterexample ?? fc.sample(clusters, { seed, numRuns: 1 })
  if (!input) throw new Error(`no cluster of seed ${seed}`)
  return { seed, input, violations: journeyOf(input, move).violations }
}
