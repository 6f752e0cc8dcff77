import type { Reading } from './claims.ts'
import type { Problem } from './problem.ts'
import type { Placement } from './tally.ts'
import { type Topology, createTopology } from './topology.ts'
import { hardSpread, requiredAffinity } from './topology-terms.ts'

/** Who is to arrive, and how strictly they are looked at. */
export interface Arrivals {
  readonly placements: readonly Placement[]
  readonly problem: Problem
  readonly reading: Reading
}

/** Pods of one shape on one node: it does not matter which of them comes first. */
export interface Group {
  readonly waiting: Placement[]
  /** Whether the order matters to them; the others arrive whenever they like. */
  readonly isPicky: boolean
}

export function groupsOf(placements: readonly Placement[]): readonly Group[] {
  const groups = Map.groupBy(placements, ({ load, host }) => JSON.stringify([host.name, load.shape]))
  return [...groups.values()].map((waiting) => ({ waiting: [...waiting], isPicky: waiting.some(isPicky) }))
}

/** Whether it matters to a pod who came before. */
export function isPicky({ load }: Placement): boolean {
  return hardSpread(load).length + requiredAffinity(load).length > 0
}

/** Before anybody arrives: bound pods, and whoever else is said to be there. */
export function topologyWith(problem: Problem, others: readonly Placement[] = []): Topology {
  const topology = createTopology(problem)
  for (const placement of [...problem.bound, ...others]) topology.add(placement)
  return topology
}
