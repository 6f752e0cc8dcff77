import type { Plan, PlannedNode } from '../problem.ts'
import { accept, payingPieces } from './accept.ts'
import type { Piece } from './cut.ts'
import type { Prospect } from './earnings.ts'
import { questionFor, type Question } from './question.ts'
import { chooseVictims, gainOfPiece, mayStillGo, nodesLeft, type Round } from './round.ts'

/** Nodes that are replaced together, when there are few: more of them fit each other better, fewer are easier to follow. */
const GROUP_NODES = 8
/** The most groups of a round that are tried whole. */
const MOST_GROUPS = 8
/** The most questions about replacements in one round. */
const MOST_QUESTIONS = 32

/** Replaces nodes by others that cost less, some at a time: what does not pay together is tried in halves. */
export function replaceNodes(round: Round): void {
  const size = Math.max(GROUP_NODES, Math.ceil(nodesLeft(round) / MOST_GROUPS))
  const tried = new Set<Prospect>()
  const waiting: (readonly Prospect[])[] = []
  for (let questions = 0; questions < MOST_QUESTIONS && nodesLeft(round) > 0; questions++) {
    if (round.input.options.isTimeUp()) return
    const group = waitingGroup(round, waiting) ?? chooseVictims(round, size, tried)
    if (group.length === 0) return
    for (const prospect of group) tried.add(prospect)
    if (!replace(round, group) && group.length > 1) {
      const half = Math.ceil(group.length / 2)
      waiting.push(group.slice(half), group.slice(0, half))
    }
  }
}

/** The next half of a group, as far as the other half has moved no pods to its nodes. */
function waitingGroup(round: Round, waiting: (readonly Prospect[])[]): readonly Prospect[] | undefined {
  for (let half = waiting.pop(); half !== undefined; half = waiting.pop()) {
    const untouched = half.filter((prospect) => mayStillGo(round, prospect))
    if (untouched.length > 0) return untouched
  }
  return undefined
}

/** Answers whether anything came of it. */
function replace(round: Round, victims: readonly Prospect[]): boolean {
  const whole = proposalFor(round, victims)
  const lean = withoutTwins(round, whole)
  const best = lean !== undefined && gainOf(round, lean) >= gainOf(round, whole) ? lean : whole
  return best.pieces.length > 0 && accept(round, best.pieces, best.question, 'proven')
}

interface Proposal {
  readonly question: Question
  readonly plan: Plan
  readonly pieces: readonly Piece[]
}

function proposalFor(round: Round, victims: readonly Prospect[]): Proposal {
  const question = { victims, closed: new Set<string>() }
  const plan = round.input.pack(questionFor(round.problem, question), round.input.options)
  return { question, plan, pieces: payingPieces(round, plan, question) }
}

function gainOf(round: Round, { pieces }: Proposal): number {
  return pieces.reduce((sum, piece) => sum + gainOfPiece(round, piece), 0)
}

/**
 * Where a node goes and one just like it comes, it had better stay: the same question without such nodes. Undefined: there
 * are none, or there is nothing else.
 */
function withoutTwins(round: Round, { plan, question }: Proposal): Proposal | undefined {
  const coming = new Map<string, number>()
  for (const planned of plan.newNodes) coming.set(keyOf(planned), (coming.get(keyOf(planned)) ?? 0) + 1)
  // Those that earn most stay: the least promising come last.
  const staying = new Set(
    question.victims.toReversed().filter(({ offer }) => {
      if (typeof offer === 'string') return false
      const key = keyOf({ ...offer, nodePool: offer.pool, instanceType: offer.type.name })
      const count = coming.get(key) ?? 0
      coming.set(key, count - 1)
      return count > 0
    }),
  )
  const going = question.victims.filter((victim) => !staying.has(victim))
  return staying.size === 0 || going.length === 0 ? undefined : proposalFor(round, going)
}

function keyOf({
  nodePool,
  instanceType,
  zone,
  capacityType,
}: Pick<PlannedNode, 'nodePool' | 'instanceType' | 'zone' | 'capacityType'>): string {
  return [nodePool, instanceType, zone, capacityType].join('/')
}
