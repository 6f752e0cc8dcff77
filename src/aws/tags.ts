import type { Tags } from '../core/owner.ts'

// AWS has both spellings: ECS writes `key`, ECR writes `Key`.
interface LowerTag {
  readonly key?: string | undefined
  readonly value?: string | undefined
}
interface UpperTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** The list that ECS and most JSON services want; sorted, so that equal tags give equal requests. */
export function lowerTagsFrom(tags: Tags): { key: string; value: string }[] {
  return sortedEntries(tags).map(([key, value]) => ({ key, value }))
}

/** The list that ECR and the older services want; sorted. */
export function upperTagsFrom(tags: Tags): { Key: string; Value: string }[] {
  return sortedEntries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** Tags by key from either spelling. A tag without a value has the empty one. */
export function tagsFrom(list: readonly (LowerTag | UpperTag)[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(pairFrom).filter(([key]) => key !== ''))
}

function pairFrom(tag: LowerTag | UpperTag): readonly [string, string] {
  if ('Key' in tag) return [tag.Key ?? '', tag.Value ?? '']
  return 'key' in tag ? [tag.key ?? '', tag.value ?? ''] : ['', '']
}

function sortedEntries(tags: Tags): [string, string][] {
  return Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
