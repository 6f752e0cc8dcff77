// The parts of Kubernetes' objects that decide where a pod may run, as the API server sends them.
// Source: Kubernetes API reference v1.34, core/v1 and apps/v1.
import type { Labels, LabelSelector } from '../label-selector.ts'

export interface Pod {
  readonly metadata: PodMetadata
  readonly spec: PodSpec
}

export interface PodMetadata {
  readonly name: string
  /** Absent: `default`. */
  readonly namespace?: string
  readonly labels?: Labels
  readonly annotations?: Labels
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface OwnerReference {
  readonly kind: string
  readonly name: string
  /** Whether it makes the pod again when it is gone. Absent: false to Kubernetes. */
  readonly controller?: boolean
}

export interface PodSpec {
  readonly nodeName?: string
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly overhead?: ResourceList
  /** Requests of the pod as a whole; they go before those of its containers. */
  readonly resources?: { readonly requests?: ResourceList }
  readonly hostNetwork?: boolean
  readonly priority?: number
  readonly nodeSelector?: Labels
  readonly affinity?: Affinity
  readonly tolerations?: readonly Toleration[]
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  readonly volumes?: readonly Volume[]
}

export type ResourceList = Readonly<Record<string, string | number>>

export interface Container {
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }
  readonly ports?: readonly ContainerPort[]
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string
}

export interface ContainerPort {
  readonly containerPort?: number
  readonly hostPort?: number
  readonly hostIP?: string
  readonly protocol?: string
}

export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredNodeTerm[]
  }
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAffinity
}

export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: PodAffinityTerm
  }[]
}

export interface PodAffinityTerm {
  readonly topologyKey: string
  readonly labelSelector?: LabelSelector
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

export interface PreferredNodeTerm {
  readonly weight: number
  readonly preference: NodeSelectorTerm
}

/** One of the terms has to hold. */
export interface NodeSelector {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[]
}

/** All of it has to hold; an empty term holds nowhere. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeRequirement[]
  readonly matchFields?: readonly NodeRequirement[]
}

export interface NodeRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
  readonly values?: readonly string[]
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

export interface TopologySpreadConstraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly whenUnsatisfiable: string
  readonly labelSelector?: LabelSelector
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: string
  readonly nodeTaintsPolicy?: string
  readonly matchLabelKeys?: readonly string[]
}

export interface Volume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string }
  /** A claim of the pod's own, called POD-VOLUME. */
  readonly ephemeral?: { readonly volumeClaimTemplate?: { readonly spec?: ClaimSpec } }
}

export interface ClaimSpec {
  readonly storageClassName?: string
  readonly volumeName?: string
  readonly accessModes?: readonly string[]
}

export interface PersistentVolumeClaim {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec: ClaimSpec
}

export interface PersistentVolume {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly csi?: { readonly driver: string; readonly volumeHandle?: string }
    readonly nodeAffinity?: { readonly required?: NodeSelector }
    readonly storageClassName?: string
  }
}

export interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Labels }
  readonly provisioner: string
  readonly volumeBindingMode?: string
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[]
  }[]
}

export interface CsiNode {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly drivers?: readonly { readonly name: string; readonly allocatable?: { readonly count?: number } }[]
  }
}

export interface Node {
  readonly metadata: {
    readonly name: string
    readonly labels?: Labels
    readonly annotations?: Labels
    readonly deletionTimestamp?: string
  }
  readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean }
  readonly status?: {
    readonly capacity?: ResourceList
    readonly allocatable?: ResourceList
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

/** How many of some pods may be away at once. Source: Kubernetes API reference v1.34, policy/v1. */
export interface PodDisruptionBudget {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec: {
    readonly selector?: LabelSelector
    readonly minAvailable?: number | string
    readonly maxUnavailable?: number | string
  }
  readonly status?: { readonly disruptionsAllowed?: number }
}

export interface DaemonSet {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec: { readonly template: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec } }
}

export interface Namespace {
  readonly metadata: { readonly name: string; readonly labels?: Labels }
}
