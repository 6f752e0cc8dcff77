import type { Amounts } from '../quantity.ts'
import { at, wholeAt, quantitiesOf } from './vectors.ts'
import { priceAt, type Bin, type Board } from './board.ts'
import type { Plan, PlannedNode, ProvisioningProblem, Unschedulable } from './problem.ts'
import { reasonsFor } from './reasons.ts'
import { canReplace } from './replacement.ts'
import { daemonsOn } from './start.ts'

/** Hands the pods of each shape out, one by one. */
type Dealer = (shape: number, count: number) => readonly number[]

export type Placement = Pick<Plan, 'newNodes' | 'existing' | 'unschedulable' | 'totalUsdPerHour'>

/** Turns counts on nodes into a plan that names pods. What is not on any node is unschedulable. */
export function placementFrom(board: Board, problem: ProvisioningProblem): Placement {
  const { model, bins } = board
  const dealt = new Int32Array(model.shapes.length)
  const deal: Dealer = (shape, count) => {
    const from = wholeAt(dealt, shape)
    dealt[shape] = from + count
    return model.shapes[shape]?.pods.slice(from, from + count) ?? []
  }
  const existing = bins.flatMap((bin) => {
    const name = model.places[bin.place]?.name
    return name === undefined || bin.load.counts.size === 0 ? [] : [{ node: name, pods: podsOn(bin, deal) }]
  })
  const added = bins.filter(({ place, load }) => place >= model.existing && load.counts.size > 0)
  const expanded = added.flatMap((bin) => Array.from({ length: bin.copies }, () => bin))
  const newNodes = expanded.map((bin, index) => nodeFrom({ board, problem, deal }, bin, index + 1))
  return {
    existing,
    newNodes,
    unschedulable: leftOver(board, dealt, problem),
    totalUsdPerHour: newNodes.reduce((sum, { priceUsdPerHour }) => sum + priceUsdPerHour, 0),
  }
}

function podsOn({ load }: Bin, deal: Dealer): Int32Array {
  return Int32Array.from([...load.counts].flatMap(([shape, count]) => deal(shape, count)))
}

interface Surroundings {
  readonly board: Board
  readonly problem: ProvisioningProblem
  readonly deal: Dealer
}

function nodeFrom({ board, problem, deal }: Surroundings, bin: Bin, number: number): PlannedNode {
  const { model } = board
  const place = model.places[bin.place]
  const candidate = place?.candidate
  if (place === undefined || candidate === undefined) throw new RangeError(`place ${bin.place} is no candidate`)
  const usable = board.fresh[bin.place]?.free ?? bin.load.free
  const daemons = sumOf(daemonsOn(model, bin.place), model.resources)
  const used = bin.load.free.map((free, index) => at(usable, index) - free + at(daemons, index))
  const { zone, capacityType, priceUsdPerHour, settled } = candidate
  return {
    name: `plan-${String(number).padStart(4, '0')}`,
    nodePool: problem.pools[candidate.pool]?.name ?? '',
    instanceType: problem.instanceTypes[candidate.type]?.name ?? '',
    zone,
    capacityType,
    priceUsdPerHour,
    pods: podsOn(bin, deal),
    daemonPods: daemonsOn(model, bin.place).map(({ name }) => name),
    requests: quantitiesOf(model.resources, used),
    allocatable: place.allocatable,
    labels: settled,
    runnerUp: runnerUp(board, problem, bin),
  }
}

/** What daemons take together. */
function sumOf(daemons: readonly { readonly requests: Amounts }[], resources: readonly string[]): Float64Array {
  return Float64Array.from(resources, (name) => daemons.reduce((sum, { requests }) => sum + (requests[name] ?? 0), 0))
}

/** The cheapest place of another type in the same domains that would hold the same. Places come by price. */
function runnerUp({ model, ...board }: Board, problem: ProvisioningProblem, bin: Bin): PlannedNode['runnerUp'] {
  const own = model.places[bin.place]?.candidate
  const isOther = (place: number): boolean => {
    const other = model.places[place]?.candidate
    return other !== undefined && other.pool === own?.pool && other.type !== own.type
  }
  for (let place = model.existing; place < model.places.length; place++) {
    if (!isOther(place) || !canReplace({ model, ...board }, bin, place)) continue
    return {
      instanceType: problem.instanceTypes[typeAt(model, place)]?.name ?? '',
      priceUsdPerHour: priceAt(model, place),
    }
  }
  return undefined
}

function typeAt({ places }: Board['model'], place: number): number {
  return places[place]?.candidate?.type ?? -1
}

function leftOver(board: Board, dealt: Int32Array, problem: ProvisioningProblem): readonly Unschedulable[] {
  return board.model.shapes.flatMap((shape) => {
    const rest = shape.pods.slice(dealt[shape.index])
    if (rest.length === 0) return []
    const reasons = reasonsFor(board, shape, problem)
    return rest.map((pod) => ({ pod, reasons }))
  })
}
