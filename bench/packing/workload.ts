import type { Labels, PackInput, Pod, PodSpec } from '../../test/packing/documents.ts'

/**
 * Pods to place and what they need besides, without instance types: a benchmark puts in the catalogue that it measures with,
 * or leaves them out and measures with the shipped one. Without pools there is one that asks for nothing.
 */
export type Workload = Omit<PackInput, 'instanceTypes'>

/** What a pod of a mix is like; the rest is as plain as can be. */
export interface WorkloadWords extends Omit<PodSpec, 'containers'> {
  readonly name: string
  readonly cpuMillis: number
  readonly memoryMi: number
  readonly labels?: Labels
  readonly more?: Readonly<Record<string, string>>
}

export function podFrom({ name, cpuMillis, memoryMi, labels = {}, more = {}, ...spec }: WorkloadWords): Pod {
  const requests = { cpu: `${cpuMillis}m`, memory: `${memoryMi}Mi`, ...more }
  return {
    metadata: { name, namespace: 'default', labels },
    spec: { ...spec, containers: [{ name: 'main', resources: { requests } }] },
  }
}

/** `count` pods; the words of each come from its number. */
export function podsFrom(count: number, words: (index: number) => WorkloadWords): readonly Pod[] {
  return Array.from({ length: count }, (_, index) => podFrom(words(index)))
}

export const HOSTNAME = 'kubernetes.io/hostname'
export const ZONE = 'topology.kubernetes.io/zone'

export function spreadOver(
  topologyKey: string,
  labels: Labels,
  maxSkew = 1,
): Pick<PodSpec, 'topologySpreadConstraints'> {
  const labelSelector = { matchLabels: labels }
  return {
    topologySpreadConstraints: [{ maxSkew, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector }],
  }
}

export function togetherOver(topologyKey: string, labels: Labels): Pick<PodSpec, 'affinity'> {
  const required = [{ topologyKey, labelSelector: { matchLabels: labels } }]
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
}

export function apartOver(topologyKey: string, labels: Labels): Pick<PodSpec, 'affinity'> {
  const required = [{ topologyKey, labelSelector: { matchLabels: labels } }]
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
}
