/**
 * The documents of `longshore pack`, as far as the rules of scheduling look at them. They are written down here once more,
 * on purpose: the checker may share nothing with what it checks.
 */

/** A Kubernetes quantity: text, or a bare number as YAML has it. */
export type Quantity = string | number
export type Resources = Readonly<Record<string, Quantity>>
export type Labels = Readonly<Record<string, string>>

/** metadata of an object, as far as rules look at it. */
export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Labels
  readonly annotations?: Labels
  readonly ownerReferences?: readonly {
    readonly kind: string
    readonly name: string
    readonly uid?: string
    readonly controller?: boolean
  }[]
  readonly deletionTimestamp?: string
  readonly uid?: string
}

/** One line of a selector over labels, of nodes or of objects. */
export interface Expression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** A selector over labels of objects. Absent: it selects nothing; empty: everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly Expression[]
}

/** One alternative of a selector over nodes. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly Expression[]
  readonly matchFields?: readonly Expression[]
}

export interface NodeSelector {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[]
}

/** A term of pod affinity or anti-affinity. */
export interface AffinityTerm {
  readonly topologyKey: string
  readonly labelSelector?: LabelSelector
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: AffinityTerm
  }[]
}

export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
      readonly weight: number
      readonly preference: NodeSelectorTerm
    }[]
  }
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAffinity
}

export interface SpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: string
  readonly labelSelector?: LabelSelector
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: string
  readonly nodeTaintsPolicy?: string
  readonly matchLabelKeys?: readonly string[]
}

export interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
}

export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

export interface Container {
  readonly name: string
  readonly restartPolicy?: string
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources }
  readonly ports?: readonly {
    readonly containerPort: number
    readonly hostPort?: number
    readonly hostIP?: string
    readonly protocol?: string
  }[]
}

export interface Volume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string }
  readonly ephemeral?: { readonly volumeClaimTemplate: { readonly spec: ClaimSpec } }
}

export interface PodSpec {
  readonly nodeName?: string
  readonly nodeSelector?: Labels
  readonly affinity?: Affinity
  readonly tolerations?: readonly Toleration[]
  readonly topologySpreadConstraints?: readonly SpreadConstraint[]
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly overhead?: Resources
  readonly volumes?: readonly Volume[]
}

export interface Pod {
  readonly metadata: Metadata
  readonly spec: PodSpec
  readonly status?: { readonly phase?: string }
}

export interface Node {
  readonly metadata: Metadata
  readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean }
  readonly status?: {
    readonly allocatable?: Resources
    readonly capacity?: Resources
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

export interface DaemonSet {
  readonly metadata: Metadata
  readonly spec: { readonly template: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec } }
}

export interface ClaimSpec {
  readonly accessModes?: readonly string[]
  readonly storageClassName?: string
  readonly volumeName?: string
}

export interface VolumeClaim {
  readonly metadata: Metadata
  readonly spec: ClaimSpec
}

export interface PersistentVolume {
  readonly metadata: Metadata
  readonly spec: {
    readonly csi?: { readonly driver: string; readonly volumeHandle?: string }
    readonly nodeAffinity?: { readonly required?: NodeSelector }
  }
}

export interface StorageClass {
  readonly metadata: Metadata
  readonly provisioner: string
  readonly volumeBindingMode?: string
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[]
  }[]
}

export interface CsiNode {
  readonly metadata: Metadata
  readonly spec: {
    readonly drivers: readonly {
      readonly name: string
      readonly nodeID?: string
      readonly topologyKeys?: readonly string[]
      readonly allocatable?: { readonly count?: number }
    }[]
  }
}

export interface PoolRequirement extends Expression {
  readonly minValues?: number
}

export interface NodePool {
  readonly metadata: Metadata
  readonly spec: {
    readonly weight?: number
    readonly limits?: Resources
    readonly template?: {
      readonly metadata?: { readonly labels?: Labels }
      readonly spec?: {
        readonly requirements?: readonly PoolRequirement[]
        readonly taints?: readonly Taint[]
        readonly startupTaints?: readonly Taint[]
      }
    }
  }
}

export interface Offering {
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  readonly available: boolean
}

export interface InstanceType {
  readonly name: string
  readonly capacity?: Resources
  readonly allocatable: Resources
  readonly labels: Labels
  readonly offerings: readonly Offering[]
}

/** What `longshore pack` reads. */
export interface PackInput {
  readonly nodePools?: readonly NodePool[]
  readonly instanceTypes: readonly InstanceType[]
  readonly pods: readonly Pod[]
  readonly nodes?: readonly Node[]
  readonly daemonSets?: readonly DaemonSet[]
  readonly persistentVolumeClaims?: readonly VolumeClaim[]
  readonly persistentVolumes?: readonly PersistentVolume[]
  readonly storageClasses?: readonly StorageClass[]
  readonly csiNodes?: readonly CsiNode[]
  readonly namespaces?: readonly { readonly metadata: Metadata }[]
  readonly podDisruptionBudgets?: readonly PodDisruptionBudget[]
  readonly options?: {
    readonly timeLimitMs?: number
    readonly ignorePreferences?: boolean
    readonly consolidate?: boolean
    readonly budgetNodes?: number
    readonly usdPerDisruption?: number
    readonly paybackHours?: number
    readonly barePods?: 'stay' | 'move'
  }
}

export interface PodDisruptionBudget {
  readonly metadata: Metadata
  readonly spec: { readonly selector?: LabelSelector }
  readonly status: { readonly disruptionsAllowed: number }
}

export interface NewNode {
  readonly name: string
  readonly nodePool: string
  readonly instanceType: string
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  readonly pods: readonly string[]
  readonly daemonPods: readonly string[]
  readonly requests: Resources
  readonly labels: Labels
}

export interface Verdict {
  readonly pod: string
  readonly reasons: readonly string[]
}

/** What `longshore pack` writes. */
export interface PackOutput {
  readonly newNodes: readonly NewNode[]
  readonly existing: readonly { readonly node: string; readonly pods: readonly string[] }[]
  readonly unschedulable: readonly Verdict[]
  readonly totalUsdPerHour: number
  readonly lowerBoundUsdPerHour: number
  readonly elapsedMs: number
  readonly stats: {
    readonly pods: number
    readonly shapes: number
    readonly instanceTypes: number
    readonly podsPerSecond: number
  }
}

/** Nodes that go and come, and where pods go. */
export interface MoveOutput {
  readonly remove: readonly string[]
  readonly add: readonly NewNode[]
  readonly existing: readonly { readonly node: string; readonly pods: readonly string[] }[]
  readonly podsMoved: number
  readonly savesUsdPerHour: number
  readonly disruption: number
}

interface BillOutput {
  readonly nodes: number
  readonly usdPerHour: number
}

/** What `longshore pack` writes when it is asked for moves. */
export interface MovesOutput extends PackOutput {
  readonly moves: readonly MoveOutput[]
  readonly before: BillOutput
  readonly after: BillOutput
  readonly savesUsdPerHour: number
  readonly podsMoved: number
  readonly disruption: number
  readonly leftAlone: readonly { readonly node: string; readonly reason: string }[]
}
