import type { Reading } from './claims.ts'
import { type Arrivals, type Group, groupsOf, topologyWith } from './arrivals.ts'
import { shutOut } from './order-proof.ts'
import { isOrderFound } from './order-search.ts'
import type { Problem } from './problem.ts'
import type { Placement } from './tally.ts'
import type { Topology } from './topology.ts'

/**
 * The scheduler looks at required affinity and hard spread when a pod arrives, never again, so that a final state says too
 * little: a plan is right if there is an order of arrival in which it takes every pod. All nodes are there from the
 * beginning. Two orders succeed almost always: whoever can come comes, with those to whom order does not matter first or
 * last. Otherwise there may be a proof that some can come in no order; and where there is none, orders are tried, up to a
 * number of steps. Answers who cannot come, with what keeps them out; nobody: there is an order.
 */
export function orderComplaints(
  placements: readonly Placement[],
  problem: Problem,
  reading: Reading = 'lenient',
): readonly [Placement, string][] {
  const arrivals = { placements, problem, reading }
  const early = greedily(arrivals, 'others-first')
  if (early.length === 0 || greedily(arrivals, 'others-last').length === 0) return []
  const proven = shutOut(arrivals)
  if (proven.length > 0) return proven
  return isOrderFound(arrivals) ? [] : early
}

/** What an order that never looks back leaves out. */
function greedily(
  { placements, problem, reading }: Arrivals,
  preference: 'others-first' | 'others-last',
): readonly [Placement, string][] {
  const topology = topologyWith(problem)
  const groups = groupsOf(placements)
  const others = groups.filter(({ isPicky }) => !isPicky).flatMap(({ waiting }) => waiting)
  const picky = groups.filter(({ isPicky }) => isPicky)
  if (preference === 'others-first') for (const placement of others.splice(0)) topology.add(placement)
  for (;;) {
    admitAll(picky, topology, reading)
    if (picky.every(({ waiting }) => waiting.length === 0)) return []
    const next = others.pop()
    if (!next) return picky.flatMap(({ waiting }) => waiting).map((placement) => [placement, why(placement, topology)])
    topology.add(next)
  }
}

/** Lets everyone in who may come, round by round, until nobody may. */
function admitAll(groups: readonly Group[], topology: Topology, reading: Reading): void {
  let isMoving = true
  while (isMoving) {
    isMoving = false
    for (const group of groups) isMoving = admit(group, topology, reading) || isMoving
  }
}

function admit({ waiting }: Group, topology: Topology, reading: Reading): boolean {
  const before = waiting.length
  const mayCome = (placement: Placement) => topology.arrivalComplaints(placement, reading).length === 0
  for (let next = waiting.at(-1); next && mayCome(next); next = waiting.at(-1)) {
    topology.add(next)
    waiting.pop()
  }
  return waiting.length < before
}

function why(placement: Placement, topology: Topology): string {
  return topology.arrivalComplaints(placement, 'lenient').join('; ')
}
