import type { Host } from './host.ts'
import type { Load } from './load.ts'
import type { PodQuery } from './topology-terms.ts'

/** Where a pod runs. */
export interface Placement {
  readonly load: Load
  readonly host: Host
}

/** How many of the pods that a query selects run in each domain. */
export interface Tally {
  readonly counts: ReadonlyMap<string, number>
  /** Over all domains. */
  total(): number
  at(domain: string | undefined): number
  change(placement: Placement, by: 1 | -1): void
}

/** `domainOf` says in which domain a host is; undefined: it does not count. */
export function createTally(query: PodQuery, domainOf: (host: Host) => string | undefined): Tally {
  const counts = new Map<string, number>()
  const selected = new Map<string, boolean>()
  const domains = new Map<Host, string | undefined>()
  let total = 0

  function isSelected(load: Load): boolean {
    const answer = selected.get(load.identity) ?? query.selects(load)
    selected.set(load.identity, answer)
    return answer
  }
  function domain(host: Host): string | undefined {
    if (!domains.has(host)) domains.set(host, domainOf(host))
    return domains.get(host)
  }

  return {
    counts,
    total: () => total,
    at: (value) => (value === undefined ? 0 : (counts.get(value) ?? 0)),
    change({ load, host }, by) {
      const value = isSelected(load) ? domain(host) : undefined
      if (value === undefined) return
      counts.set(value, (counts.get(value) ?? 0) + by)
      total += by
    },
  }
}
