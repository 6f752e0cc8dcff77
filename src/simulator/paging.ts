import { AwsFault } from './service.ts'

export interface PageRequest<T> {
  readonly items: readonly T[]
  /** What items are ordered by; unique. Pages continue after a key, so deletions in between neither repeat nor skip. */
  readonly keyOf: (item: T) => string
  readonly limit: number
  readonly token: string | undefined
  /** What is listed, with its filters: a token of another list is refused. */
  readonly list: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken?: string
}

/** Cuts one page out of a list, in the order of its keys. Throws `InvalidParameterException` for tokens of other lists. */
export function pageOf<T>({ items, keyOf, limit, token, list }: PageRequest<T>): Page<T> {
  const after = token === undefined ? undefined : keyFrom(token, list)
  const ordered = items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((left, right) => compare(left.key, right.key))
    .filter(({ key }) => after === undefined || compare(key, after) > 0)
  const page = ordered.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(({ item }) => item),
    ...(last && ordered.length > limit && { nextToken: tokenFor(last.key, list) }),
  }
}

/** By code unit: the same on every machine, unlike the locale's order. */
function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function tokenFor(key: string, list: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url')
}

function keyFrom(token: string, list: string): string {
  const [tokenList, key] = parseToken(token)
  if (tokenList !== list || typeof key !== 'string') {
    throw new AwsFault('InvalidParameterException', 'Invalid parameter: the nextToken does not belong to this list')
  }
  return key
}

function parseToken(token: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
