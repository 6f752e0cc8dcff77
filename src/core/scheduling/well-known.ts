// Labels with a meaning of their own here. Sources: Kubernetes, "Well-Known Labels, Annotations and Taints"; our CRDs.
export const HOSTNAME = 'kubernetes.io/hostname'
export const ZONE = 'topology.kubernetes.io/zone'
export const INSTANCE_TYPE = 'node.kubernetes.io/instance-type'
export const NODE_POOL = 'longshore.dev/nodepool'
export const CAPACITY_TYPE = 'longshore.dev/capacity-type'
/** The same under Karpenter's name, for workloads that move over unedited. */
export const CAPACITY_TYPE_ALIAS = 'karpenter.sh/capacity-type'
export const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const
/** What the EBS driver calls a node's zone; its volumes ask for it. */
export const EBS_ZONE = 'topology.ebs.csi.aws.com/zone'
