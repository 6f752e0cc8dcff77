import { checkNewNode } from './check-new-node.ts'
import { checkAccounting, checkReasons, checkTotals } from './check-statements.ts'
import { checkUnschedulable } from './check-unschedulable.ts'
import { checkWeights } from './check-weights.ts'
import type { PackInput, PackOutput } from './documents.ts'
import { type PlanState, planStateFrom } from './plan-state.ts'
import { exceededLimits } from './rules/limits.ts'
import { orderComplaints } from './rules/order.ts'
import { type Violation, violation } from './violation.ts'

/**
 * What is wrong with a plan of `longshore pack`. Written from the documentation of Kubernetes and of Karpenter's NodePools
 * alone, and from formats.md for what is settled there; it shares nothing with the solver.
 *
 * Where the documents leave room, only what no reading allows is a violation, and only what every reading allows refutes a
 * verdict. Preferences are not checked, and planned daemon pods count for room and ports, not for affinity or spread.
 */
export function checkPlan(input: PackInput, output: PackOutput): readonly Violation[] {
  const state = planStateFrom(input, output)
  return [
    ...checkAccounting(state),
    ...output.newNodes.flatMap((node) => checkNewNode(node, state)),
    ...checkRunningNodes(state),
    ...checkPlacements(state),
    ...checkLimits(state),
    ...checkWeights(state),
    ...checkTotals(output),
    ...checkReasons(state),
    ...checkUnschedulable(state),
  ]
}

function checkRunningNodes({ output: { existing }, problem }: PlanState): readonly Violation[] {
  const names = existing.map(({ node }) => node)
  return names.flatMap((name, index) => {
    if (!problem.running.has(name)) return [violation('node', name, 'there is no such running node')]
    return names.indexOf(name) === index ? [] : [violation('node', name, 'is listed twice')]
  })
}

function checkPlacements({ placements, world, problem }: PlanState): readonly Violation[] {
  const lasting = placements.flatMap((placement) =>
    world
      .lastingComplaints(placement, 'lenient')
      .map(({ rule, detail }) => violation(rule, placement.load.name, `on ${placement.host.name}: ${detail}`)),
  )
  const late = orderComplaints(placements, problem).map(([{ load, host }, detail]) =>
    violation('arrival', load.name, `on ${host.name}: ${detail}`),
  )
  return [...lasting, ...late]
}

function checkLimits({ problem, newTypes }: PlanState): readonly Violation[] {
  return problem.pools.flatMap((pool) =>
    exceededLimits(pool, newTypes(pool.name), problem).map((resource) =>
      violation('limit', pool.name, `new and running nodes have more ${resource} than the pool may`),
    ),
  )
}
