import type { NodeClasses } from './node-classes.ts'
import type { Rules, Spread, Term } from './rules.ts'
import type { Ledger } from './shape-rules.ts'
import type { DomainRules, DomainSpread } from './shape.ts'
import { HOST } from './topology-keys.ts'

/** What has to be known of the nodes to judge larger domains. */
export interface DomainFacts {
  readonly sets: readonly number[]
  readonly ledger: Ledger
  readonly nodeClass: number
  readonly classes: NodeClasses
  /** For each key the number of its value per place; -1: no such label. */
  readonly domains: readonly Int32Array[]
  /** How many places exist already. */
  readonly existing: number
  readonly ignorePreferences: boolean
  readonly spans: SpanBook
}

/** Places whose pods a spread counts, and domains that it counts; the same for many pods. */
interface Span {
  /** What tells it from others. */
  readonly text: string
  readonly mask: Uint8Array
  /** By key. */
  readonly domains: Map<number, readonly number[]>
}

/** Spans that were worked out before, by their texts. */
export type SpanBook = Map<string, Span>

/** The rules of a pod about zones and other domains; undefined: nothing about it is counted there. Call for all pods before the ledger is read. */
export function declareDomainRules(rules: Rules, facts: DomainFacts): () => DomainRules | undefined {
  const { ledger } = facts
  const beyond = ({ key }: Term): boolean => key !== HOST
  const spreads = rules.spreads
    .filter((spread) => beyond(spread) && (spread.isHard || !facts.ignorePreferences))
    .map((spread) => domainSpread(spread, rules.spreads, facts))
  const needs = rules.needs.filter(beyond).map((term) => ({
    counter: ledger.counterOf(term, 'targets'),
    isSelf: facts.sets.includes(term.set),
    set: term.set,
  }))
  const avoided = rules.avoids.filter(beyond)
  const targets = avoided.map((term) => ledger.counterOf(term, 'targets'))
  const own = avoided.map((term) => ledger.counterOf(term, 'avoiders'))
  const prefers = (facts.ignorePreferences ? [] : rules.prefers.filter(beyond)).map((term) => ({
    counter: ledger.counterOf(term, 'targets'),
    weight: term.weight,
  }))
  return () => {
    const counted = [...new Set([...facts.sets.flatMap((set) => ledger.ofSet(set)), ...own])]
    const avoids = [...new Set([...targets, ...facts.sets.flatMap((set) => ledger.avoidersOf(set))])]
    const isFree = counted.length + avoids.length + spreads.length + needs.length + prefers.length === 0
    return isFree ? undefined : { counted, spreads, needs, avoids, prefers }
  }
}

function domainSpread(spread: Spread, all: readonly Spread[], facts: DomainFacts): DomainSpread {
  const { ledger, sets } = facts
  const { maxSkew, minDomains, isHard } = spread
  const span = spanOf(spread, all, facts)
  const domains = span.domains.get(spread.key) ?? domainsIn(span.mask, spread.key, facts)
  span.domains.set(spread.key, domains)
  const counter = ledger.counterOf(spread, span)
  return { counter, maxSkew, minDomains, isHard, isSelf: sets.includes(spread.set), domains }
}

function spanOf(spread: Spread, all: readonly Spread[], facts: DomainFacts): Span {
  const keys = all.filter((other) => other.isHard === spread.isHard && other.key !== HOST).map(({ key }) => key)
  const text = `${facts.nodeClass}/${spread.honorsAffinity}/${spread.honorsTaints}/${keys.join()}`
  const known = facts.spans.get(text)
  if (known !== undefined) return known
  const span = { text, mask: countedPlaces(spread, keys, facts), domains: new Map<number, readonly number[]>() }
  facts.spans.set(text, span)
  return span
}

/** The domains of a key: a node that could be made counts when this pod could have it; one that runs, as the policies say. */
function domainsIn(mask: Uint8Array, key: number, facts: DomainFacts): readonly number[] {
  const reachable = facts.classes.at(facts.nodeClass).mask
  const found = new Set<number>()
  for (const [place, value] of (facts.domains[key] ?? new Int32Array()).entries()) {
    const counts = place < facts.existing ? mask[place] : reachable[place]
    if (value !== -1 && counts === 1) found.add(value)
  }
  return [...found].toSorted((a, b) => a - b)
}

function countedPlaces(
  { honorsAffinity, honorsTaints }: Spread,
  keys: readonly number[],
  facts: DomainFacts,
): Uint8Array {
  const { byOwnLabels, byTaints } = facts.classes.at(facts.nodeClass)
  return byOwnLabels.map((bit, place) => {
    const isExcluded = (honorsAffinity && bit === 0) || (honorsTaints && byTaints[place] === 0)
    return Number(!isExcluded && keys.every((key) => (facts.domains[key]?.[place] ?? -1) !== -1))
  })
}
