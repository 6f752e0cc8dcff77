import { isSamePrice } from '../check-new-node.ts'
import { checkPlan } from '../check-plan.ts'
import type { MoveOutput, MovesOutput, Node, PackInput, PackOutput, Pod } from '../documents.ts'
import { type Violation, violation } from '../violation.ts'
import { afterSeats } from './after.ts'
import {
  type Cluster,
  clusterFrom,
  covers,
  isTakenOut,
  isTied,
  movablePods,
  priceOfNode,
  reasonsToStay,
} from './staying.ts'

/** What came of following moves: what was wrong on the way, and the cluster in the end. */
export interface Followed {
  readonly violations: readonly Violation[]
  readonly end: PackInput
}

/**
 * What is wrong with moves of `longshore pack`, made one after the other. Each is right if the scheduler takes every pod of the
 * nodes that go where the move has it, all others being where they are by then: that is for the rules of plans to say.
 */
export function followMoves(input: PackInput, output: MovesOutput): Followed {
  const start = afterSeats(input, output)
  const violations = [
    ...checkPlan(input, output),
    ...checkStaying(input, start, output),
    ...checkBudgets(start, output),
  ]
  const cluster = clusterFrom(start, namesOf(output.existing))
  let state = start
  for (const [index, move] of output.moves.entries()) {
    const name = `move ${index + 1}`
    const question = withoutNodes(state, move.remove)
    violations.push(
      ...checkRemovals(state, cluster, move).map((detail) => violation('protection', name, detail)),
      ...checkPlacing(question, move).map((one) => ({ ...one, subject: `${name}, ${one.subject}` })),
      ...checkSeats(state, move).map((detail) => violation('protection', name, detail)),
      ...checkWorth(state, move).map((detail) => violation('saving', name, detail)),
    )
    state = afterSeats(question, { newNodes: move.add, existing: move.existing })
  }
  return { violations: [...violations, ...checkTotals(start, state, output)], end: state }
}

/** The document in which nodes are gone and their pods wait; what is tied to a node went with it. */
function withoutNodes(state: PackInput, names: readonly string[]): PackInput {
  const isGone = ({ spec }: Pod) => names.includes(spec.nodeName ?? '')
  return {
    ...state,
    nodes: (state.nodes ?? []).filter(({ metadata }) => !names.includes(metadata.name)),
    pods: state.pods.flatMap((pod) => {
      if (!isGone(pod)) return [pod]
      const { nodeName, ...spec } = pod.spec
      return isTied(pod) || nodeName === undefined ? [] : [{ ...pod, spec }]
    }),
  }
}

/** What the rules of plans say of a move. Which of several pools a new node is of is judged in plans alone. */
function checkPlacing(question: PackInput, move: MoveOutput): readonly Violation[] {
  return checkPlan(question, planOf(move)).filter(({ rule }) => rule !== 'weight')
}

/** A move in the words of a plan. Its bound is the one that is always right. */
function planOf({ add, existing }: MoveOutput): PackOutput {
  return {
    newNodes: add,
    existing,
    unschedulable: [],
    totalUsdPerHour: sum(add.map(({ priceUsdPerHour }) => priceUsdPerHour)),
    lowerBoundUsdPerHour: 0,
    elapsedMs: 0,
    stats: { pods: 0, shapes: 0, instanceTypes: 0, podsPerSecond: 0 },
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

/** Only nodes go that ran from the beginning and may go. */
function checkRemovals(state: PackInput, cluster: Cluster, { remove }: MoveOutput): readonly string[] {
  return remove.flatMap((name) => {
    const node = nodeCalled(state, name)
    if (!node) return [`there is no ${name} to remove`]
    const old = nodeCalled(cluster.input, name)
    if (!old) return [`${name} has only just come`]
    return reasonsToStay(old, cluster).map((reason) => `${name} ${reason}`)
  })
}

function nodeCalled({ nodes = [] }: PackInput, name: string): Node | undefined {
  return nodes.find(({ metadata }) => metadata.name === name)
}

function namesOf(seats: PackOutput['existing']): readonly string[] {
  return seats.map(({ node }) => node)
}

/** Nodes that are on their way out take no pods. */
function checkSeats(state: PackInput, { existing }: MoveOutput): readonly string[] {
  return existing.flatMap(({ node: name }) => {
    const node = nodeCalled(state, name)
    return node && isTakenOut(node) ? [`${name} takes pods`] : []
  })
}

/** Every node that has to stay is named with its reason, and no other is. */
function checkStaying(input: PackInput, start: PackInput, { leftAlone, existing }: MovesOutput): readonly Violation[] {
  const cluster = clusterFrom(start, namesOf(existing))
  return (input.nodes ?? []).flatMap((node) => {
    const { name } = node.metadata
    const told = leftAlone.filter((one) => one.node === name)
    const mustStay = reasonsToStay(node, cluster).length > 0
    if (!mustStay) return told.map(({ reason }) => violation('protection', name, `may go, but: ${reason}`))
    const isTold = told.length === 1 && told[0]?.reason.includes(name)
    return isTold ? [] : [violation('protection', name, `stays, and that is told ${told.length} times`)]
  })
}

function checkBudgets(start: PackInput, { moves }: MovesOutput): readonly Violation[] {
  const { nodes = [], podDisruptionBudgets = [], options = {} } = start
  const cluster = clusterFrom(start)
  const gone = moves.flatMap(({ remove }) => remove)
  const { budgetNodes = Math.ceil(nodes.length / 10) } = options
  const moved = gone.flatMap((name) => movablePods(cluster, name))
  return [
    ...(gone.length > budgetNodes ? [violation('budget', 'nodes', `${gone.length} go, of ${budgetNodes}`)] : []),
    ...podDisruptionBudgets.flatMap((budget) => {
      const count = moved.filter((pod) => covers(budget, pod)).length
      const { disruptionsAllowed } = budget.status
      if (count <= disruptionsAllowed) return []
      return [violation('budget', budget.metadata.name, `${count} of its pods move, of ${disruptionsAllowed}`)]
    }),
  ]
}

/** Karpenter's page "Disruption", Balanced: a node counts 1, a pod 1 + deletion cost ÷ 2^27; capped at 10. */
function disruptionOf(pods: readonly Pod[]): number {
  const each = pods.map(({ metadata: { annotations = {} } }) => {
    const deletionCost = Number(annotations['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
    return Math.min(10, Math.max(0, 1 + deletionCost / 2 ** 27))
  })
  return sum(each)
}

/** What the program says in its help when nothing else is asked for. */
const USD_PER_DISRUPTION = 0.002
const PAYBACK_HOURS = 12
/** Disruption is printed to a thousandth. */
const ROUNDING = 0.001

function checkWorth(state: PackInput, move: MoveOutput): readonly string[] {
  const cluster = clusterFrom(state)
  const pods = move.remove.flatMap((name) => movablePods(cluster, name))
  const gone = move.remove.flatMap((name) => nodeCalled(state, name) ?? [])
  const saves =
    sum(gone.map((node) => priceOfNode(node, state) ?? 0)) - sum(move.add.map(({ priceUsdPerHour }) => priceUsdPerHour))
  const disruption = gone.length + disruptionOf(pods)
  const { usdPerDisruption = USD_PER_DISRUPTION, paybackHours = PAYBACK_HOURS } = state.options ?? {}
  return [
    ...(move.remove.length > 0 ? [] : ['removes nothing']),
    ...(isSamePrice(saves, move.savesUsdPerHour) ? [] : [`saves ${saves}, not ${move.savesUsdPerHour}`]),
    ...(move.podsMoved === pods.length ? [] : [`moves ${pods.length} pods, not ${move.podsMoved}`]),
    ...(Math.abs(move.disruption - disruption) <= ROUNDING ? [] : [`disrupts ${disruption}, not ${move.disruption}`]),
    ...(saves > 0 && saves * paybackHours > disruption * usdPerDisruption
      ? []
      : [`saves ${saves} for a disruption of ${disruption}`]),
  ]
}

function checkTotals(start: PackInput, end: PackInput, output: MovesOutput): readonly Violation[] {
  const { moves, before, after } = output
  const claims: readonly (readonly [string, number, number])[] = [
    ['usdPerHour before', costOf(start), before.usdPerHour],
    ['usdPerHour after', costOf(end), after.usdPerHour],
    ['nodes before', pricedIn(start).length, before.nodes],
    ['nodes after', pricedIn(end).length, after.nodes],
    ['savesUsdPerHour', sum(moves.map(({ savesUsdPerHour }) => savesUsdPerHour)), output.savesUsdPerHour],
    ['savesUsdPerHour', costOf(start) - costOf(end), output.savesUsdPerHour],
    ['podsMoved', sum(moves.map(({ podsMoved }) => podsMoved)), output.podsMoved],
  ]
  return claims.flatMap(([what, is, said]) =>
    isSamePrice(is, said) ? [] : [violation('totals', what, `is ${is}, not ${said}`)],
  )
}

function pricedIn(input: PackInput): readonly number[] {
  return (input.nodes ?? []).flatMap((node) => priceOfNode(node, input) ?? [])
}

function costOf(input: PackInput): number {
  return sum(pricedIn(input))
}
