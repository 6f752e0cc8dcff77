import { isOwnTag, type Tags } from '../../core/owner.ts'

/** What to write so that the tags which the spec names are there, and those that it no longer names are gone. */
export interface TagChanges {
  readonly set: Tags
  readonly remove: readonly string[]
}

/** Tags that neither the spec names nor named before belong to others. `desired` undefined: not managed. */
export function tagChangesBetween(
  observed: Tags,
  desired: Tags | undefined,
  namedBefore: readonly string[],
): TagChanges {
  if (desired === undefined) return { set: {}, remove: [] }
  const changed = Object.entries(desired).filter(([key, value]) => observed[key] !== value)
  const dropped = namedBefore.filter((key) => !(key in desired) && key in observed && !isOwnTag(key))
  return { set: Object.fromEntries(changed), remove: dropped }
}
