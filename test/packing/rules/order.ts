import type { Reading } from './claims.ts'
import type { Problem } from './problem.ts'
import type { Placement } from './tally.ts'
import { type Topology, createTopology } from './topology.ts'
import { hardSpread, requiredAffinity } from './topology-terms.ts'

/** Pods of one shape on one node: it does not matter which of them comes first. */
interface Group {
  readonly waiting: Placement[]
  /** Whether the order matters to them; the others arrive whenever they like. */
  readonly isPicky: boolean
}

/** Who is to arrive, and how strictly they are looked at. */
interface Arrivals {
  readonly placements: readonly Placement[]
  readonly problem: Problem
  readonly reading: Reading
}

/** A search gives up after so many steps; then nobody is blamed. */
const MOST_STEPS = 4_000

/**
 * The scheduler looks at required affinity and hard spread when a pod arrives, never again, so that a final state says too
 * little: a plan is right if there is an order of arrival in which it takes every pod. All nodes are there from the
 * beginning. Two orders succeed almost always: whoever can come comes, with those to whom order does not matter first or
 * last. Otherwise every order is tried, up to a number of steps. Answers what keeps the last ones out; none: it works.
 */
export function orderComplaints(
  placements: readonly Placement[],
  problem: Problem,
  reading: Reading = 'lenient',
): readonly [Placement, string][] {
  const arrivals = { placements, problem, reading }
  const early = greedily(arrivals, 'others-first')
  if (early.length === 0 || greedily(arrivals, 'others-last').length === 0) return []
  return isOrderFound(arrivals) ? [] : early
}

/** What an order that never looks back leaves out. */
function greedily(
  { placements, problem, reading }: Arrivals,
  preference: 'others-first' | 'others-last',
): readonly [Placement, string][] {
  const topology = startOf(problem)
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
  for (let next = waiting.at(-1); next && mayArrive(next, topology, reading); next = waiting.at(-1)) {
    topology.add(next)
    waiting.pop()
  }
  return waiting.length < before
}

function isOrderFound({ placements, problem, reading }: Arrivals): boolean {
  const topology = startOf(problem)
  const groups = groupsOf(placements)
  const deadEnds = new Set<string>()
  let steps = 0

  function search(): boolean {
    if (groups.every(({ isPicky, waiting }) => !isPicky || waiting.length === 0)) return true
    const state = groups.map(({ waiting }) => waiting.length).join()
    if (deadEnds.has(state)) return false
    steps += 1
    // Not decided: nobody is blamed, and nothing is built on it.
    if (steps > MOST_STEPS) return reading === 'lenient'
    if (groups.some((group) => succeedsWith(group))) return true
    deadEnds.add(state)
    return false
  }

  function succeedsWith({ waiting, isPicky }: Group): boolean {
    const next = waiting.at(-1)
    if (!next || (isPicky && !mayArrive(next, topology, reading))) return false
    topology.add(next)
    waiting.pop()
    if (search()) return true
    waiting.push(next)
    topology.remove(next)
    return false
  }

  return search()
}

function startOf(problem: Problem): Topology {
  const topology = createTopology(problem)
  for (const placement of problem.bound) topology.add(placement)
  return topology
}

function mayArrive(placement: Placement, topology: Topology, reading: Reading): boolean {
  return topology.arrivalComplaints(placement, reading).length === 0
}

function why(placement: Placement, topology: Topology): string {
  return topology.arrivalComplaints(placement, 'lenient').join('; ')
}

function groupsOf(placements: readonly Placement[]): readonly Group[] {
  const groups = Map.groupBy(placements, ({ load, host }) => JSON.stringify([host.name, load.shape]))
  return [...groups.values()].map((waiting) => ({
    waiting: [...waiting],
    isPicky: waiting.some(({ load }) => hardSpread(load).length + requiredAffinity(load).length > 0),
  }))
}
