import { isSamePrice } from './check-new-node.ts'
import type { PackOutput, Verdict } from './documents.ts'
import type { PlanState } from './plan-state.ts'
import { type Violation, violation } from './violation.ts'

/** Every pending pod is named exactly once, and nobody else is. */
export function checkAccounting({ problem, output }: PlanState): readonly Violation[] {
  const named = [
    ...output.newNodes.flatMap(({ pods }) => pods),
    ...output.existing.flatMap(({ pods }) => pods),
    ...output.unschedulable.map(({ pod }) => pod),
  ]
  const times = Map.groupBy(named, (name) => name)
  const strangers = [...times.keys()].filter((name) => !problem.pending.has(name))
  return [
    ...strangers.map((name) => violation('accounting', name, 'is no pending pod')),
    ...[...problem.pending.keys()].flatMap((name) => {
      const count = times.get(name)?.length ?? 0
      return count === 1 ? [] : [violation('accounting', name, `is named ${count} times`)]
    }),
  ]
}

/** Totals are those of the nodes, and the bound bounds them. */
export function checkTotals({ newNodes, totalUsdPerHour, lowerBoundUsdPerHour }: PackOutput): readonly Violation[] {
  const sum = newNodes.reduce((total, { priceUsdPerHour }) => total + priceUsdPerHour, 0)
  const isSum = isSamePrice(sum, totalUsdPerHour)
  const isBound = lowerBoundUsdPerHour <= totalUsdPerHour || isSamePrice(lowerBoundUsdPerHour, totalUsdPerHour)
  return [
    ...(isSum ? [] : [violation('totals', 'plan', `nodes cost ${sum}, not ${totalUsdPerHour}`)]),
    ...(isBound ? [] : [violation('totals', 'plan', `bound ${lowerBoundUsdPerHour} above ${totalUsdPerHour}`)]),
    ...(Number.isFinite(lowerBoundUsdPerHour) ? [] : [violation('totals', 'plan', 'the bound is no number')]),
  ]
}

/** formats.md: one reason per pool; a reason that names neither a pool nor running nodes helps nobody. */
export function checkReasons({ problem, output }: PlanState): readonly Violation[] {
  const pools = (problem.input.nodePools ?? []).map(({ metadata }) => metadata.name)
  return output.unschedulable.flatMap((verdict) => checkVerdict(verdict, pools))
}

function checkVerdict({ pod, reasons }: Verdict, pools: readonly string[]): readonly Violation[] {
  if (reasons.length === 0) return [violation('reason', pod, 'has none')]
  const unexplained = pools.filter((pool) => !reasons.some((reason) => reason.includes(pool)))
  // With no pools there is none to name.
  const helps = (reason: string) => /\bnodes?\b/i.test(reason) || pools.some((pool) => reason.includes(pool))
  const empty = reasons.filter((reason) => reason.trim() === '' || (pools.length > 0 && !helps(reason)))
  return [
    ...unexplained.map((pool) => violation('reason', pod, `none is about pool ${pool}`)),
    ...empty.map((reason) => violation('reason', pod, `names neither a pool nor nodes: "${reason}"`)),
  ]
}
