import { type PlanCase, isPlain, podName, podOf, withNewNode, withOutput } from './plan-case.ts'
import type { Mutation } from './mutation.ts'

/** Plans whose words are wrong: pods that are not named once, nodes that there cannot be, sums that do not add up. */
export const WRONG_STATEMENTS: readonly Mutation[] = [
  {
    kind: 'a pod is dropped from its node',
    rule: 'accounting',
    apply: (plan) => onFirstNode(plan, ({ pods }) => ({ pods: pods.slice(1) })),
  },
  {
    kind: 'a verdict is dropped',
    rule: 'accounting',
    apply: (plan) => {
      const [first, ...others] = plan.output.unschedulable
      return first && withOutput(plan, { unschedulable: others })
    },
  },
  {
    kind: 'a pod is on its node twice',
    rule: 'accounting',
    apply: (plan) => onFirstNode(plan, ({ pods }) => ({ pods: [...pods, ...pods.slice(0, 1)] })),
  },
  {
    kind: 'a pod is on two nodes',
    rule: 'accounting',
    apply: (plan) => {
      const [one, other] = plan.output.newNodes
      return one && other && withNewNode(plan, other.name, ({ pods }) => ({ pods: [...pods, ...one.pods.slice(0, 1)] }))
    },
  },
  {
    kind: 'a pod is placed and unschedulable',
    rule: 'accounting',
    apply: (plan) => {
      const pod = plan.output.newNodes[0]?.pods[0]
      if (pod === undefined) return undefined
      return withOutput(plan, { unschedulable: [...plan.output.unschedulable, verdictOn(pod, plan)] })
    },
  },
  {
    kind: 'a pod is made up',
    rule: 'accounting',
    apply: (plan) => onFirstNode(plan, ({ pods }) => ({ pods: [...pods, 'shop/nobody'] })),
  },
  {
    kind: 'a pod that runs is placed',
    rule: 'accounting',
    apply: (plan) => {
      const bound = plan.input.pods.find(({ spec }) => spec.nodeName !== undefined)
      return bound && onFirstNode(plan, ({ pods }) => ({ pods: [...pods, podName(bound)] }))
    },
  },
  {
    kind: 'a price is wrong',
    rule: 'node',
    apply: (plan) => onFirstNode(plan, ({ priceUsdPerHour }) => ({ priceUsdPerHour: priceUsdPerHour * 0.9 })),
  },
  {
    kind: 'the total is wrong',
    rule: 'totals',
    apply: (plan) => withOutput(plan, { totalUsdPerHour: plan.output.totalUsdPerHour + 0.01 }),
  },
  {
    kind: 'the bound is above the total',
    rule: 'totals',
    apply: (plan) => withOutput(plan, { lowerBoundUsdPerHour: plan.output.totalUsdPerHour + 0.01 }),
  },
  { kind: 'a type is made up', rule: 'node', apply: (plan) => onFirstNode(plan, () => ({ instanceType: 'x9.huge' })) },
  { kind: 'a pool is made up', rule: 'node', apply: (plan) => onPoolNode(plan, { nodePool: 'nowhere' }) },
  { kind: 'a zone is made up', rule: 'node', apply: (plan) => onFirstNode(plan, () => ({ zone: 'zone-z' })) },
  {
    kind: 'a capacity type is made up',
    rule: 'node',
    apply: (plan) => onFirstNode(plan, () => ({ capacityType: 'gift' })),
  },
  {
    kind: 'two new nodes have one name',
    rule: 'node',
    apply: (plan) => {
      const [one, other] = plan.output.newNodes
      return one && other && withNewNode(plan, other.name, () => ({ name: one.name }))
    },
  },
  {
    kind: 'a running node is made up',
    rule: 'node',
    apply: (plan) => {
      const [first, ...others] = plan.output.existing
      return first && withOutput(plan, { existing: [{ ...first, node: 'nowhere' }, ...others] })
    },
  },
  {
    kind: 'a daemon is forgotten',
    rule: 'statement',
    apply: (plan) => {
      const node = plan.output.newNodes.find(({ daemonPods }) => daemonPods.length > 0)
      return node && withNewNode(plan, node.name, ({ daemonPods }) => ({ daemonPods: daemonPods.slice(1) }))
    },
  },
  {
    kind: 'a daemon is made up',
    rule: 'statement',
    apply: (plan) => onFirstNode(plan, ({ daemonPods }) => ({ daemonPods: [...daemonPods, 'kube-system/ghost'] })),
  },
  {
    kind: 'requests are wrong',
    rule: 'statement',
    apply: (plan) => onFirstNode(plan, ({ requests }) => ({ requests: { ...requests, memory: '1' } })),
  },
  {
    kind: 'a label is settled that is not open',
    rule: 'statement',
    apply: (plan) => onFirstNode(plan, ({ labels }) => ({ labels: { ...labels, 'kubernetes.io/arch': 'amd64' } })),
  },
  {
    kind: 'a reason is missing',
    rule: 'reason',
    apply: (plan) => onFirstVerdict(plan, []),
  },
  {
    kind: 'a reason names no pool',
    rule: 'reason',
    apply: (plan) => ((plan.input.nodePools ?? []).length > 0 ? onFirstVerdict(plan, ['does not fit']) : undefined),
  },
  {
    kind: 'a pod that has a place is given up',
    rule: 'placeable',
    apply: (plan) => {
      // Who is alone on a node of a pool without limits can have it again.
      const node = plan.output.newNodes.find(
        ({ pods: [only, ...others] }) => only !== undefined && others.length === 0 && isPlain(podOf(plan, only)),
      )
      const [pod] = node?.pods ?? []
      if (!node || pod === undefined) return undefined
      return withOutput(plan, {
        newNodes: plan.output.newNodes.filter((one) => one !== node),
        totalUsdPerHour: plan.output.totalUsdPerHour - node.priceUsdPerHour,
        unschedulable: [...plan.output.unschedulable, verdictOn(pod, plan)],
      })
    },
  },
]

function onFirstNode(plan: PlanCase, change: Parameters<typeof withNewNode>[2]): PlanCase | undefined {
  const [first] = plan.output.newNodes
  return first && withNewNode(plan, first.name, change)
}

function onPoolNode(plan: PlanCase, change: { readonly nodePool: string }): PlanCase | undefined {
  // Without pools any name will do.
  return (plan.input.nodePools ?? []).length > 0 ? onFirstNode(plan, () => change) : undefined
}

function onFirstVerdict(plan: PlanCase, reasons: readonly string[]): PlanCase | undefined {
  const [first, ...others] = plan.output.unschedulable
  return first && withOutput(plan, { unschedulable: [{ ...first, reasons }, ...others] })
}

function verdictOn(pod: string, { input }: PlanCase) {
  return { pod, reasons: (input.nodePools ?? []).map(({ metadata }) => `pool ${metadata.name}: no node holds it`) }
}
