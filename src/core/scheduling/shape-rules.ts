import type { Pod } from './kubernetes.ts'
import type { NodeClasses } from './node-classes.ts'
import type { Rules, Spread, Term } from './rules.ts'
import type { Counter, DomainRules, DomainSpread, HostPort, HostRules } from './shape.ts'
import { HOST } from './topology-keys.ts'
import type { VolumeNeeds } from './volumes.ts'

/** Which pods are counted where, gathered from the rules of all pods before any of them is compiled. */
export interface Ledger {
  readonly counters: readonly Counter[]
  /** Sets that rules of single nodes count. */
  readonly hostSets: ReadonlySet<number>
  counterOf(term: Term, by: CountedBy): number
  /** Counters that count the pods of a set. */
  ofSet(set: number): readonly number[]
  /** Counters of pods that want none of a set: they must be zero for its members. */
  avoidersOf(set: number): readonly number[]
}

/** `targets`: the pods of the set; `avoiders`: pods that want none of it; a number: the pods of the set that a spread of this class counts. */
export type CountedBy = 'targets' | 'avoiders' | { readonly text: string; readonly mask: Uint8Array }

export function createLedger(): Ledger & { readonly note: (rules: Rules) => void } {
  const numbers = new Map<string, number>()
  const counters: Counter[] = []
  const bySet = new Map<number, number[]>()
  const avoiders = new Map<number, number[]>()
  const hostSets = new Set<number>()
  const counterOf = ({ set, key }: Term, by: CountedBy): number => {
    const text = `${set}/${key}/${typeof by === 'string' ? by : by.text}`
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number = counters.push({ key, mask: typeof by === 'string' ? undefined : by.mask }) - 1
    numbers.set(text, number)
    append(by === 'avoiders' ? avoiders : bySet, set, number)
    return number
  }
  const note = ({ spreads, needs, avoids, prefers }: Rules): void => {
    for (const { set, key } of [...spreads, ...needs, ...avoids, ...prefers]) if (key === HOST) hostSets.add(set)
  }
  return {
    counters,
    hostSets,
    note,
    counterOf,
    ofSet: (set) => bySet.get(set) ?? [],
    avoidersOf: (set) => avoiders.get(set) ?? [],
  }
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}

/** The rules of a pod about its own node; undefined: there are none. */
export function hostRulesOf(pod: Pod, rules: Rules, of: HostFacts): HostRules | undefined {
  const atHost = ({ key }: Term): boolean => key === HOST
  const sets = of.sets.filter((set) => of.ledger.hostSets.has(set))
  const caps = rules.spreads.filter((spread) => spread.key === HOST && spread.isHard)
  const host: HostRules = {
    sets,
    caps: caps.map(({ set, maxSkew }) => ({ set, most: maxSkew })),
    avoids: rules.avoids.filter(atHost).map(({ set }) => set),
    needs: rules.needs.filter(atHost).map(({ set }) => set),
    ports: hostPortsOf(pod),
    attachments: of.volumes.attachments,
  }
  return Object.values(host).every((list) => list.length === 0) ? undefined : host
}

export interface HostFacts {
  /** Sets that the pod is in. */
  readonly sets: readonly number[]
  readonly ledger: Ledger
  readonly volumes: Pick<VolumeNeeds, 'attachments'>
}

/** Ports that a pod takes of its node. Sidecars keep theirs, other initial containers give them back. */
function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort = 0, containerPort = 0, hostIP = '', protocol = 'TCP' }) => {
      const port = hostPort === 0 && spec.hostNetwork === true ? containerPort : hostPort
      return port === 0 ? [] : [{ ip: hostIP === '' ? '0.0.0.0' : hostIP, protocol, port }]
    })
}

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
}

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
  const { classes, nodeClass, ledger, sets } = facts
  const { maxSkew, minDomains, isHard } = spread
  const keys = all.filter((other) => other.isHard === spread.isHard && other.key !== HOST).map(({ key }) => key)
  const mask = countedPlaces(spread, keys, facts)
  const text = `${nodeClass}/${spread.honorsAffinity}/${spread.honorsTaints}/${keys.join()}`
  const counter = ledger.counterOf(spread, { text, mask })
  const reachable = classes.at(nodeClass).mask
  const values = facts.domains[spread.key] ?? new Int32Array()
  const domains = new Set<number>()
  for (const [place, value] of values.entries()) {
    // A node that could be made is a domain when this pod could have it; one that runs, as the policies say.
    const counts = place < facts.existing ? mask[place] : reachable[place]
    if (value !== -1 && counts === 1) domains.add(value)
  }
  return {
    counter,
    maxSkew,
    minDomains,
    isHard,
    isSelf: sets.includes(spread.set),
    domains: [...domains].toSorted((a, b) => a - b),
  }
}

function countedPlaces(
  { honorsAffinity, honorsTaints }: Spread,
  keys: readonly number[],
  facts: DomainFacts,
): Uint8Array {
  const { byLabels, byTaints } = facts.classes.at(facts.nodeClass)
  return byLabels.map((bit, place) => {
    const isExcluded = (honorsAffinity && bit === 0) || (honorsTaints && byTaints[place] === 0)
    return Number(!isExcluded && keys.every((key) => (facts.domains[key]?.[place] ?? -1) !== -1))
  })
}
