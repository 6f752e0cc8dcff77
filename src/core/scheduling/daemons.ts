import type { Amounts } from '../quantity.ts'
import type { DaemonSet, Pod, Toleration } from './kubernetes.ts'
import type { NodeClasses } from './node-classes.ts'
import { podRequests } from './requests.ts'

/** The pods of a DaemonSet, as a place sees them. */
export interface Daemon {
  /** namespace/name of the DaemonSet. */
  readonly name: string
  readonly pod: Pod
  readonly requests: Amounts
  /** A number of `NodeClasses`: where its pods run. */
  readonly nodeClass: number
}

/** What the DaemonSet controller adds to its pods. Source: Kubernetes, "DaemonSet", taints and tolerations. */
const ADDED_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const NETWORK_TOLERATION: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

/** The DaemonSets as pods that come with every node which suits them. */
export function daemonsOf(daemonSets: readonly DaemonSet[], classes: NodeClasses): readonly Daemon[] {
  return daemonSets.map(({ metadata, spec }) => {
    const { namespace = 'default' } = metadata
    const { metadata: template = {}, spec: podSpec } = spec.template
    const pod: Pod = { metadata: { ...template, name: metadata.name, namespace }, spec: podSpec }
    const added = podSpec.hostNetwork === true ? [...ADDED_TOLERATIONS, NETWORK_TOLERATION] : ADDED_TOLERATIONS
    return {
      name: `${namespace}/${metadata.name}`,
      pod,
      requests: podRequests(podSpec),
      nodeClass: classes.indexOf(pod, { selectors: [] }, added),
    }
  })
}
