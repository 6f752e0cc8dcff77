import { amountsFrom } from '../rules/amounts.ts'
import type { NewNode, PodSpec, Taint } from '../documents.ts'
import type { Mutation } from './mutation.ts'
import {
  type PlanCase,
  isPlain,
  podOf,
  seatsOf,
  withInput,
  withMainContainer,
  withNode,
  withPod,
  withPool,
  withType,
} from './plan-case.ts'

/** Nodes that are no longer what the plan took them for: room, taints, labels, limits, stock. */
export const WRONG_NODES: readonly Mutation[] = [
  {
    kind: 'a type has less CPU than its pods ask for',
    rule: 'room',
    apply: (plan) =>
      onNode(plan, usesCpu, (node) => shrinkType(plan, node, { cpu: `${Number(cpuMillisOf(node)) - 1}m` })),
  },
  {
    kind: 'a type has fewer slots than pods',
    rule: 'room',
    apply: (plan) =>
      onNode(plan, hasPods, (node) =>
        shrinkType(plan, node, { pods: `${node.pods.length + node.daemonPods.length - 1}` }),
      ),
  },
  {
    kind: 'a pod asks for more memory than there is',
    rule: 'room',
    apply: (plan) => onSeat(plan, ({ pod }) => withOverhead(plan, pod, { memory: '9Ti' })),
  },
  {
    kind: 'a pod asks for a resource that no node has',
    rule: 'room',
    apply: (plan) => onSeat(plan, ({ pod }) => withOverhead(plan, pod, { 'example.com/dongle': '1' })),
  },
  {
    kind: 'an init container asks for more than there is',
    rule: 'room',
    apply: (plan) =>
      onSeat(plan, ({ pod }) =>
        withPod(plan, pod, ({ initContainers = [] }) => ({
          initContainers: [...initContainers, { name: 'big', resources: { requests: { cpu: '999' } } }],
        })),
      ),
  },
  {
    kind: 'a DaemonSet is added that takes everything',
    rule: 'room',
    apply: (plan) =>
      onNode(plan, hasPods, () => {
        const spec: PodSpec = {
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: 'all', resources: { limits: { memory: '9Ti' } } }],
        }
        const daemonSet = { metadata: { name: 'greedy', namespace: 'kube-system' }, spec: { template: { spec } } }
        return withInput(plan, { daemonSets: [...(plan.input.daemonSets ?? []), daemonSet] })
      }),
  },
  {
    kind: 'a running node is smaller than its pods',
    rule: 'room',
    apply: (plan) =>
      onRunning(plan, (name) =>
        withNode(plan, name, ({ status }) => ({ status: { ...status, allocatable: { pods: '0' } } })),
      ),
  },
  {
    kind: 'a running node is cordoned',
    rule: 'selection',
    apply: (plan) =>
      onRunning(plan, (name, pods) =>
        pods.some((pod) => isIntolerant(plan, pod))
          ? withNode(plan, name, ({ spec }) => ({ spec: { ...spec, unschedulable: true } }))
          : undefined,
      ),
  },
  {
    kind: 'a running node gets a taint',
    rule: 'selection',
    apply: (plan) =>
      onRunning(plan, (name, pods) =>
        pods.some((pod) => isIntolerant(plan, pod))
          ? withNode(plan, name, ({ spec }) => ({ spec: { ...spec, taints: [...(spec?.taints ?? []), FRESH_TAINT] } }))
          : undefined,
      ),
  },
  {
    kind: 'a pool gets a taint',
    rule: 'selection',
    apply: (plan) =>
      onNode(
        plan,
        ({ pods }) => pods.some((pod) => isIntolerant(plan, pod)),
        (node) =>
          withTemplate(plan, node, (template) => ({ ...template, taints: [...(template.taints ?? []), FRESH_TAINT] })),
      ),
  },
  {
    kind: 'a pool asks for another type',
    rule: 'node',
    apply: (plan) =>
      onNode(plan, hasPods, (node) =>
        withRequirement(plan, node, {
          key: 'node.kubernetes.io/instance-type',
          operator: 'NotIn',
          values: [node.instanceType],
        }),
      ),
  },
  {
    kind: 'a pool asks for another zone',
    rule: 'node',
    apply: (plan) =>
      onNode(plan, hasPods, (node) =>
        withRequirement(plan, node, { key: 'topology.kubernetes.io/zone', operator: 'NotIn', values: [node.zone] }),
      ),
  },
  {
    kind: "a pool asks for another capacity type, by Karpenter's name",
    rule: 'node',
    apply: (plan) =>
      onNode(plan, hasPods, (node) =>
        withRequirement(plan, node, {
          key: 'karpenter.sh/capacity-type',
          operator: 'NotIn',
          values: [node.capacityType],
        }),
      ),
  },
  {
    kind: 'a pool asks for more kinds of types than there are',
    rule: 'min-values',
    apply: (plan) =>
      onNode(plan, hasPods, (node) =>
        withRequirement(plan, node, { key: 'node.kubernetes.io/instance-type', operator: 'Exists', minValues: 40 }),
      ),
  },
  {
    kind: "a pool's limit is below what it has",
    rule: 'limit',
    apply: (plan) =>
      onNode(plan, hasPods, ({ nodePool }) =>
        withPool(plan, nodePool, (spec) => ({ ...spec, limits: { cpu: '10m' } })),
      ),
  },
  {
    kind: 'a heavier pool is there for plain pods',
    rule: 'weight',
    apply: (plan) =>
      onNode(
        plan,
        ({ pods }) => pods.length > 0 && pods.every((pod) => isPlain(podOf(plan, pod))) && isUnencumbered(plan),
        () => {
          const heavy = { metadata: { name: 'heavy' }, spec: { weight: 99, template: { spec: { requirements: [] } } } }
          return withInput(plan, { nodePools: [...(plan.input.nodePools ?? []), heavy] })
        },
      ),
  },
  {
    kind: 'an offering is sold out',
    rule: 'node',
    apply: (plan) =>
      onNode(plan, hasPods, ({ instanceType }) =>
        withType(plan, instanceType, ({ offerings }) => ({
          offerings: offerings.map((one) => ({ ...one, available: false })),
        })),
      ),
  },
]

const FRESH_TAINT: Taint = { key: 'example.com/fresh', value: 'yes', effect: 'NoSchedule' }

function hasPods({ pods }: NewNode): boolean {
  return pods.length > 0
}

function usesCpu(node: NewNode): boolean {
  return cpuMillisOf(node) > 1n
}

function cpuMillisOf({ requests }: NewNode): bigint {
  return amountsFrom(requests).get('cpu') ?? 0n
}

function shrinkType(plan: PlanCase, { instanceType }: NewNode, amounts: Readonly<Record<string, string>>): PlanCase {
  return withType(plan, instanceType, ({ allocatable }) => ({ allocatable: { ...allocatable, ...amounts } }))
}

/** Nothing but a tolerance of everything tolerates a taint that did not exist. */
function isIntolerant(plan: PlanCase, pod: string): boolean {
  return (podOf(plan, pod).spec.tolerations ?? []).every(({ key }) => key !== undefined)
}

/** Anti-affinity of others, and daemons, could keep a plain pod off a further node. */
function isUnencumbered({ input }: PlanCase): boolean {
  return (input.daemonSets ?? []).length === 0 && input.pods.every(({ spec }) => !spec.affinity?.podAntiAffinity)
}

function onNode(
  plan: PlanCase,
  isWanted: (node: NewNode) => boolean,
  change: (node: NewNode) => PlanCase,
): PlanCase | undefined {
  // Without pools there is none to change.
  const node = (plan.input.nodePools ?? []).length > 0 ? plan.output.newNodes.find(isWanted) : undefined
  return node && change(node)
}

function onSeat(
  plan: PlanCase,
  change: (seat: { readonly node: string; readonly pod: string }) => PlanCase,
): PlanCase | undefined {
  const [seat] = seatsOf(plan)
  return seat && change(seat)
}

function onRunning(
  plan: PlanCase,
  change: (node: string, pods: readonly string[]) => PlanCase | undefined,
): PlanCase | undefined {
  const [first] = plan.output.existing
  return first && change(first.node, first.pods)
}

function withOverhead(plan: PlanCase, pod: string, more: Readonly<Record<string, string>>): PlanCase {
  return withMainContainer(plan, pod, (container) => ({
    ...container,
    resources: { ...container.resources, requests: { ...container.resources?.requests, ...more } },
  }))
}

type TemplateSpec = NonNullable<
  NonNullable<NonNullable<PlanCase['input']['nodePools']>[number]['spec']['template']>['spec']
>

function withTemplate(
  plan: PlanCase,
  { nodePool }: NewNode,
  change: (template: TemplateSpec) => TemplateSpec,
): PlanCase {
  return withPool(plan, nodePool, (spec) => ({
    ...spec,
    template: { ...spec.template, spec: change(spec.template?.spec ?? {}) },
  }))
}

function withRequirement(
  plan: PlanCase,
  node: NewNode,
  requirement: NonNullable<TemplateSpec['requirements']>[number],
): PlanCase {
  return withTemplate(plan, node, (template) => ({
    ...template,
    requirements: [...(template.requirements ?? []), requirement],
  }))
}
