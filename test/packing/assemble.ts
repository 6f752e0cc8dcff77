import type { PackOutput, Resources } from './documents.ts'
import type { PlannedHost } from './plan-state.ts'
import { type Amounts, sumOf } from './rules/amounts.ts'
import type { Host } from './rules/host.ts'
import type { Load } from './rules/load.ts'
import type { PricedRecipe } from './rules/offers.ts'
import type { Problem } from './rules/problem.ts'
import type { World } from './rules/world.ts'

/** A new node whose price is known. */
export interface OpenNode extends PlannedHost {
  readonly recipe: PricedRecipe
}

/** Where everybody came to be. */
export interface Outcome {
  readonly problem: Problem
  readonly world: World
  readonly open: readonly OpenNode[]
  readonly left: readonly Load[]
}

/** The document that says what came out. Its bound is the one that is always right. */
export function planOf({ problem, world, open, left }: Outcome): PackOutput {
  const pendingOn = (host: Host) => world.loadsOn(host).filter(({ name }) => problem.pending.has(name))
  const pools = problem.pools.map(({ name }) => name)
  return {
    newNodes: open.map((node) => newNode(node, pendingOn(node.host))),
    existing: [...problem.running.values()].flatMap((host) => {
      const pods = pendingOn(host).map(({ name }) => name)
      return pods.length === 0 ? [] : [{ node: host.name, pods }]
    }),
    unschedulable: left.map(({ name }) => ({
      pod: name,
      reasons: pools.map((pool) => `pool ${pool}: no node holds it`),
    })),
    totalUsdPerHour: open.reduce((total, { recipe }) => total + recipe.offering.priceUsdPerHour, 0),
    lowerBoundUsdPerHour: 0,
    elapsedMs: 0,
    stats: { pods: problem.pending.size, shapes: 0, instanceTypes: problem.types.size, podsPerSecond: 0 },
  }
}

function newNode({ host, recipe }: OpenNode, loads: readonly Load[]): PackOutput['newNodes'][number] {
  const { zone, capacityType, priceUsdPerHour } = recipe.offering
  return {
    name: host.name,
    nodePool: recipe.pool.name,
    instanceType: recipe.type.name,
    zone,
    capacityType,
    priceUsdPerHour,
    pods: loads.map(({ name }) => name),
    daemonPods: host.daemons.map(({ name }) => name),
    requests: resourcesOf(sumOf([...loads, ...host.daemons].map(({ requests }) => requests))),
    labels: recipe.chosen,
  }
}

function resourcesOf(amounts: Amounts): Resources {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, name === 'cpu' ? `${amount}m` : `${amount}`]))
}
