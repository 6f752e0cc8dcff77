import type { NewNode, PackInput, PackOutput } from './documents.ts'
import type { Host } from './rules/host.ts'
import { type Recipe, poolWithoutRequirements } from './rules/pools.ts'
import { type Problem, plannedHost, problemFrom } from './rules/problem.ts'
import type { Placement } from './rules/tally.ts'
import { type World, createWorld } from './rules/world.ts'

/** A new node: what it is made of, and as what rules see it. */
export interface PlannedHost {
  readonly recipe: Recipe
  readonly host: Host
}

/** A new node of a plan, as far as its words make one. */
export interface PlannedNode extends PlannedHost {
  readonly node: NewNode
}

/** A plan so far: who is where, and which new nodes there are. */
export interface PlanSoFar {
  readonly problem: Problem
  readonly world: World
  /** The types of the new nodes of a pool. */
  readonly newTypes: (poolName: string) => readonly string[]
}

/** A plan with everybody where it puts them. */
export interface PlanState extends PlanSoFar {
  readonly output: PackOutput
  readonly planned: ReadonlyMap<string, PlannedNode>
  /** Pending pods that the plan puts on a node; a pod or node that does not exist is left out. */
  readonly placements: readonly Placement[]
}

export function planStateFrom(input: PackInput, output: PackOutput): PlanState {
  const problem = withNamedPool(problemFrom(input), output)
  const planned = new Map(output.newNodes.flatMap((node) => plannedNode(node, problem)))
  const placements = placementsOf(output, planned, problem)
  const world = createWorld(problem)
  for (const placement of placements) world.add(placement)
  const newTypes = (pool: string) =>
    output.newNodes.filter(({ nodePool }) => nodePool === pool).map(({ instanceType }) => instanceType)
  return { problem, output, planned, placements, world, newTypes }
}

/** Without pools the plan says what the pool without requirements is called. */
function withNamedPool(problem: Problem, { newNodes: [first] }: PackOutput): Problem {
  const hasPools = (problem.input.nodePools ?? []).length > 0
  return hasPools || !first ? problem : { ...problem, pools: [poolWithoutRequirements(first.nodePool)] }
}

function plannedNode(node: NewNode, problem: Problem): readonly [string, PlannedNode][] {
  const pool = problem.pools.find(({ name }) => name === node.nodePool)
  const type = problem.types.get(node.instanceType)
  if (!pool || !type) return []
  const { name, zone, capacityType, labels: chosen } = node
  const recipe = { pool, type, offering: { zone, capacityType }, chosen }
  return [[name, { node, recipe, host: plannedHost(recipe, name, problem) }]]
}

function placementsOf(
  { newNodes, existing }: PackOutput,
  planned: ReadonlyMap<string, PlannedNode>,
  { pending, running }: Problem,
): readonly Placement[] {
  const seats = [
    ...newNodes.map(({ name, pods }) => ({ host: planned.get(name)?.host, pods })),
    ...existing.map(({ node, pods }) => ({ host: running.get(node), pods })),
  ]
  const seated = new Set<string>()
  return seats.flatMap(({ host, pods }) =>
    pods.flatMap((name) => {
      const load = pending.get(name)
      // A pod that is put in two places is a mistake of its own; it counts in the first.
      if (!load || !host || seated.has(name)) return []
      seated.add(name)
      return [{ load, host }]
    }),
  )
}
