import type { Node } from '../kubernetes.ts'
import type { ProvisioningProblem } from '../problem.ts'
import { onNode } from './later-state.ts'
import { conditionOf } from './obstacles.ts'
import type { Prospect } from './earnings.ts'

/** What to ask the solver. */
export interface Question {
  /** Nodes that go: their pods want a place. */
  readonly victims: readonly Prospect[]
  /** Nodes that take no further pods, beside those whose state says so. */
  readonly closed: ReadonlySet<string>
}

/** The problem in which nodes are gone and their pods wait. Pods keep their numbers. */
export function questionFor<Problem extends ProvisioningProblem>(
  problem: Problem,
  { victims, closed }: Question,
): Problem {
  const gone = new Set(victims.map(({ node }) => node.metadata.name))
  const nodes = problem.nodes
    .filter(({ metadata }) => !gone.has(metadata.name))
    .map((node) => (closed.has(node.metadata.name) || conditionOf(node) !== undefined ? full(node) : node))
  const pods = [...problem.pods]
  for (const index of victims.flatMap(({ movable }) => movable)) {
    const pod = pods[index]
    if (pod !== undefined) pods[index] = onNode(pod, '')
  }
  return { ...problem, nodes, pods }
}

/** A taint would not do: some pods tolerate every one. */
function full(node: Node): Node {
  return { ...node, status: { ...node.status, allocatable: {} } }
}
