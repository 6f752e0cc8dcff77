/** Keys of labels that have a meaning of their own. */
export const HOSTNAME = 'kubernetes.io/hostname'
export const ZONE = 'topology.kubernetes.io/zone'
export const CAPACITY_TYPE = 'longshore.dev/capacity-type'
/** Workloads that come from Karpenter name it so; nodes carry both. */
export const CAPACITY_TYPE_ALIAS = 'karpenter.sh/capacity-type'
export const NODE_POOL = 'longshore.dev/nodepool'
