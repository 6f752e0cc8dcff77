import type { SpreadConstraint } from '../documents.ts'
import { type Arrivals, isPicky, topologyWith } from './arrivals.ts'
import { valueOf } from './label-query.ts'
import type { Placement } from './tally.ts'
import { hardSpread, resolveSpread } from './topology-terms.ts'

/**
 * Pods that come in no order, by proofs that need no search. Affinity: alone against everybody, a pod would not be let in
 * even at the best moment. Spread: of the pods with one constraint in one domain, whoever comes last finds the others there;
 * if none of them could, even with everybody in the other domains and nobody else in this one, some of them never come.
 */
export function shutOut(arrivals: Arrivals): readonly [Placement, string][] {
  const picky = arrivals.placements.filter(isPicky)
  const lonely = picky.flatMap((placement) => affinityProof(placement, arrivals))
  const groups = Map.groupBy(
    picky.flatMap((placement) => hardSpread(placement.load).map((constraint) => ({ placement, constraint }))),
    spreadGroup,
  )
  const crowded = [...groups.values()].flatMap((members) => spreadProof(members, arrivals))
  return [...lonely, ...crowded]
}

/** With everybody else there, nobody is near; and with nobody else, the pod is not the first of its kind. */
function affinityProof(
  placement: Placement,
  { placements, problem, reading }: Arrivals,
): readonly [Placement, string][] {
  const others = placements.filter((other) => other !== placement)
  const [detail] = topologyWith(problem, others).affinityComplaints(placement, reading)
  if (detail === undefined || topologyWith(problem).affinityComplaints(placement, reading).length === 0) return []
  return [[placement, detail]]
}

interface Member {
  readonly placement: Placement
  readonly constraint: SpreadConstraint
}

/** Members of a group count each other: the same constraint, the same pods, the same domain. */
function spreadGroup({ placement: { load, host }, constraint }: Member): string {
  const { signature } = resolveSpread(constraint, load)
  return JSON.stringify([signature, constraint, valueOf(host.labels, constraint.topologyKey)])
}

function spreadProof(
  members: readonly Member[],
  { placements, problem, reading }: Arrivals,
): readonly [Placement, string][] {
  const [first] = members
  if (!first) return []
  const { topologyKey } = first.constraint
  const domain = valueOf(first.placement.host.labels, topologyKey)
  const elsewhere = placements.filter(({ host }) => valueOf(host.labels, topologyKey) !== domain)
  const refusals = members.map(({ placement, constraint }): readonly [Placement, string][] => {
    const rest = members.map((member) => member.placement).filter((other) => other !== placement)
    const topology = topologyWith(problem, [...elsewhere, ...rest])
    return topology.spreadComplaints(placement, constraint, reading).map((detail) => [placement, detail])
  })
  return refusals.every((refusal) => refusal.length > 0) ? refusals.flat() : []
}
