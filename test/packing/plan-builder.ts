import { planOf } from './assemble.ts'
import type { Labels, PackInput, PackOutput } from './documents.ts'
import type { PricedRecipe } from './rules/offers.ts'
import { poolWithoutRequirements } from './rules/pools.ts'
import { type Problem, plannedHost, problemFrom } from './rules/problem.ts'
import { createWorld } from './rules/world.ts'

/** A new node as a test words it. */
export interface NodeSeat {
  readonly pods: readonly string[]
  readonly type?: string
  readonly pool?: string
  readonly zone?: string
  readonly capacityType?: string
  readonly labels?: Labels
}

/** A plan as a test words it; names of pods without a namespace are in `default`. */
export interface PlanWords {
  readonly newNodes?: readonly NodeSeat[]
  readonly existing?: Readonly<Record<string, readonly string[]>>
  readonly left?: readonly string[]
}

/** The document of a plan that puts pods where a test says, right or wrong, and otherwise says what is so. */
export function planWith(input: PackInput, { newNodes = [], existing = {}, left = [] }: PlanWords): PackOutput {
  const problem = problemFrom(input)
  const world = createWorld(problem)
  const loadCalled = (name: string) => problem.pending.get(fullNameOf(name)) ?? missing(`pod ${name}`)
  const open = newNodes.map((seat, index) => {
    const recipe = recipeFor(seat, problem)
    const host = plannedHost(recipe, `plan-${index + 1}`, problem)
    for (const name of seat.pods) world.add({ load: loadCalled(name), host })
    return { recipe, host }
  })
  for (const [node, pods] of Object.entries(existing)) {
    const host = problem.running.get(node) ?? missing(`node ${node}`)
    for (const name of pods) world.add({ load: loadCalled(name), host })
  }
  return planOf({ problem, world, open, left: left.map(loadCalled) })
}

function fullNameOf(name: string): string {
  return name.includes('/') ? name : `default/${name}`
}

function recipeFor(seat: NodeSeat, problem: Problem): PricedRecipe {
  const { zone = 'zone-a', capacityType = 'on-demand', labels: chosen = {} } = seat
  const type = seat.type === undefined ? [...problem.types.values()][0] : problem.types.get(seat.type)
  if (!type) return missing(`type ${seat.type}`)
  const [first = poolWithoutRequirements('default')] = problem.pools
  const pool = problem.pools.find(({ name }) => name === seat.pool) ?? first
  const offered = type.offerings.find((offering) => offering.zone === zone && offering.capacityType === capacityType)
  return { pool, type, offering: offered ?? { zone, capacityType, priceUsdPerHour: 1, available: true }, chosen }
}

function missing(what: string): never {
  throw new Error(`the test has no ${what}`)
}
