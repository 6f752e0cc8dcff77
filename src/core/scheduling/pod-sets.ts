import { selectorMatches, type LabelSelector, type Labels } from '../label-selector.ts'
import type { Namespace } from './kubernetes.ts'
import type { Identity } from './pod-groups.ts'

/** Which pods a rule counts: those of some namespaces that a selector matches, those in all of some earlier sets, or those that use a claim. */
export type PodSet =
  | { readonly type: 'selected'; readonly namespaces: readonly string[] | 'all'; readonly selector: LabelSelector }
  | { readonly type: 'all-of'; readonly sets: readonly number[] }
  | { readonly type: 'users'; readonly claim: string }

/** Gives equal sets of pods one number. */
export interface PodSets {
  idOf(set: PodSet): number
  /** Sets by their numbers. */
  all(): readonly PodSet[]
}

export function createPodSets(): PodSets {
  const ids = new Map<string, number>()
  const sets: PodSet[] = []
  return {
    idOf: (set) => {
      const text = JSON.stringify(set)
      const known = ids.get(text)
      if (known !== undefined) return known
      ids.set(text, sets.length)
      return sets.push(set) - 1
    },
    all: () => sets,
  }
}

/** For every identity the numbers of the sets that it is in, those of a claim's users apart, in ascending order. */
export function membershipsOf(
  sets: readonly PodSet[],
  identities: readonly Identity[],
): readonly (readonly number[])[] {
  const memberships = identities.map((): number[] => [])
  const byLabel = identitiesByLabel(identities)
  const everybody = identities.map((_, index) => index)
  const membersOf = (set: PodSet): readonly number[] => {
    switch (set.type) {
      case 'users':
        return []
      case 'all-of':
        return everybody.filter((index) => set.sets.every((part) => memberships[index]?.includes(part)))
      case 'selected':
        return (candidatesFor(set.selector, byLabel) ?? everybody).filter((index) => {
          const identity = identities[index]
          return identity !== undefined && contains(set, identity)
        })
    }
  }
  for (const [id, set] of sets.entries()) for (const index of membersOf(set)) memberships[index]?.push(id)
  return memberships
}

function contains(set: PodSet & { readonly type: 'selected' }, { namespace, labels }: Identity): boolean {
  if (set.namespaces !== 'all' && !set.namespaces.includes(namespace)) return false
  return selectorMatches(set.selector, labels)
}

/** Most selectors ask for exact labels: only who has one of them can be meant. */
function candidatesFor(
  { matchLabels = {} }: LabelSelector,
  byLabel: ReadonlyMap<string, readonly number[]>,
): readonly number[] | undefined {
  const [exact] = Object.entries(matchLabels)
  return exact === undefined ? undefined : (byLabel.get(exact.join('=')) ?? [])
}

function identitiesByLabel(identities: readonly Identity[]): ReadonlyMap<string, readonly number[]> {
  const byLabel = new Map<string, number[]>()
  for (const [index, { labels }] of identities.entries()) {
    for (const [key, value] of Object.entries(labels)) {
      const text = `${key}=${value}`
      const known = byLabel.get(text)
      if (known === undefined) byLabel.set(text, [index])
      else known.push(index)
    }
  }
  return byLabel
}

/** Answers which namespaces a namespace selector means. */
export interface NamespaceBook {
  matching(selector: LabelSelector): readonly string[] | 'all'
}

/** Knows the labels of namespaces that are given, and of all others their name. */
export function openNamespaceBook(namespaces: readonly Namespace[], used: Iterable<string>): NamespaceBook {
  const labels = new Map<string, Labels>()
  for (const name of used) labels.set(name, nameLabel(name))
  for (const { metadata } of namespaces) labels.set(metadata.name, { ...metadata.labels, ...nameLabel(metadata.name) })
  return {
    matching: (selector) => {
      const isEmpty = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
      if (isEmpty) return 'all'
      return [...labels].filter(([, own]) => selectorMatches(selector, own)).map(([name]) => name)
    },
  }
}

function nameLabel(name: string): Labels {
  return { 'kubernetes.io/metadata.name': name }
}
