import { accept, payingPieces } from './accept.ts'
import type { Prospect } from './earnings.ts'
import { nodesToGo } from './keepers.ts'
import { questionFor } from './question.ts'
import { chooseVictims, nodesLeft, type Round } from './round.ts'

/** How often others are tried in place of nodes whose pods found no room. */
const MOST_ATTEMPTS = 8

/** Takes away nodes whose pods fit into what is free on others: first sparing those that will go next, then anywhere. */
export function deleteNodes(round: Round): void {
  deleteInto(round, nodesToGo(round.input.prospects))
  if (round.pieces.length === 0) deleteInto(round, new Set())
}

function deleteInto(round: Round, closed: ReadonlySet<string>): void {
  const { pack, options } = round.input
  const rejected = new Set<Prospect>()
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const victims = chooseVictims(round, nodesLeft(round), rejected)
    if (victims.length === 0 || options.isTimeUp()) return
    const question = { victims, closed }
    // Without pools there are no new nodes.
    const plan = pack({ ...questionFor(round.problem, question), pools: [] }, options)
    const homeless = new Set(plan.unschedulable.map(({ pod }) => pod))
    const stuck = victims.filter(({ movable }) => movable.some((pod) => homeless.has(pod)))
    if (stuck.length === 0 || attempt === MOST_ATTEMPTS) {
      // Nor did the solver see zones that only pools offer, which even spread counts.
      accept(round, payingPieces(round, plan, question), question, 'supposed')
      return
    }
    // The room that they have taken in vain may do for the others.
    for (const prospect of stuck.slice(Math.floor(stuck.length / 2))) rejected.add(prospect)
  }
}
