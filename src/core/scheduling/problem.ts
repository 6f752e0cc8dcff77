import type { Labels } from '../label-selector.ts'
import type { Amounts } from '../quantity.ts'
import type {
  CsiNode,
  DaemonSet,
  Namespace,
  Node,
  NodeRequirement,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Taint,
} from './kubernetes.ts'

/** Everything that decides which nodes pending pods get. */
export interface ProvisioningProblem {
  readonly pools: readonly NodePool[]
  readonly instanceTypes: readonly InstanceType[]
  /** Pending pods to place, and bound ones (`spec.nodeName`), which use room and count for spread and affinity. */
  readonly pods: readonly Pod[]
  readonly nodes: readonly Node[]
  readonly daemonSets: readonly DaemonSet[]
  readonly persistentVolumeClaims: readonly PersistentVolumeClaim[]
  readonly persistentVolumes: readonly PersistentVolume[]
  readonly storageClasses: readonly StorageClass[]
  readonly csiNodes: readonly CsiNode[]
  /** Without them only the label `kubernetes.io/metadata.name` of a namespace is known. */
  readonly namespaces: readonly Namespace[]
}

/** Where nodes come from. */
export interface NodePool {
  readonly name: string
  /** The heaviest pool that can hold a pod gets it. */
  readonly weight: number
  readonly requirements: readonly PoolRequirement[]
  /** Labels of the template: every node of the pool carries them. */
  readonly labels: Labels
  readonly taints: readonly Taint[]
  /** Taints that a new node loses before pods come; one that still has them is taken for one without. */
  readonly startupTaints?: readonly Taint[]
  /** Capacity that all nodes of the pool may have together; `nodes`: how many there may be. */
  readonly limits: Amounts
}

export interface PoolRequirement extends NodeRequirement {
  /** How many different values a plan must leave to choose from. */
  readonly minValues?: number
}

/** A type of instance. Amounts are in the units of `amountFrom`. */
export interface InstanceType {
  readonly name: string
  readonly capacity: Amounts
  /** What pods may use. */
  readonly allocatable: Amounts
  readonly labels: Labels
  readonly offerings: readonly Offering[]
}

/** Where and how a type can be had, and for how much. */
export interface Offering {
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  readonly available: boolean
}

export interface PackOptions {
  /** Rounds of improvement. The plan depends on the problem and on this number alone, unless time runs out. */
  readonly rounds: number
  /** Whether soft constraints count for nothing. */
  readonly ignorePreferences: boolean
  /** Asked between rounds: whether to stop improving now. Hears what the new nodes cost by then, in US dollars an hour. */
  readonly isTimeUp: (usdPerHour?: number) => boolean
}

/** Which nodes to make, and which pod goes where. Pods are indices into the problem's `pods`. */
export interface Plan {
  readonly newNodes: readonly PlannedNode[]
  readonly existing: readonly { readonly node: string; readonly pods: Int32Array }[]
  readonly unschedulable: readonly Unschedulable[]
  readonly totalUsdPerHour: number
  /** No nodes that hold the pods which were placed on new ones cost less than this, whoever plans them. */
  readonly lowerBoundUsdPerHour: number
  /** Rounds that were made; fewer than asked for: time ran out. */
  readonly rounds: number
  readonly shapes: number
}

export interface PlannedNode {
  readonly name: string
  readonly nodePool: string
  readonly instanceType: string
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  readonly pods: Int32Array
  /** The DaemonSets (namespace/name) whose pods will run there. */
  readonly daemonPods: readonly string[]
  /** Of pods and daemons together. */
  readonly requests: Amounts
  /** What pods may use on such a node. */
  readonly allocatable: Amounts
  /** Labels of open keys that the plan settles. */
  readonly labels: Labels
  /** The cheapest other type that would hold the same; undefined: there is none. */
  readonly runnerUp: { readonly instanceType: string; readonly priceUsdPerHour: number } | undefined
}

export interface Unschedulable {
  readonly pod: number
  /** One for each pool, the most specific first; one sentence when there is no pool that matters. */
  readonly reasons: readonly string[]
}
