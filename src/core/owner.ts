/** The Kubernetes object that an AWS object belongs to. */
export interface Owner {
  /** Setting; default: the uid of the namespace kube-system. Survives a move to another cluster. */
  readonly installationId: string
  readonly namespace: string
  readonly kind: string
  readonly name: string
}

/** AWS tags by key. */
export type Tags = Readonly<Record<string, string>>

const PREFIX = 'longshore.dev/'

/** The tags that mark an AWS object as ours. */
export function ownershipTags({ installationId, namespace, kind, name }: Owner): Tags {
  // Written out: keys that are put together cost as much as everything else in a comparison, and each pass compares.
  return {
    'longshore.dev/installation': installationId,
    'longshore.dev/namespace': namespace,
    'longshore.dev/kind': kind,
    'longshore.dev/name': name,
  }
}

export type Ownership = 'ours' | 'foreign'

/** Whose the AWS object with these tags is. */
export function ownershipOf(tags: Tags, owner: Owner): Ownership {
  const wanted = ownershipTags(owner)
  return Object.keys(wanted).every((key) => tags[key] === wanted[key]) ? 'ours' : 'foreign'
}

/**
 * Whether the AWS object with these tags may be taken over: no owner is named, or only parts of our own name, as somebody
 * leaves them who removes a tag by hand.
 */
export function isAdoptable(tags: Tags, owner: Owner): boolean {
  return Object.entries(ownershipTags(owner)).every(([key, value]) => tags[key] === undefined || tags[key] === value)
}

/** Who owns the AWS object with these tags, in words for a condition; undefined: nobody that we know. */
export function ownerIn(tags: Tags): string | undefined {
  const kind = tags['longshore.dev/kind']
  if (kind === undefined) return undefined
  const { 'longshore.dev/namespace': namespace = '?', 'longshore.dev/name': name = '?' } = tags
  return `${kind} ${namespace}/${name} of installation ${tags['longshore.dev/installation'] ?? '?'}`
}

/** Tags in this name space are ours: never taken from a spec, never left on something we release. */
export function isOwnTag(key: string): boolean {
  return key.startsWith(PREFIX)
}
