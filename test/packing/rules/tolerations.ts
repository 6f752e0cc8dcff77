import type { Taint, Toleration } from '../documents.ts'

/** "Taints and Tolerations": these effects keep pods off a node; PreferNoSchedule does not. */
const KEEPS_OFF: ReadonlySet<string> = new Set(['NoSchedule', 'NoExecute'])

/** The taints that keep a pod with these tolerations off a node. */
export function untolerated(taints: readonly Taint[], tolerations: readonly Toleration[] = []): readonly Taint[] {
  return taints.filter((taint) => KEEPS_OFF.has(taint.effect) && !tolerations.some((one) => tolerates(one, taint)))
}

/** An empty key with Exists tolerates everything; an empty effect, every effect. The operator is Equal unless said. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, effect, operator } = toleration
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || (Boolean(key) && isSameValue(toleration, taint))
}

function isSameValue({ value: tolerated = '' }: Toleration, { value = '' }: Taint): boolean {
  return tolerated === value
}

const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'

/** A cordoned node is as one with this taint: pods that tolerate it may still go there. */
export const CORDON: Taint = { key: UNSCHEDULABLE, effect: 'NoSchedule' }

/** "DaemonSet", taints and tolerations: what the controller adds to each of its pods. */
export const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: UNSCHEDULABLE, operator: 'Exists', effect: 'NoSchedule' },
]
