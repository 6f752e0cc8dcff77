import type { Move } from '../../../../core/scheduling/consolidation/consolidation.ts'
import type { Pod } from '../../../../core/scheduling/kubernetes.ts'
import type { Plan, PlannedNode } from '../../../../core/scheduling/problem.ts'

/** The cluster after a plan and all moves. */
export interface Later {
  /** Nodes that went. */
  readonly gone: ReadonlySet<string>
  /** Nodes that came and are still there. */
  readonly added: readonly PlannedNode[]
  /** Pods by the node that they came to, where they are in the end. */
  readonly arrived: ReadonlyMap<string, readonly number[]>
}

export function laterFrom(plan: Plan, moves: readonly Move[], pods: readonly Pod[]): Later {
  const placeOf = new Map<number, string>()
  const seat = (node: string, numbers: Iterable<number>): void => {
    for (const number of numbers) placeOf.set(number, node)
  }
  for (const { existing, newNodes } of [plan, ...moves.map(({ existing, add }) => ({ existing, newNodes: add }))]) {
    for (const { node, pods: numbers } of existing) seat(node, numbers)
    for (const { name, pods: numbers } of newNodes) seat(name, numbers)
  }
  const gone = new Set(moves.flatMap(({ remove }) => remove))
  const arrived = new Map<string, number[]>()
  for (const [number, node] of placeOf) {
    if (pods[number]?.spec.nodeName === node) continue
    const known = arrived.get(node)
    if (known === undefined) arrived.set(node, [number])
    else known.push(number)
  }
  const added = [...plan.newNodes, ...moves.flatMap(({ add }) => add)].filter(({ name }) => !gone.has(name))
  return { gone, added, arrived }
}
