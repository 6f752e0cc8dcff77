import { isOwnTag, type Tags } from './owner.ts'
import type { Memo } from './plan.ts'

/** Which tags an AWS object must carry. */
export interface TagGoal {
  /** The ownership tags. */
  readonly owner: Tags
  /** The tags that the spec names. Undefined: the spec does not manage tags. */
  readonly wanted: Tags | undefined
}

export interface TagDifference {
  readonly set: Tags
  readonly remove: readonly string[]
  /** Has to be kept in the inventory entry: it tells which tags were ours to remove. */
  readonly memo: Memo
}

/** What is known of how the tags came to be as they are. */
export interface TagMemory {
  readonly memo: Memo
  /** As in `PlanInput`. */
  readonly isUnsure?: boolean
}

/** The ownership tags that something lacks: what an adoption sets, before anything else and alone. */
export function adoptionTags({ owner }: Pick<TagGoal, 'owner'>, observed: Tags): Tags {
  return Object.fromEntries(Object.entries(owner).filter(([key, value]) => observed[key] !== value))
}

const MEMO_KEY = 'tagKeys'

/**
 * What to change so that the goal's tags are there and those are gone that an earlier spec named. Everybody else's tags
 * stay. A key is remembered until it was seen to be gone, because the removal may fail; while reads may be
 * too old for that, not to see it means nothing.
 */
export function tagDifference(goal: TagGoal, observed: Tags, { memo, isUnsure = false }: TagMemory): TagDifference {
  const all = { ...goal.wanted, ...goal.owner }
  const set = Object.fromEntries(Object.entries(all).filter(([key, value]) => observed[key] !== value))
  if (goal.wanted === undefined) return { set, remove: [], memo: {} }

  const left = rememberedKeys(memo).filter((key) => !(key in all))
  const remove = left.filter((key) => key in observed)
  const keys = [...Object.keys(goal.wanted), ...(isUnsure ? left : remove)].toSorted()
  return { set, remove, memo: keys.length === 0 ? {} : { [MEMO_KEY]: JSON.stringify(keys) } }
}

/** Keys of our own tags among `tags`: what is taken off when something is released. */
export function ownTagKeys(tags: Tags): readonly string[] {
  return Object.keys(tags).filter(isOwnTag)
}

function rememberedKeys(memo: Memo): readonly string[] {
  const text = memo[MEMO_KEY]
  const keys: unknown = text === undefined ? [] : JSON.parse(text)
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []
}
