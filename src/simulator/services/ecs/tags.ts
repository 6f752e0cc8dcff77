import type { Tag } from '@aws-sdk/client-ecs'
import { invalidParameter } from './faults.ts'
import { LEDGER } from './ledger.ts'
import type { EcsState } from './state.ts'

function checkTag({ key = '', value = '' }: Tag): void {
  if (key.length < 1 || key.length > LEDGER.tagKeyLength.value)
    throw invalidParameter('Tag keys must be 1 to 128 characters long.')
  if (value.length > LEDGER.tagValueLength.value)
    throw invalidParameter('Tag values must be at most 256 characters long.')
  if (/^aws:/i.test(key) || /^aws:/i.test(value))
    throw invalidParameter('Tag keys and values cannot start with the reserved prefix aws:.')
}

/** Throws InvalidParameterException for tags that ECS refuses (Amazon ECS API Reference, Tag). */
export function checkTags(tags: readonly Tag[] | undefined): void {
  for (const tag of tags ?? []) checkTag(tag)
  const keys = new Set(tags?.map(({ key }) => key))
  if (keys.size !== (tags?.length ?? 0)) throw invalidParameter('Duplicate tag keys found.')
  if (keys.size > LEDGER.tagsMax.value) throw invalidParameter('The maximum number of tags (50) was exceeded.')
}

export const tagsOf = (state: EcsState, arn: string): Tag[] => [...(state.tags[arn] ?? [])]

/** Adds tags; one that is there already takes the new value. */
export function putTags(state: EcsState, arn: string, tags: readonly Tag[] | undefined): void {
  if (!tags?.length) return
  const given = new Set(tags.map(({ key }) => key))
  const kept = (state.tags[arn] ?? []).filter(({ key }) => !given.has(key))
  const merged = [...kept, ...tags.map(({ key, value }) => ({ key, value: value ?? '' }))]
  // Tags that AWS itself sets do not count.
  if (merged.filter(({ key }) => !key?.startsWith('aws:')).length > LEDGER.tagsMax.value)
    throw invalidParameter('The maximum number of tags (50) was exceeded.')
  state.tags[arn] = merged
}

export function dropTags(state: EcsState, arn: string): void {
  delete state.tags[arn]
}
