import type { Labels, Node, PackInput, Pod, PodDisruptionBudget } from '../documents.ts'
import { hasEnded } from '../rules/load.ts'
import { matchesSelector } from '../rules/label-query.ts'

/** What the rules of moving ask of a cluster. */
export interface Cluster {
  readonly input: PackInput
  /** Running nodes that are about to get pods which waited. */
  readonly awaited: ReadonlySet<string>
  readonly podsOn: (node: string) => readonly Pod[]
}

export function clusterFrom(input: PackInput, awaited: readonly string[] = []): Cluster {
  const byNode = Map.groupBy(
    input.pods.filter((pod) => !hasEnded(pod)),
    ({ spec }) => spec.nodeName,
  )
  return { input, awaited: new Set(awaited), podsOn: (node) => byNode.get(node) ?? [] }
}

/** "DaemonSet" and "Static Pods": what runs on each node, or belongs to the kubelet, does not move. */
export function isTied({ metadata: { annotations = {}, ownerReferences = [] } }: Pod): boolean {
  const isMirror = annotations['kubernetes.io/config.mirror'] !== undefined
  return isMirror || ownerReferences.some(({ kind }) => ['DaemonSet', 'Node'].includes(kind))
}

export function movablePods({ podsOn }: Cluster, node: string): readonly Pod[] {
  return podsOn(node).filter((pod) => !isTied(pod))
}

/** Why a node has to stay, whatever it costs; none: it may go. */
export function reasonsToStay(node: Node, cluster: Cluster): readonly string[] {
  const pods = movablePods(cluster, node.metadata.name)
  return [
    ...(isTakenOut(node) ? ['is on its way out, or not to be used'] : []),
    ...(priceOfNode(node, cluster.input) === undefined ? ['has no known price'] : []),
    ...(cluster.awaited.has(node.metadata.name) ? ['is to take pods that wait'] : []),
    ...(isProtected(node.metadata.annotations) ? ['is protected'] : []),
    ...pods
      .filter(({ metadata }) => isProtected(metadata.annotations))
      .map((pod) => `holds ${pod.metadata.name}, which is protected`),
    ...pods.filter(isBare).map((pod) => `holds ${pod.metadata.name}, which nobody would make again`),
    ...exhausted(pods, cluster.input),
  ]
}

/** Nodes that neither go nor take pods. */
export function isTakenOut({ metadata, spec, status }: Node): boolean {
  const isUnready = status?.conditions?.some((one) => one.type === 'Ready' && one.status !== 'True') ?? false
  return metadata.deletionTimestamp !== undefined || isUnready || spec?.unschedulable === true
}

/** By its pool, type, zone and capacity type; undefined: one of them is not known. */
export function priceOfNode({ metadata: { labels = {} } }: Node, input: PackInput): number | undefined {
  const { nodePools = [] } = input
  // No pools at all stand for one, which is called default.
  const pools = nodePools.length === 0 ? ['default'] : nodePools.map(({ metadata }) => metadata.name)
  const isOurs = pools.includes(labels['longshore.dev/nodepool'] ?? '')
  const type = input.instanceTypes.find(({ name }) => name === labels['node.kubernetes.io/instance-type'])
  const offering = type?.offerings.find(
    ({ zone, capacityType }) =>
      zone === labels['topology.kubernetes.io/zone'] && capacityType === labels['longshore.dev/capacity-type'],
  )
  return isOurs ? offering?.priceUsdPerHour : undefined
}

function isProtected(annotations: Labels = {}): boolean {
  return ['karpenter.sh/do-not-disrupt', 'longshore.dev/do-not-disrupt'].some((key) => annotations[key] === 'true')
}

function isBare({ metadata: { ownerReferences = [] } }: Pod): boolean {
  return !ownerReferences.some(({ controller }) => controller === true)
}

/** Budgets that a drain of these pods at once would overdraw, and pods that several budgets are for. */
function exhausted(pods: readonly Pod[], { podDisruptionBudgets = [] }: PackInput): readonly string[] {
  const overdrawn = podDisruptionBudgets.filter(
    (budget) => pods.filter((pod) => covers(budget, pod)).length > budget.status.disruptionsAllowed,
  )
  const torn = pods.filter((pod) => podDisruptionBudgets.filter((budget) => covers(budget, pod)).length > 1)
  return [
    ...overdrawn.map(({ metadata }) => `would overdraw ${metadata.name}`),
    ...torn.map(({ metadata }) => `holds ${metadata.name}, which several budgets are for`),
  ]
}

/** "Specifying a Disruption Budget": pods of its namespace that its selector matches. */
export function covers({ metadata, spec: { selector } }: PodDisruptionBudget, pod: Pod): boolean {
  const { namespace = 'default', labels = {} } = pod.metadata
  return (metadata.namespace ?? 'default') === namespace && selector !== undefined && matchesSelector(selector, labels)
}
