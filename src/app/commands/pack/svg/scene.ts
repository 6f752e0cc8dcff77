import { amountsFrom, type Amounts } from '../../../../core/quantity.ts'
import type { Node, Pod } from '../../../../core/scheduling/kubernetes.ts'
import type { PlannedNode } from '../../../../core/scheduling/problem.ts'
import { podRequests } from '../../../../core/scheduling/requests.ts'
import type { Decision } from '../decide.ts'
import { podName } from '../pod-names.ts'
import { laterFrom } from './later.ts'
import { workloadsIn, type Workload, type WorkloadBook } from './workloads.ts'

/** What the picture shows, before anything has a place on it. */
export interface Scene {
  readonly before: readonly NodeBar[]
  readonly after: readonly NodeBar[]
  readonly waiting: readonly Run[]
  readonly homeless: readonly Run[]
  readonly legend: readonly Workload[]
}

/** A node as a bar. */
export interface NodeBar {
  readonly name: string
  readonly isNew: boolean
  /** Whether a move takes it away. */
  readonly isGoing: boolean
  readonly instanceType: string
  readonly zone: string
  readonly capacityType: string
  /** Undefined: the problem does not say what a running node costs. */
  readonly priceUsdPerHour: number | undefined
  readonly cpuMillis: number
  /** Shares of what pods may use, 0 to 1. */
  readonly cpuShare: number
  readonly memoryShare: number
  /** From left to right; their shares are of the resource that is scarcest on the node. */
  readonly runs: readonly Run[]
}

/** Pods of one workload beside each other. */
export interface Run {
  readonly workload: Workload
  readonly names: readonly string[]
  readonly share: number
  readonly isNew: boolean
}

/** Gathers what a picture of a decision needs. */
export function sceneFrom({ problem, plan, consolidation }: Decision): Scene {
  const { pods, nodes } = problem
  const later = laterFrom(plan, consolidation?.moves ?? [], pods)
  const stage: Stage = { pods, workloads: workloadsIn(pods), requestsOf: memoizedRequests() }
  const running = Map.groupBy(pods.entries(), ([, { spec }]) => spec.nodeName)
  const bar = (node: Node, numbers: readonly number[]): NodeBar => {
    const here = (running.get(node.metadata.name) ?? []).map(([index]) => index)
    const isGoing = later.gone.has(node.metadata.name)
    return { ...runningBar(stage, node, { here, numbers }), isGoing }
  }
  return {
    before: nodes.map((node) => bar(node, [])),
    after: [
      ...nodes
        .filter(({ metadata }) => !later.gone.has(metadata.name))
        .map((node) => bar(node, later.arrived.get(node.metadata.name) ?? [])),
      ...later.added.map((node) => newBar(stage, node, later.arrived.get(node.name) ?? [])),
    ],
    waiting: queueRuns(
      stage,
      (running.get(undefined) ?? []).map(([index]) => index),
    ),
    homeless: queueRuns(
      stage,
      plan.unschedulable.map(({ pod }) => pod),
    ),
    legend: legendOf(stage.workloads, problem.daemonSets.length > 0),
  }
}

function legendOf({ legend, daemons }: WorkloadBook, hasDaemons: boolean): readonly Workload[] {
  return hasDaemons || daemons.pods > 0 ? [...legend, daemons] : legend
}

interface Stage {
  readonly pods: readonly Pod[]
  readonly workloads: WorkloadBook
  readonly requestsOf: (pod: Pod) => Amounts
}

/** Copies of a template share their containers. */
function memoizedRequests(): (pod: Pod) => Amounts {
  const known = new Map<unknown, Amounts>()
  return ({ spec }) => {
    const requests = known.get(spec.containers) ?? podRequests(spec)
    known.set(spec.containers, requests)
    return requests
  }
}

interface Residents {
  readonly here: readonly number[]
  readonly numbers: readonly number[]
}

function runningBar(stage: Stage, { metadata, status }: Node, { here, numbers }: Residents): NodeBar {
  const { labels = {} } = metadata
  const room = amountsFrom(status?.allocatable ?? status?.capacity)
  const used = totalOf(stage, [...here, ...numbers])
  const scarce = scarcest(used, room)
  return {
    name: metadata.name,
    isNew: false,
    isGoing: false,
    instanceType: labels['node.kubernetes.io/instance-type'] ?? 'unknown type',
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    capacityType: labels['longshore.dev/capacity-type'] ?? labels['karpenter.sh/capacity-type'] ?? '',
    priceUsdPerHour: undefined,
    cpuMillis: room['cpu'] ?? 0,
    cpuShare: shareOf('cpu', used, room),
    memoryShare: shareOf('memory', used, room),
    runs: [
      ...runsOf(stage, here, { scarce, room, isNew: false }),
      ...runsOf(stage, numbers, { scarce, room, isNew: true }),
    ],
  }
}

/** `arrived`: all its pods, those of its plan among them. */
function newBar(stage: Stage, node: PlannedNode, arrived: readonly number[]): NodeBar {
  const { name, instanceType, zone, capacityType, priceUsdPerHour, allocatable: room } = node
  const own = new Set(node.pods)
  const used = sumOf(
    node.requests,
    totalOf(
      stage,
      arrived.filter((number) => !own.has(number)),
    ),
  )
  const scarce = scarcest(used, room)
  const runs = runsOf(stage, arrived, { scarce, room, isNew: true })
  const podShare = runs.reduce((sum, { share }) => sum + share, 0)
  const daemonShare = shareOf(scarce, used, room) - podShare
  const { daemons } = stage.workloads
  const daemonRun = { workload: daemons, names: node.daemonPods, share: daemonShare, isNew: true }
  return {
    name,
    isNew: true,
    isGoing: false,
    instanceType,
    zone,
    capacityType,
    priceUsdPerHour,
    cpuMillis: room['cpu'] ?? 0,
    cpuShare: shareOf('cpu', used, room),
    memoryShare: shareOf('memory', used, room),
    runs: node.daemonPods.length === 0 ? runs : [daemonRun, ...runs],
  }
}

function totalOf({ pods, requestsOf }: Stage, numbers: readonly number[]): Amounts {
  const total: Record<string, number> = {}
  for (const number of numbers) {
    const pod = pods[number]
    if (pod === undefined) continue
    for (const [resource, amount] of Object.entries(requestsOf(pod))) total[resource] = (total[resource] ?? 0) + amount
  }
  return total
}

function sumOf(one: Amounts, other: Amounts): Amounts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}

/** The resource of which least is left. */
function scarcest(used: Amounts, room: Amounts): string {
  const shares = Object.keys(room).map((resource) => [resource, shareOf(resource, used, room)] as const)
  return shares.reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['cpu', 0] as const)[0]
}

function shareOf(resource: string, used: Amounts, room: Amounts): number {
  const { [resource]: most = 0 } = room
  return most === 0 ? 0 : (used[resource] ?? 0) / most
}

interface Measure {
  readonly scarce: string
  readonly room: Amounts
  readonly isNew: boolean
}

function runsOf(stage: Stage, numbers: Iterable<number>, { scarce, room, isNew }: Measure): readonly Run[] {
  return byWorkload(stage, numbers).map(([workload, members]) => ({
    workload,
    names: members.map(podName),
    share: members.reduce((sum, pod) => sum + shareOf(scarce, stage.requestsOf(pod), room), 0),
    isNew,
  }))
}

/** Pods in a queue take the same room each. */
function queueRuns(stage: Stage, numbers: readonly number[]): readonly Run[] {
  return byWorkload(stage, numbers).map(([workload, members]) => ({
    workload,
    names: members.map(podName),
    share: members.length / numbers.length,
    isNew: true,
  }))
}

function byWorkload(
  { pods, workloads }: Stage,
  numbers: Iterable<number>,
): readonly (readonly [Workload, readonly Pod[]])[] {
  const members = [...numbers].flatMap((number) => pods[number] ?? [])
  const groups = Map.groupBy(members, (pod) => workloads.of(pod))
  const rank = new Map([workloads.daemons, ...workloads.legend].map((workload, index) => [workload, index]))
  return [...groups].toSorted(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
}
