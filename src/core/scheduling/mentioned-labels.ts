import type { NodeRequirement } from './kubernetes.ts'
import { nodeDemandOf } from './node-affinity.ts'
import type { PodGroup } from './pod-groups.ts'

/** For each key of node labels that a pending pod mentions, values that would satisfy some of them. */
export function mentionedLabels(groups: readonly PodGroup[]): ReadonlyMap<string, ReadonlySet<string>> {
  const mentioned = new Map<string, Set<string>>()
  const mention = (key: string, values: readonly string[]): void => {
    const known = mentioned.get(key) ?? new Set<string>()
    for (const value of values) known.add(value)
    mentioned.set(key, known)
  }
  for (const { sample, volumes } of groups) {
    const { labels, selectors } = nodeDemandOf(sample.spec)
    for (const [key, value] of Object.entries(labels)) mention(key, [value])
    const preferred = sample.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    const terms = [
      ...[...selectors, ...volumes.selectors].flatMap(({ nodeSelectorTerms }) => nodeSelectorTerms),
      ...preferred.map(({ preference }) => preference),
    ]
    for (const requirement of terms.flatMap(({ matchExpressions = [] }) => matchExpressions)) {
      mention(requirement.key, hintsOf(requirement))
    }
    for (const { topologyKey } of sample.spec.topologySpreadConstraints ?? []) mention(topologyKey, [])
  }
  return mentioned
}

function hintsOf({ operator, values = [] }: NodeRequirement): readonly string[] {
  const bound = Number(values[0])
  switch (operator) {
    case 'In':
      return values
    case 'Gt':
      return [String(bound + 1)]
    case 'Lt':
      return [String(bound - 1)]
    case 'NotIn':
    case 'Exists':
    case 'DoesNotExist':
      // Any value will do: one that nobody else asks for.
      return operator === 'DoesNotExist' ? [] : ['true', 'any']
  }
}
