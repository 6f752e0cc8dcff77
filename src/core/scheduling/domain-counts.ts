import type { Model } from './model.ts'
import type { DomainNeed, DomainRules, DomainSpread } from './shape.ts'

/** Pods counted per zone or other domain while they are placed: changed in place. */
export interface DomainCounts {
  readonly counters: Model['counters']
  /** For each topology key the number of its value per place; -1: no such label. */
  readonly domains: Model['domains']
  /** By counter and number of the value. */
  readonly counts: readonly Int32Array[]
  /** By counter: all domains together. */
  readonly totals: Float64Array
}

export function createDomainCounts({ counters, domains }: Pick<Model, 'counters' | 'domains'>): DomainCounts {
  const sizes = domains.map((column) => 1 + column.reduce((most, value) => Math.max(most, value), -1))
  const counts = counters.map(({ key }) => new Int32Array(sizes[key] ?? 0))
  return { counters, domains, counts, totals: new Float64Array(counters.length) }
}

export function copyOfCounts(from: DomainCounts): DomainCounts {
  return {
    ...from,
    counts: from.counts.map((column) => Int32Array.from(column)),
    totals: Float64Array.from(from.totals),
  }
}

/** Counts so many pods more at a place, in those of the counters that count pods there. */
export function countPods(all: DomainCounts, some: readonly number[], place: number, pods: number): void {
  for (const counter of some) {
    const column = all.counts[counter]
    if (column === undefined || (all.counters[counter]?.mask?.[place] ?? 1) === 0) continue
    const domain = domainAt(all, counter, place)
    // Who is in no domain is not there, for the first of a group neither.
    if (domain === -1) continue
    all.totals[counter] = (all.totals[counter] ?? 0) + pods
    column[domain] = (column[domain] ?? 0) + pods
  }
}

export type DomainObjection = 'spread' | 'affinity' | 'anti-affinity'

/** What keeps one more pod with these rules off a place; undefined: nothing does. */
export function objectionTo(all: DomainCounts, rules: DomainRules, place: number): DomainObjection | undefined {
  for (const spread of rules.spreads) {
    if (spread.isHard && skewAt(all, spread, place) > spread.maxSkew) return 'spread'
  }
  for (const counter of rules.avoids) if (countAt(all, counter, place) > 0) return 'anti-affinity'
  const isMet = rules.needs.every((need) => countAt(all, need.counter, place) > 0 || mayBegin(all, rules, need, place))
  return isMet ? undefined : 'affinity'
}

/** The first of a group that wants to be together may go anywhere. */
function mayBegin(all: DomainCounts, { needs }: DomainRules, { set }: DomainNeed, place: number): boolean {
  return needs.every(
    (need) =>
      need.set !== set || (need.isSelf && all.totals[need.counter] === 0 && domainAt(all, need.counter, place) !== -1),
  )
}

/** How much soft rules like a place: the more the better. */
export function likingOf(all: DomainCounts, { prefers, spreads }: DomainRules, place: number): number {
  let liking = 0
  for (const { counter, weight } of prefers) if (countAt(all, counter, place) > 0) liking += weight
  for (const spread of spreads) {
    if (!spread.isHard) liking -= Math.min(WORST_SKEW, Math.max(0, skewAt(all, spread, place) - spread.maxSkew))
  }
  return liking
}

/** How many pods share a domain with a place, added up over the spreads that count these pods. */
export function crowdOf(all: DomainCounts, { counted }: DomainRules, place: number): number {
  let crowd = 0
  for (const counter of counted) if (all.counters[counter]?.isSpread === true) crowd += countAt(all, counter, place)
  return crowd
}

/** A node without the label of a soft spread is worse than any skew. */
const WORST_SKEW = 1e6

/** How far a domain with one more pod is above the emptiest one. */
function skewAt(all: DomainCounts, spread: DomainSpread, place: number): number {
  if (domainAt(all, spread.counter, place) === -1) return Infinity
  return countAt(all, spread.counter, place) + Number(spread.isSelf) - levelOf(all, spread)
}

function levelOf({ counts }: DomainCounts, { counter, domains, minDomains }: DomainSpread): number {
  if (domains.length < minDomains) return 0
  let least = Infinity
  for (const domain of domains) least = Math.min(least, counts[counter]?.[domain] ?? 0)
  return least === Infinity ? 0 : least
}

function domainAt({ counters, domains }: DomainCounts, counter: number, place: number): number {
  return domains[counters[counter]?.key ?? 0]?.[place] ?? -1
}

function countAt(all: DomainCounts, counter: number, place: number): number {
  const domain = domainAt(all, counter, place)
  return domain === -1 ? 0 : (all.counts[counter]?.[domain] ?? 0)
}
