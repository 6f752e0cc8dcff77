import { selectorMatches } from '../../label-selector.ts'
import type { Pod, PodDisruptionBudget } from '../kubernetes.ts'

/** How many pods of which budgets may be disturbed in one round. Pods are indices. */
export interface PodBudgetBook {
  /** Why these pods can never be disturbed together; undefined: they can. */
  readonly obstacle: (pods: readonly number[]) => string | undefined
  /** Whether there is room for these pods; takes it if there is. */
  readonly take: (pods: readonly number[]) => boolean
  /** A book to try something with. */
  readonly copy: () => PodBudgetBook
}

interface Allowance {
  readonly name: string
  readonly allowed: number
}

/** The budgets of a problem. Source: Kubernetes, "Disruptions" and "Specifying a Disruption Budget". */
export function openPodBudgets(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): PodBudgetBook {
  const members = budgets.map((budget) => membersOf(budget, pods))
  const allowances = budgets.map((budget, index): Allowance => ({
    name: `${namespaceOf(budget)}/${budget.metadata.name}`,
    allowed: allowedBy(budget, pods, members[index] ?? []),
  }))
  const budgetsOf = new Map<number, number[]>()
  for (const [budget, own] of members.entries()) {
    for (const pod of own) budgetsOf.set(pod, [...(budgetsOf.get(pod) ?? []), budget])
  }
  const left = allowances.map(({ allowed }) => allowed)
  return bookOver({ pods, allowances, budgetsOf }, left)
}

interface BudgetFacts {
  readonly pods: readonly Pod[]
  readonly allowances: readonly Allowance[]
  /** By pod. */
  readonly budgetsOf: ReadonlyMap<number, readonly number[]>
}

function bookOver({ pods, allowances, budgetsOf }: BudgetFacts, left: number[]): PodBudgetBook {
  const countsOf = (some: readonly number[]): readonly (readonly [number, number])[] => {
    const counts = new Map<number, number>()
    for (const budget of some.flatMap((pod) => budgetsOf.get(pod) ?? [])) {
      counts.set(budget, (counts.get(budget) ?? 0) + 1)
    }
    return [...counts]
  }
  return {
    obstacle: (some) => {
      // The API refuses to evict a pod that several budgets protect.
      const torn = some.find((pod) => (budgetsOf.get(pod)?.length ?? 0) > 1)
      if (torn !== undefined)
        return `${nameOf(pods[torn])} has more than one PodDisruptionBudget, so that nothing may evict it`
      const tight = countsOf(some).find(([budget, count]) => count > (allowances[budget]?.allowed ?? 0))
      if (tight === undefined) return undefined
      const [budget, count] = tight
      const { name, allowed } = allowances[budget] ?? { name: '', allowed: 0 }
      return `PodDisruptionBudget ${name} allows ${allowed} of its pods to be disturbed, and ${count} ${count === 1 ? 'is' : 'are'} here`
    },
    take: (some) => {
      const counts = countsOf(some)
      if (counts.some(([budget, count]) => count > (left[budget] ?? 0))) return false
      for (const [budget, count] of counts) left[budget] = (left[budget] ?? 0) - count
      return true
    },
    copy: () => bookOver({ pods, allowances, budgetsOf }, [...left]),
  }
}

function namespaceOf({ metadata }: { readonly metadata: { readonly namespace?: string } }): string {
  return metadata.namespace ?? 'default'
}

function nameOf(pod: Pod | undefined): string {
  return `pod ${pod?.metadata.namespace ?? 'default'}/${pod?.metadata.name ?? ''}`
}

function membersOf(budget: PodDisruptionBudget, pods: readonly Pod[]): readonly number[] {
  const namespace = namespaceOf(budget)
  const { selector } = budget.spec
  return [...pods.keys()].filter((index) => {
    const pod = pods[index]
    return pod !== undefined && namespaceOf(pod) === namespace && selectorMatches(selector, pod.metadata.labels ?? {})
  })
}

/** What the budget's status says; without one what its spec says, all of its pods that have a node being healthy. */
function allowedBy({ spec, status }: PodDisruptionBudget, pods: readonly Pod[], members: readonly number[]): number {
  if (status?.disruptionsAllowed !== undefined) return status.disruptionsAllowed
  const healthy = members.filter((index) => (pods[index]?.spec.nodeName ?? '') !== '').length
  const needed =
    spec.maxUnavailable === undefined
      ? scaled(spec.minAvailable ?? 0, members.length)
      : members.length - scaled(spec.maxUnavailable, members.length)
  return Math.max(0, healthy - needed)
}

/** Percentages are rounded up. Source: kube-controller-manager, disruption controller. */
function scaled(value: number | string, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) / 100) * total)
}
