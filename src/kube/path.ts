import type { ResourceType } from './cluster.ts'

export interface PathOptions {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
}

/** The path of a collection, an object or a subresource below the API server's root. The core group is ''. */
export function pathOf(type: ResourceType, { namespace, name, subresource }: PathOptions = {}): string {
  const group = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`
  const scope = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`
  return `${group}${scope}/${type.plural}${object}${subresource === undefined ? '' : `/${subresource}`}`
}

/** `path?query`, leaving out what is undefined. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const known = Object.entries(query).filter(([, value]) => value !== undefined)
  if (known.length === 0) return path
  return `${path}?${new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString()}`
}
