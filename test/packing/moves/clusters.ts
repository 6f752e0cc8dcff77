import fc from 'fast-check'
import type { Labels, Node, PackInput, Pod, PodDisruptionBudget } from '../documents.ts'
import { packFirstFit } from '../first-fit.ts'
import { problems } from '../generate/problems.ts'
import { NAMESPACES, STARTUP_TAINT, appName, pick } from '../generate/vocabulary.ts'
import { afterSeats, podName } from './after.ts'
import { isTied } from './staying.ts'

/** What befalls a cluster after it was packed. Numbers point to nodes and pods, in turn. */
interface Fate {
  /** Out of ten pods so many go. */
  readonly leaving: number
  readonly salt: number
  readonly bare: readonly number[]
  readonly protectedPods: readonly number[]
  readonly protectedNodes: readonly number[]
  readonly dear: readonly number[]
  readonly cordoned: readonly number[]
  readonly unready: readonly number[]
  readonly budgets: readonly { readonly app: number; readonly namespace: number; readonly allowed: number }[]
  readonly keepsPending: boolean
  readonly budgetNodes: number | undefined
  readonly usdPerDisruption: number | undefined
}

const few = fc.array(fc.nat(20), { maxLength: 2 })
const rarely = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: few })

const fates: fc.Arbitrary<Fate> = fc.record({
  leaving: fc.integer({ min: 0, max: 8 }),
  salt: fc.nat(1000),
  bare: rarely,
  protectedPods: rarely,
  protectedNodes: rarely,
  dear: few,
  cordoned: rarely,
  unready: rarely,
  budgets: fc.array(fc.record({ app: fc.nat(6), namespace: fc.nat(1), allowed: fc.integer({ min: 0, max: 4 }) }), {
    maxLength: 3,
  }),
  keepsPending: fc.boolean(),
  budgetNodes: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  usdPerDisruption: fc.option(fc.constantFrom(0, 0.0001, 0.05), { nil: undefined }),
})

const OWNER = { kind: 'ReplicaSet', name: 'set', uid: 'set', controller: true }

/** Clusters that were packed by first fit and have changed since: most of their nodes hold less than they could. */
export const clusters: fc.Arbitrary<PackInput> = fc
  .record({ problem: problems, fate: fates })
  .map(({ problem, fate }) => befallen(problem, fate))

function befallen(problem: PackInput, fate: Fate): PackInput {
  const full = afterSeats(problem, packFirstFit(problem))
  const pending = fate.keepsPending ? problem.pods.filter(({ spec }) => !spec.nodeName).slice(0, 3) : []
  const late = new Set(pending.map(podName))
  const { budgetNodes, usdPerDisruption } = fate
  return {
    ...full,
    nodes: (full.nodes ?? []).map((node, index) => fatedNode(node, index, fate)),
    pods: [
      ...full.pods
        .filter((pod) => !late.has(podName(pod)) && (isTied(pod) || !isLeaving(pod, fate)))
        .map((pod, index) => (isTied(pod) ? pod : fatedPod(pod, index, fate))),
      ...pending.map((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [OWNER] } })),
    ],
    podDisruptionBudgets: uniqueBudgets(fate),
    options: {
      consolidate: true,
      barePods: 'stay',
      timeLimitMs: 60_000,
      ...(budgetNodes !== undefined && { budgetNodes }),
      ...(usdPerDisruption !== undefined && { usdPerDisruption }),
    },
  }
}

/** A number from 0 to 9 that looks random and is the same every time. */
function isLeaving(pod: Pod, { leaving, salt }: Fate): boolean {
  let hash = salt
  for (const letter of podName(pod)) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return (hash >> 3) % 10 < leaving
}

function fatedPod(pod: Pod, index: number, { bare, protectedPods, dear }: Fate): Pod {
  const annotations: Labels = {
    ...(protectedPods.includes(index) && {
      [index % 2 === 0 ? 'karpenter.sh/do-not-disrupt' : 'longshore.dev/do-not-disrupt']: 'true',
    }),
    ...(dear.includes(index) && { 'controller.kubernetes.io/pod-deletion-cost': String((index - 5) * 2 ** 27) }),
  }
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations, ...(!bare.includes(index) && { ownerReferences: [OWNER] }) },
  }
}

function fatedNode(node: Node, index: number, { cordoned, unready, protectedNodes }: Fate): Node {
  return {
    metadata: {
      ...node.metadata,
      ...(protectedNodes.includes(index) && { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }),
    },
    spec: {
      ...node.spec,
      // What starts up is through with it by now.
      taints: (node.spec?.taints ?? []).filter(({ key }) => key !== STARTUP_TAINT.key),
      ...(cordoned.includes(index) && { unschedulable: true }),
    },
    status: {
      ...node.status,
      conditions: [{ type: 'Ready', status: unready.includes(index) ? 'Unknown' : 'True' }],
    },
  }
}

function uniqueBudgets({ budgets }: Fate): readonly PodDisruptionBudget[] {
  return budgets.map(({ app, namespace, allowed }, index) => ({
    metadata: { name: `budget-${index}`, namespace: pick(NAMESPACES, namespace) },
    spec: { selector: { matchLabels: { app: appName(app) } } },
    status: { disruptionsAllowed: allowed },
  }))
}
