/** One page of a listing: its items and the token of the next page. */
export type Page = readonly [items: readonly string[] | undefined, nextToken: string | undefined]

/** The items of all pages, in order. */
export async function allPages(read: (nextToken: string | undefined) => Promise<Page>): Promise<readonly string[]> {
  const found: string[] = []
  let nextToken: string | undefined
  do {
    const [items = [], next] = await read(nextToken)
    found.push(...items)
    nextToken = next
  } while (nextToken !== undefined)
  return found
}
