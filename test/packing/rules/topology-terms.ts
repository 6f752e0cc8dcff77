import type { AffinityTerm, Expression, LabelSelector, Labels, SpreadConstraint } from '../documents.ts'
import { matchesSelector, valueOf } from './label-query.ts'
import type { Load } from './load.ts'

/** A question about other pods, with everything that depends on who asks filled in. */
export interface PodQuery {
  /** The same for queries that always have the same answer. */
  readonly signature: string
  selects(load: Load): boolean
}

/** A term of pod (anti-)affinity as one pod means it. */
export interface ResolvedTerm extends PodQuery {
  readonly topologyKey: string
}

/** Labels of namespaces; each has its name as a label, known or not ("Well-Known Labels", kubernetes.io/metadata.name). */
export type Namespaces = ReadonlyMap<string, Labels>

function namespaceLabels(namespaces: Namespaces, name: string): Labels {
  return { ...namespaces.get(name), 'kubernetes.io/metadata.name': name }
}

/**
 * API reference, PodAffinityTerm: namespaces and namespaceSelector add up, and with neither it is the pod's own; an empty
 * namespaceSelector is every namespace; a term without labelSelector matches no pod.
 */
export function resolveTerm(term: AffinityTerm, owner: Load, namespaces: Namespaces): ResolvedTerm {
  const { topologyKey, namespaceSelector } = term
  const named = term.namespaces ?? []
  const listed = named.length === 0 && namespaceSelector === undefined ? [owner.namespace] : named
  const selector = selectorWithKeys(term, owner.labels)
  return {
    topologyKey,
    signature: JSON.stringify([topologyKey, selector, listed, namespaceSelector]),
    selects: (load) =>
      matchesSelector(selector, load.labels) &&
      (listed.includes(load.namespace) ||
        matchesSelector(namespaceSelector, namespaceLabels(namespaces, load.namespace))),
  }
}

/** All the terms at once, as the scheduler has it: a pod counts if every term selects it. */
export function allOf(terms: readonly ResolvedTerm[]): PodQuery {
  return {
    signature: JSON.stringify(terms.map(({ signature }) => signature)),
    selects: (load) => terms.every((term) => term.selects(load)),
  }
}

/** "Pod Topology Spread Constraints": pods of the same namespace, selected by labelSelector and matchLabelKeys. */
export function resolveSpread(constraint: SpreadConstraint, owner: Load): PodQuery {
  const selector = selectorWithKeys(constraint, owner.labels)
  return {
    signature: JSON.stringify([owner.namespace, selector]),
    selects: (load) => load.namespace === owner.namespace && matchesSelector(selector, load.labels),
  }
}

/** What may carry keys to look up in the labels of the pod that asks. */
interface Keyed {
  readonly labelSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

/** matchLabelKeys become `key In (own value)`, mismatchLabelKeys `key NotIn (own value)`; keys that the pod lacks are ignored. */
function selectorWithKeys(keyed: Keyed, own: Labels): LabelSelector | undefined {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = keyed
  if (labelSelector === undefined) return undefined
  const extra = [
    ...matchLabelKeys.flatMap((key) => ownValue(key, 'In', own)),
    ...mismatchLabelKeys.flatMap((key) => ownValue(key, 'NotIn', own)),
  ]
  return { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...extra] }
}

function ownValue(key: string, operator: string, own: Labels): readonly Expression[] {
  const value = valueOf(own, key)
  return value === undefined ? [] : [{ key, operator, values: [value] }]
}

/** The terms that the scheduler must keep; preferences are none of the checker's business. */
export function requiredAffinity({ spec }: Load): readonly AffinityTerm[] {
  return spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
}

export function requiredAntiAffinity({ spec }: Load): readonly AffinityTerm[] {
  return spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
}

export function hardSpread({ spec }: Load): readonly SpreadConstraint[] {
  return (spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway',
  )
}
