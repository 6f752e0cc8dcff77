import type { Plan, PlannedNode } from '../problem.ts'
import type { Prospect } from './earnings.ts'

/** A part of a plan that has no node in common with the rest: nodes that go, and where exactly their pods go. */
export interface Piece {
  readonly victims: readonly Prospect[]
  readonly add: readonly PlannedNode[]
  readonly existing: readonly { readonly node: string; readonly pods: Int32Array }[]
}

/**
 * Cuts a plan for the pods of several nodes where it can be cut: nodes belong together whose pods share a new node. Nodes
 * some of whose pods have no place are left out, with all that belong to them.
 */
export function piecesOf(plan: Plan, victims: readonly Prospect[]): readonly Piece[] {
  const ownerOf = new Map(victims.flatMap(({ movable }, index) => movable.map((pod) => [pod, index] as const)))
  const leaders = victims.map((_, index) => index)
  const leaderOf = (index: number): number => {
    const above = leaders[index] ?? index
    if (above === index) return index
    const leader = leaderOf(above)
    leaders[index] = leader
    return leader
  }
  const pieceOf = (pod: number): number => leaderOf(ownerOf.get(pod) ?? -1)
  for (const { pods } of plan.newNodes) {
    for (const pod of pods) leaders[pieceOf(pod)] = pieceOf(pods[0] ?? pod)
  }
  const hopeless = new Set(plan.unschedulable.flatMap(({ pod }) => (ownerOf.has(pod) ? [pieceOf(pod)] : [])))
  const groups = Map.groupBy(victims.keys(), leaderOf)
  const added = Map.groupBy(plan.newNodes, ({ pods }) => pieceOf(pods[0] ?? -1))
  const seats = seatsByPiece(plan, pieceOf)
  return [...groups].flatMap(([leader, members]) =>
    hopeless.has(leader)
      ? []
      : [
          {
            victims: members.flatMap((index) => victims[index] ?? []),
            add: added.get(leader) ?? [],
            existing: seats.get(leader) ?? [],
          },
        ],
  )
}

/** Pods that go to running nodes, by the piece that they are of. */
function seatsByPiece(
  { existing }: Plan,
  pieceOf: (pod: number) => number,
): ReadonlyMap<number, Piece['existing'][number][]> {
  const seats = new Map<number, Piece['existing'][number][]>()
  for (const { node, pods } of existing) {
    for (const [piece, own] of Map.groupBy(pods, pieceOf)) {
      const known = seats.get(piece)
      const seat = { node, pods: Int32Array.from(own) }
      if (known === undefined) seats.set(piece, [seat])
      else known.push(seat)
    }
  }
  return seats
}
