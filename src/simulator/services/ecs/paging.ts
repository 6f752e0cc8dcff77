import { invalidParameter } from './faults.ts'
import { LEDGER } from './ledger.ts'

interface PageRequest {
  readonly operation: string
  readonly nextToken?: string | undefined
  readonly maxResults?: number | undefined
  readonly defaultResults?: number
  /** Direction of the keys; ascending unless said. */
  readonly order?: 'ASC' | 'DESC' | undefined
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextToken: string | undefined
}

/** The token says where the next page starts by key, so that it survives items that come and go. */
function startFrom(operation: string, token: string): string {
  const [prefix, key] = Buffer.from(token, 'base64url').toString().split('\n')
  if (prefix !== operation || key === undefined) throw invalidParameter('Invalid token.')
  return key
}

/**
 * One page of items that are already in the order of their keys.
 * Throws InvalidParameterException for a page size or token that this operation did not give.
 */
export function pageOf<Item>(items: readonly Item[], keyOf: (item: Item) => string, request: PageRequest): Page<Item> {
  const size = request.maxResults ?? request.defaultResults ?? LEDGER.listMax.value
  if (size < 1 || size > LEDGER.listMax.value) throw invalidParameter('maxResults must be between 1 and 100.')

  const after = request.nextToken === undefined ? undefined : startFrom(request.operation, request.nextToken)
  const rest = after === undefined ? items : items.filter((item) => isPast(keyOf(item), after, request.order))
  const page = rest.slice(0, size)
  const last = page.at(-1)
  const hasMore = rest.length > page.length && last !== undefined
  return {
    items: page,
    nextToken: hasMore ? Buffer.from(`${request.operation}\n${keyOf(last)}`).toString('base64url') : undefined,
  }
}

const isPast = (key: string, after: string, order: 'ASC' | 'DESC' = 'ASC'): boolean =>
  order === 'ASC' ? key > after : key < after

/** Orders texts as AWS lists them, by code unit. */
export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
