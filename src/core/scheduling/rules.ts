import { sortedEntries, type LabelSelector } from '../label-selector.ts'
import type { Pod, PodAffinityTerm, TopologySpreadConstraint } from './kubernetes.ts'
import type { NamespaceBook, PodSet, PodSets } from './pod-sets.ts'
import type { TopologyKeys } from './topology-keys.ts'
import { ZONE } from './well-known.ts'

/** Pods of a set, counted per domain of a key of node labels. Both are numbers of `PodSets` and `TopologyKeys`. */
export interface Term {
  readonly set: number
  readonly key: number
}

/** A topology spread constraint. */
export interface Spread extends Term {
  readonly maxSkew: number
  readonly minDomains: number
  readonly isHard: boolean
  /** Whether nodes that the pod does not fit by labels are no domains. */
  readonly honorsAffinity: boolean
  /** Whether nodes with taints that the pod does not tolerate are no domains. */
  readonly honorsTaints: boolean
}

/** What a pod demands of the company it keeps. */
export interface Rules {
  readonly spreads: readonly Spread[]
  /** A domain must hold a pod of the set already. */
  readonly needs: readonly Term[]
  /** A domain must hold no pod of the set. */
  readonly avoids: readonly Term[]
  readonly prefers: readonly (Term & { readonly weight: number })[]
}

export interface RuleBooks {
  readonly sets: PodSets
  readonly keys: TopologyKeys
  readonly namespaces: NamespaceBook
}

/**
 * The rules of a pod. Claims that several pods share, and that have no volume yet, keep their users in one zone.
 * Source: Kubernetes, "Pod Topology Spread Constraints", "Assigning Pods to Nodes".
 */
export function rulesOf(pod: Pod, sharedClaims: readonly string[], books: RuleBooks): Rules {
  const { affinity, topologySpreadConstraints = [] } = pod.spec
  const { podAffinity, podAntiAffinity } = affinity ?? {}
  const term = (of: PodAffinityTerm): Term => termFrom(of, pod, books)
  const claims = sharedClaims.map((claim) => ({
    set: books.sets.idOf({ type: 'users', claim }),
    key: books.keys.indexOf(ZONE),
  }))
  return {
    spreads: topologySpreadConstraints.map((constraint) => spreadFrom(constraint, pod, books)),
    needs: [
      ...neededTerms((podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(term), books),
      ...claims,
    ],
    avoids: avoidedTerms(pod, books),
    prefers: [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
        ...term(podAffinityTerm),
        weight,
      })),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ weight, podAffinityTerm }) => ({ ...term(podAffinityTerm), weight: -weight }),
      ),
    ],
  }
}

/**
 * Required affinity to several sets is to pods that are in all of them, wherever each term looks. Source: Kubernetes'
 * scheduler, plugin InterPodAffinity.
 */
function neededTerms(terms: readonly Term[], { sets }: RuleBooks): readonly Term[] {
  const parts = [...new Set(terms.map(({ set }) => set))].toSorted((a, b) => a - b)
  if (parts.length < 2) return terms
  const set = sets.idOf({ type: 'all-of', sets: parts })
  return terms.map(({ key }) => ({ set, key }))
}

/** The required anti-affinity of a pod, which binds others as much as itself. */
export function avoidedTerms(pod: Pod, books: RuleBooks): readonly Term[] {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  return terms.map((term) => termFrom(term, pod, books))
}

function termFrom(term: PodAffinityTerm, pod: Pod, { sets, keys, namespaces }: RuleBooks): Term {
  const set: PodSet = {
    type: 'selected',
    namespaces: namespacesOf(term, pod, namespaces),
    selector: narrowed(term.labelSelector, [
      ...ownValues(pod, term.matchLabelKeys, 'In'),
      ...ownValues(pod, term.mismatchLabelKeys, 'NotIn'),
    ]),
  }
  return { set: sets.idOf(set), key: keys.indexOf(term.topologyKey) }
}

function namespacesOf(term: PodAffinityTerm, pod: Pod, book: NamespaceBook): readonly string[] | 'all' {
  const { namespaces = [], namespaceSelector } = term
  if (namespaceSelector === undefined) {
    return namespaces.length > 0 ? namespaces.toSorted() : [pod.metadata.namespace ?? 'default']
  }
  const selected = book.matching(namespaceSelector)
  return selected === 'all' ? 'all' : [...new Set([...namespaces, ...selected])].toSorted()
}

type Expression = NonNullable<LabelSelector['matchExpressions']>[number]

/** Keys that a pod does not carry do not narrow anything. */
function ownValues({ metadata }: Pod, keys: readonly string[] = [], operator: 'In' | 'NotIn'): readonly Expression[] {
  return keys.flatMap((key) => {
    const value = metadata.labels?.[key]
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
}

/** A selector that matches nothing when there was none. */
function narrowed(selector: LabelSelector | undefined, expressions: readonly Expression[]): LabelSelector {
  if (selector === undefined) return { matchExpressions: [{ key: '', operator: 'In', values: [] }] }
  const matchLabels = Object.fromEntries(sortedEntries(selector.matchLabels ?? {}))
  return { matchLabels, matchExpressions: [...(selector.matchExpressions ?? []), ...expressions] }
}

function spreadFrom(constraint: TopologySpreadConstraint, pod: Pod, { sets, keys }: RuleBooks): Spread {
  const { topologyKey, maxSkew, whenUnsatisfiable, labelSelector, minDomains = 1, matchLabelKeys } = constraint
  const set: PodSet = {
    type: 'selected',
    namespaces: [pod.metadata.namespace ?? 'default'],
    selector: narrowed(labelSelector, ownValues(pod, matchLabelKeys, 'In')),
  }
  return {
    set: sets.idOf(set),
    key: keys.indexOf(topologyKey),
    maxSkew,
    minDomains,
    isHard: whenUnsatisfiable === 'DoNotSchedule',
    honorsAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
    honorsTaints: constraint.nodeTaintsPolicy === 'Honor',
  }
}
