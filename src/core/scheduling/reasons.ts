import { quantityText } from '../quantity.ts'
import { suits, type Board } from './board.ts'
import { objectionTo } from './domain-counts.ts'
import { roomFor } from './load.ts'
import { keysOf } from './node-affinity.ts'
import type { NodePool, ProvisioningProblem } from './problem.ts'
import type { Shape } from './shape.ts'
import { taintText, untoleratedTaint } from './taints.ts'

/** Why a pod was not placed on nodes of a pool, and how far it got: the later the check, the more specific. */
interface Objection {
  readonly depth: number
  readonly sentence: string
}

/** One sentence for each pool, the most specific first; what no pool could mend stands alone. */
export function reasonsFor(board: Board, shape: Shape, problem: ProvisioningProblem): readonly string[] {
  const { failure } = shape
  if (problem.pools.length === 0 && failure !== undefined) return [`no node will do: ${failure}`]
  if (failure !== undefined) return problem.pools.map(({ name }) => `pool ${name}: ${failure}`)
  if (problem.pools.length === 0) return ['there is no room on the nodes that exist, and no pool to make nodes']
  const objections = problem.pools.map((pool, index) => objectionOf(board, shape, { pool, index }))
  return objections.toSorted((a, b) => b.depth - a.depth).map(({ sentence }) => sentence)
}

interface PoolAt {
  readonly pool: NodePool
  readonly index: number
}

function objectionOf(board: Board, shape: Shape, { pool, index }: PoolAt): Objection {
  const { model } = board
  const objection = (depth: number, why: string): Objection => ({ depth, sentence: `pool ${pool.name}: ${why}` })
  const own = model.places.flatMap(({ candidate }, place) => (candidate?.pool === index ? [place] : []))
  if (own.length === 0) return objection(0, 'no offering of any instance type satisfies its requirements')

  const { byLabels, tolerations, demand } = model.classes.at(shape.nodeClass)
  const taint = untoleratedTaint(pool.taints, tolerations)
  if (taint !== undefined) return objection(1, `the pod does not tolerate the taint ${taintText(taint)}`)
  const labelled = own.filter((place) => byLabels[place] === 1)
  if (labelled.length === 0) {
    return objection(
      2,
      `no node of it satisfies the pod's node selector or affinity (${[...new Set(keysOf(demand))].join(', ')})`,
    )
  }
  const short = shortage(board, shape, labelled)
  if (short !== undefined) return objection(3, short)
  const big = labelled.filter((place) => fitsEmpty(board, shape, place))
  const rule = ruleAgainst(board, shape, big)
  if (rule !== undefined) return objection(5, rule)
  const limit = big.map((place) => board.limits.obstacle(place)).find((resource) => resource !== undefined)
  return limit === undefined
    ? objection(6, 'the pods that it has to share a node with leave no room for it')
    : objection(4, `its limit of ${limit} leaves no room for another node`)
}

function fitsEmpty({ fresh }: Board, shape: Shape, place: number): boolean {
  const load = fresh[place]
  return load !== undefined && roomFor(load, { ...shape, host: undefined }, 1) >= 1
}

/** What the largest suitable node has too little of. */
function shortage(board: Board, shape: Shape, places: readonly number[]): string | undefined {
  if (places.some((place) => fitsEmpty(board, shape, place))) return undefined
  const { resources } = board.model
  for (const [index, resource] of resources.entries()) {
    const most = Math.max(0, ...places.map((place) => board.fresh[place]?.free[index] ?? 0))
    const wanted = shape.requests[index] ?? 0
    if (wanted <= most) continue
    if (most === 0) return `no suitable instance type has ${resource}`
    return `the pod requests ${quantityText(resource, wanted)} of ${resource}, and the most that a suitable node has beside its daemons is ${quantityText(resource, most)}`
  }
  const wanted = resources.map((resource, index) => `${resource} ${quantityText(resource, shape.requests[index] ?? 0)}`)
  return `no suitable instance type has all that the pod requests at once (${wanted.join(', ')})`
}

/** A rule about other pods that keeps it off every node that would be large enough. */
function ruleAgainst(board: Board, shape: Shape, places: readonly number[]): string | undefined {
  const { domain, host } = shape
  if (domain !== undefined && !places.some((place) => suits(board, shape, place))) {
    const objections = new Set(places.map((place) => objectionTo(board.counts, domain, place)))
    if (objections.has('spread')) return 'its topology spread constraints allow no zone or other domain that it offers'
    if (objections.has('anti-affinity'))
      return 'anti-affinity keeps it out of every zone or other domain that it offers'
    return 'no domain that it offers has a pod that its affinity requires'
  }
  const isRefused = places.every((place) => {
    const load = board.fresh[place]
    return load === undefined || roomFor(load, shape, 1) < 1
  })
  if (!isRefused || host === undefined) return undefined
  return host.needs.length > 0
    ? 'its affinity requires pods on the same node, and no node that has them has room'
    : 'its anti-affinity, host ports or spread leave no room beside the daemons of a node'
}
