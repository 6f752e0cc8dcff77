import { suits, type Board } from '../board.ts'
import { copyOfCounts, countPods } from '../domain-counts.ts'
import { copyOf, putCompany, putOn, roomFor, type Load } from '../load.ts'
import { modelFrom } from '../model.ts'
import { openBoard } from '../open-board.ts'
import type { PackOptions, PlannedNode, ProvisioningProblem } from '../problem.ts'
import type { Shape } from '../shape.ts'
import type { Change } from './later-state.ts'
import { openPoolUsage } from './pool-usage.ts'
import { questionFor, type Question } from './question.ts'
import type { RunningNode } from './running-nodes.ts'

/** Says whether parts of a plan hold without the rest of it, in the order in which it is asked. */
export interface Referee {
  /** Whether every pod of a change finds its place as the cluster is now; if so, the cluster is as after it from now on. */
  readonly admits: (change: Change) => boolean
}

/**
 * A plan for several nodes together may be right only as a whole: when a part is left out, pods stay whose zone it would have
 * evened out. Here pods arrive one by one under the solver's own rules, those of all other nodes being where they were.
 */
export function createReferee(
  problem: ProvisioningProblem,
  question: Question,
  { ignorePreferences }: Pick<PackOptions, 'ignorePreferences'>,
): Referee {
  const asked = questionFor(problem, question)
  // The nodes in question are there until their change comes.
  const whole = { ...asked, nodes: [...asked.nodes, ...question.victims.map(({ node }) => node)] }
  const board = openBoard(modelFrom(whole, { ignorePreferences }), whole)
  const ground = groundOf(board, problem)
  for (const victim of question.victims) settle(ground, victim)
  const usage = openPoolUsage(problem)
  let counts = board.counts
  return {
    admits: (change) => {
      const before = { loads: new Map(ground.loads), counts: copyOfCounts(counts) }
      const trial = { ...ground, board: { ...board, counts } }
      if (usage.allows(change) && arrive(trial, change)) {
        usage.apply(change)
        return true
      }
      counts = before.counts
      ground.loads.clear()
      for (const [place, load] of before.loads) ground.loads.set(place, load)
      return false
    },
  }
}

/** The cluster as pods see it. */
interface Ground {
  readonly board: Board
  readonly shapeOf: ReadonlyMap<number, Shape>
  /** Places of running nodes by name. */
  readonly placeOf: ReadonlyMap<string, number>
  readonly candidateOf: (planned: PlannedNode) => number | undefined
  readonly problem: ProvisioningProblem
  /** What is on running nodes by name; those that went are missing. */
  readonly loads: Map<string, Load>
}

function groundOf(board: Board, problem: ProvisioningProblem): Ground {
  const { shapes, places, existing } = board.model
  const placeOf = new Map(places.slice(0, existing).map(({ name = '' }, place) => [name, place]))
  const candidates = new Map<string, number>()
  for (const [place, { candidate }] of places.entries()) {
    if (candidate === undefined) continue
    const { pool, type, zone, capacityType, settled } = candidate
    const names = [problem.pools[pool]?.name, problem.instanceTypes[type]?.name]
    candidates.set(JSON.stringify([...names, zone, capacityType, settled]), place)
  }
  return {
    board,
    problem,
    placeOf,
    shapeOf: new Map(shapes.flatMap((shape) => shape.pods.map((pod) => [pod, shape] as const))),
    candidateOf: ({ nodePool, instanceType, zone, capacityType, labels }) =>
      candidates.get(JSON.stringify([nodePool, instanceType, zone, capacityType, labels])),
    loads: new Map(board.bins.map(({ place, load }) => [places[place]?.name ?? '', load])),
  }
}

/** Pods of a node in question are still there: others see them, and nobody takes their room. */
function settle({ board, shapeOf, placeOf, loads }: Ground, { node, movable }: RunningNode): void {
  const place = placeOf.get(node.metadata.name)
  const load = loads.get(node.metadata.name)
  if (place === undefined || load === undefined) return
  for (const shape of movable.flatMap((pod) => shapeOf.get(pod) ?? [])) {
    countPods(board.counts, shape.domain?.counted ?? [], place, 1)
    if (shape.host !== undefined) putCompany(load, shape.host, 1)
  }
}

interface Seat {
  readonly shape: Shape
  readonly place: number
  readonly load: Load
}

/** Lets the pods of a change leave and arrive; false: some cannot, and the ground is in disorder. */
function arrive(ground: Ground, change: Change): boolean {
  for (const name of change.remove) leave(ground, name)
  const seats = seatsOf(ground, change)
  if (seats === undefined) return false
  let waiting = seats
  for (;;) {
    const late = waiting.filter((seat) => !sit(ground, seat))
    if (late.length === 0) return true
    // Whom another needs may only have come after it: ask again while somebody comes.
    if (late.length === waiting.length) return false
    waiting = late
  }
}

function leave({ board, shapeOf, placeOf, loads, problem }: Ground, name: string): void {
  const place = placeOf.get(name) ?? -1
  for (const [pod, shape] of shapeOf) {
    if (problem.pods[pod]?.spec.nodeName !== name) continue
    countPods(board.counts, shape.domain?.counted ?? [], place, -1)
  }
  loads.delete(name)
}

/** Where every pod of a change is to be; undefined: such a node cannot be made. */
function seatsOf(ground: Ground, { add, existing }: Change): readonly Seat[] | undefined {
  const { board, loads, placeOf, shapeOf, candidateOf } = ground
  const onNew = add.map((planned) => {
    const place = candidateOf(planned)
    const fresh = place === undefined ? undefined : board.fresh[place]
    return { pods: planned.pods, place, load: fresh && copyOf(fresh), name: planned.name }
  })
  const onOld = existing.map(({ node, pods }) => {
    const load = loads.get(node)
    return { pods, place: placeOf.get(node), load: load && copyOf(load), name: node }
  })
  const seats: Seat[] = []
  for (const { pods, place, load, name } of [...onNew, ...onOld]) {
    if (place === undefined || load === undefined) return undefined
    loads.set(name, load)
    for (const pod of pods) {
      const shape = shapeOf.get(pod)
      if (shape === undefined) return undefined
      seats.push({ shape, place, load })
    }
  }
  return seats
}

function sit({ board, loads }: Ground, { shape, place, load }: Seat): boolean {
  if (!suits(board, shape, place) || roomFor(load, mayBegin(loads, shape) ? alone(shape) : shape, 1) < 1) return false
  putOn(load, shape, 1)
  countPods(board.counts, shape.domain?.counted ?? [], place, 1)
  return true
}

/** The first of a group that wants to share a node may go anywhere. Source: Kubernetes, inter-pod affinity. */
function mayBegin(loads: Ground['loads'], { host }: Shape): boolean {
  const needs = host?.needs ?? []
  if (needs.length === 0) return false
  return needs.every(
    (set) => host?.sets.includes(set) === true && ![...loads.values()].some(({ members }) => members.has(set)),
  )
}

function alone(shape: Shape): Shape {
  return shape.host === undefined ? shape : { ...shape, host: { ...shape.host, needs: [] } }
}
