import type { TypeFacts } from './type-facts.ts'

/**
 * Where pods get their addresses from: each an address of its own on a network interface, or from /28 prefixes, of which
 * an interface takes as many as addresses.
 */
export type PodDensity = 'addresses' | 'prefixes'

const ADDRESSES_PER_PREFIX = 16

/** Amazon EKS's caps where prefixes leave more room than kubelet copes with. */
const SMALL_TYPE_PODS = 110
const LARGE_TYPE_PODS = 250
const LARGE_TYPE_CPUS = 30

/** aws-node and kube-proxy use the host's network, so they need no address. */
const HOST_NETWORK_PODS = 2

/**
 * How many pods kubelet admits to a node of the type: interfaces × (addresses − 1) + 2, the interface's own address being
 * taken; with prefixes 16 times as many addresses, capped at 110 below 30 vCPUs and at 250 from there.
 * Source: Amazon EKS user guide, "Choose an optimal Amazon EC2 node instance type", maximum number of pods.
 */
export function maxPods(type: TypeFacts, density: PodDensity): number {
  const slots = type.interfaces * (type.addressesPerInterface - 1)
  if (density === 'addresses') return slots + HOST_NETWORK_PODS
  const cap = type.cpuCount < LARGE_TYPE_CPUS ? SMALL_TYPE_PODS : LARGE_TYPE_PODS
  return Math.min(slots * ADDRESSES_PER_PREFIX + HOST_NETWORK_PODS, cap)
}
