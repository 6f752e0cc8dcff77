import type { Labels } from '../label-selector.ts'
import type { Container, Pod, PodAffinityTerm, PodSpec } from './kubernetes.ts'
import type { VolumeBook, VolumeNeeds } from './volumes.ts'

/** A pod as selectors of other pods see it. */
export interface Identity {
  readonly namespace: string
  /** Of its labels those that some selector mentions. */
  readonly labels: Labels
}

/** Pods that nothing tells apart, by their indices. */
export interface PodGroup {
  readonly sample: Pod
  readonly identity: number
  readonly volumes: VolumeNeeds
  readonly pods: readonly number[]
}

export interface PodGroups {
  readonly identities: readonly Identity[]
  readonly pending: readonly PodGroup[]
  /** Pods of one identity with the same anti-affinity, ports and volumes. */
  readonly bound: readonly PodGroup[]
}

/**
 * Groups pods by all that can matter to where they run. Labels that no selector mentions (the name of a StatefulSet's pod,
 * the hash of a template) do not keep pods apart.
 */
export function groupPods(pods: readonly Pod[], volumes: VolumeBook): PodGroups {
  const keys = mentionedKeys(pods)
  const identities = new Map<string, { readonly index: number; readonly identity: Identity }>()
  const pending = new Map<string, PodGroup & { readonly pods: number[] }>()
  const bound = new Map<string, PodGroup & { readonly pods: number[] }>()
  for (const [index, pod] of pods.entries()) {
    const identity = identify(pod, keys, identities)
    const needs = volumes.needsOf(pod)
    const isBound = isAssigned(pod)
    const groups = isBound ? bound : pending
    const key = `${identity}|${isBound ? companyText(pod.spec, needs) : specText(pod.spec, needs)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { sample: pod, identity, volumes: needs, pods: [index] })
    else group.pods.push(index)
  }
  return {
    identities: [...identities.values()].map(({ identity }) => identity),
    pending: [...pending.values()],
    bound: [...bound.values()],
  }
}

/** Whether a pod has a node already. */
function isAssigned({ spec }: Pod): boolean {
  return spec.nodeName !== undefined && spec.nodeName !== ''
}

function identify(
  { metadata }: Pod,
  keys: readonly string[] | undefined,
  known: Map<string, { readonly index: number; readonly identity: Identity }>,
): number {
  const { namespace = 'default', labels = {} } = metadata
  // Without any selector nothing sees a pod's labels or namespace.
  const text = keys === undefined ? '' : `${namespace}|${keys.map((key) => labels[key] ?? '\u0000').join('|')}`
  const found = known.get(text)
  if (found !== undefined) return found.index
  const mentioned = (keys ?? []).flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]] as const]))
  const entry = { index: known.size, identity: { namespace, labels: Object.fromEntries(mentioned) } }
  known.set(text, entry)
  return entry.index
}

/** Keys of pod labels that any selector or list of keys mentions; undefined: there is no selector at all. */
function mentionedKeys(pods: readonly Pod[]): readonly string[] | undefined {
  const texts = new Set<string>()
  const keys = new Set<string>()
  for (const { spec } of pods) {
    const { podAffinity, podAntiAffinity } = spec.affinity ?? {}
    const parts = [podAffinity, podAntiAffinity, spec.topologySpreadConstraints]
    if (parts.every((part) => part === undefined)) continue
    const text = JSON.stringify(parts)
    if (texts.has(text)) continue
    texts.add(text)
    for (const key of keysIn(spec)) keys.add(key)
  }
  return texts.size === 0 ? undefined : [...keys].toSorted()
}

function keysIn({ affinity, topologySpreadConstraints = [] }: PodSpec): readonly string[] {
  const terms = [...termsOf(affinity?.podAffinity), ...termsOf(affinity?.podAntiAffinity), ...topologySpreadConstraints]
  return terms.flatMap((term) => [
    ...Object.keys(term.labelSelector?.matchLabels ?? {}),
    ...(term.labelSelector?.matchExpressions ?? []).map(({ key }) => key),
    ...(term.matchLabelKeys ?? []),
    ...('mismatchLabelKeys' in term ? (term.mismatchLabelKeys ?? []) : []),
  ])
}

type PodAffinity = NonNullable<NonNullable<PodSpec['affinity']>['podAffinity']>

function termsOf(affinity: PodAffinity | undefined): readonly PodAffinityTerm[] {
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  return [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...preferred.map(({ podAffinityTerm }) => podAffinityTerm),
  ]
}

/** What of a pod that has a node can matter to others. */
function companyText({ affinity, containers, initContainers, hostNetwork }: PodSpec, volumes: VolumeNeeds): string {
  const ports = [...containers, ...(initContainers ?? [])].map((container) => [
    container.ports,
    container.restartPolicy,
  ])
  return JSON.stringify([affinity?.podAntiAffinity, ports, hostNetwork, volumes.attachments, volumes.sharedClaims])
}

function specText(spec: PodSpec, volumes: VolumeNeeds): string {
  const containers = spec.containers.map(containerText).join()
  const initContainers = spec.initContainers?.map(containerText).join() ?? ''
  const rest = [spec.overhead, spec.resources, spec.hostNetwork, spec.nodeSelector, spec.affinity, spec.tolerations]
  const needs = volumes.attachments.length + volumes.selectors.length > 0 || volumes.failure !== undefined
  return `${containers}|${initContainers}|${rest.map(textOf).join('|')}|${textOf(spec.topologySpreadConstraints)}|${needs ? JSON.stringify(volumes) : ''}`
}

function containerText({ resources, ports, restartPolicy = '' }: Container): string {
  return `${textOf(resources)}${ports === undefined ? '' : JSON.stringify(ports)}${restartPolicy}`
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
}
