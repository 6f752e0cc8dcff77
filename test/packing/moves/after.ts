import type { NewNode, Node, PackInput, Pod } from '../documents.ts'
import { type Recipe, labelsOfNew } from '../rules/pools.ts'
import { type Problem, problemFrom } from '../rules/problem.ts'

/** Where a plan or a move puts pods. */
export interface Seats {
  readonly newNodes: readonly NewNode[]
  readonly existing: readonly { readonly node: string; readonly pods: readonly string[] }[]
}

/** The document as `kubectl` would print it once a plan is carried out. A pod that has no place is left out. */
export function afterSeats(input: PackInput, { newNodes, existing }: Seats): PackInput {
  const problem = problemFrom(input)
  const seatOf = new Map([
    ...newNodes.flatMap(({ name, pods }) => pods.map((pod) => [pod, name] as const)),
    ...existing.flatMap(({ node, pods }) => pods.map((pod) => [pod, node] as const)),
  ])
  return {
    ...input,
    nodes: [...(input.nodes ?? []), ...newNodes.flatMap((node) => runningNodeFrom(node, problem))],
    pods: input.pods.flatMap((pod) => {
      if (pod.spec.nodeName) return [pod]
      const nodeName = seatOf.get(podName(pod))
      return nodeName === undefined ? [] : [{ ...pod, spec: { ...pod.spec, nodeName } }]
    }),
  }
}

export function podName({ metadata: { namespace = 'default', name } }: Pod): string {
  return `${namespace}/${name}`
}

function runningNodeFrom(node: NewNode, problem: Problem): readonly Node[] {
  const recipe = recipeOf(node, problem)
  if (!recipe) return []
  const { taints } = recipe.pool
  const { allocatable, capacity = allocatable } = recipe.type
  return [
    {
      metadata: {
        name: node.name,
        labels: { ...labelsOfNew(recipe, node.name), 'node.kubernetes.io/instance-type': recipe.type.name },
      },
      ...(taints.length > 0 && { spec: { taints } }),
      status: { capacity, allocatable },
    },
  ]
}

function recipeOf(
  { nodePool, instanceType, zone, capacityType, labels }: NewNode,
  problem: Problem,
): Recipe | undefined {
  const pool = problem.pools.find(({ name }) => name === nodePool)
  const type = problem.types.get(instanceType)
  return pool && type && { pool, type, offering: { zone, capacityType }, chosen: labels }
}
