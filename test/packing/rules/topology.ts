import type { SpreadConstraint } from '../documents.ts'
import type { Reading } from './claims.ts'
import type { Host } from './host.ts'
import { valueOf } from './label-query.ts'
import type { Load } from './load.ts'
import { type Certainty, isIncluded, offeredValues } from './offers.ts'
import type { Problem } from './problem.ts'
import { type Placement, type Tally, createTally } from './tally.ts'
import {
  type PodQuery,
  type ResolvedTerm,
  allOf,
  hardSpread,
  requiredAffinity,
  requiredAntiAffinity,
  resolveSpread,
  resolveTerm,
} from './topology-terms.ts'
import { HOSTNAME } from './well-known.ts'

/** What depends on which pods run where. It lives as long as a check does. */
export interface Topology {
  add(placement: Placement): void
  remove(placement: Placement): void
  /** Required pod affinity and hard spread that a pod would break if it arrived now; the order of arrival matters to them. */
  arrivalComplaints(placement: Placement, reading: Reading): readonly string[]
  /** The part of them that is about affinity, and that about one hard spread constraint of the pod. */
  affinityComplaints(placement: Placement, reading: Reading): readonly string[]
  spreadComplaints(placement: Placement, constraint: SpreadConstraint, reading: Reading): readonly string[]
  /** Pods there whose hard spread holds now and would not if the pod came, though the scheduler never looks again. */
  disturbed(placement: Placement): readonly string[]
  /** The pods that one of the pod's affinity terms or hard spread constraints is about. */
  looksAt(load: Load): (other: Load) => boolean
  /** Required anti-affinity between a pod, arrived or not, and those that run, in either direction; order does not matter. */
  antiAffinityComplaints(placement: Placement): readonly string[]
}

/** The required terms of a pod, with who asks filled in. */
interface Terms {
  readonly affinity: readonly ResolvedTerm[]
  readonly antiAffinity: readonly ResolvedTerm[]
}

export function createTopology(problem: Problem): Topology {
  const placements = new Set<Placement>()
  const tallies = new Map<string, Tally>()
  /** Pods that carry an anti-affinity term, by domain: "Assigning Pods to Nodes" has the scheduler look both ways. */
  const carriers = new Map<string, { readonly term: ResolvedTerm; readonly tally: Tally }>()
  const resolved = new Map<string, Terms>()
  const domainSets = new Map<string, ReadonlySet<string>>()

  function termsOf(load: Load): Terms {
    const before = resolved.get(load.shape)
    if (before) return before
    const resolve = (term: ResolvedTerm | Parameters<typeof resolveTerm>[0]) =>
      resolveTerm(term, load, problem.namespaces)
    const terms = {
      affinity: requiredAffinity(load).map(resolve),
      antiAffinity: requiredAntiAffinity(load).map(resolve),
    }
    resolved.set(load.shape, terms)
    return terms
  }

  function tallyOf(query: PodQuery, scope: string, domainOf: (host: Host) => string | undefined): Tally {
    const signature = JSON.stringify([query.signature, scope])
    const before = tallies.get(signature)
    if (before) return before
    const tally = createTally(query, domainOf)
    for (const placement of placements) tally.change(placement, 1)
    tallies.set(signature, tally)
    return tally
  }

  function tallyOver(query: PodQuery, key: string): Tally {
    return tallyOf(query, key, ({ labels }) => valueOf(labels, key))
  }

  function change(placement: Placement, by: 1 | -1): void {
    for (const tally of tallies.values()) tally.change(placement, by)
    // A term that a pod has twice is one term.
    const terms = new Map(termsOf(placement.load).antiAffinity.map((term) => [term.signature, term]))
    for (const term of terms.values()) carrierOf(term).tally.change(placement, by)
  }

  function carrierOf(term: ResolvedTerm): { readonly term: ResolvedTerm; readonly tally: Tally } {
    const before = carriers.get(term.signature)
    if (before) return before
    const everyone: PodQuery = { signature: '', selects: () => true }
    const carrier = { term, tally: createTally(everyone, ({ labels }) => valueOf(labels, term.topologyKey)) }
    carriers.set(term.signature, carrier)
    return carrier
  }

  function affinityComplaints({ load, host }: Placement, reading: Reading): readonly string[] {
    const { affinity } = termsOf(load)
    const lacking = affinity.find(({ topologyKey }) => valueOf(host.labels, topologyKey) === undefined)
    if (lacking) return [`affinity: the node has no ${lacking.topologyKey}`]
    const all = allOf(affinity)
    const isMet = (query: (term: ResolvedTerm) => PodQuery) =>
      affinity.every((term) => tallyOver(query(term), term.topologyKey).at(valueOf(host.labels, term.topologyKey)) > 0)
    // The API reference intersects the terms' nodes; the scheduler wants pods that match all terms. Blame needs both.
    if (isMet(() => all) || (reading === 'lenient' && isMet((term) => term))) return []
    // Daemons that are yet to come may be there first: who waits for them waits for nobody else.
    if (reading === 'lenient' && host.daemons.some((daemon) => all.selects(daemon))) return []
    // Else the first pod of a group could never start: it may, if it matches itself and nobody else does anywhere.
    const isFirst = affinity.every((term) => tallyOver(all, term.topologyKey).total() === 0) && all.selects(load)
    return isFirst ? [] : ['required pod affinity finds no pod in the domain']
  }

  function antiAffinityComplaints(placement: Placement): readonly string[] {
    const { load, host } = placement
    const own = placements.has(placement) ? 1 : 0
    const ours = termsOf(load).antiAffinity.filter((term) => {
      const self = term.selects(load) ? own : 0
      return tallyOver(term, term.topologyKey).at(valueOf(host.labels, term.topologyKey)) > self
    })
    const theirs = [...carriers.values()].filter(({ term, tally }) => {
      const self = termsOf(load).antiAffinity.some(({ signature }) => signature === term.signature) ? own : 0
      return term.selects(load) && tally.at(valueOf(host.labels, term.topologyKey)) > self
    })
    return [
      ...ours.map(({ topologyKey }) => `required anti-affinity over ${topologyKey} finds a pod in the domain`),
      ...theirs.map(
        ({ term }) => `the required anti-affinity over ${term.topologyKey} of a pod in the domain forbids it`,
      ),
    ]
  }

  function spreadComplaints(placement: Placement, constraint: SpreadConstraint, reading: Reading): readonly string[] {
    const { topologyKey, maxSkew } = constraint
    const excess = excessOf(placement, constraint, hardSpread(placement.load))
    const readings: readonly Certainty[] = ['sure', 'possible']
    const isKept = (certainty: Certainty) => excess(certainty) <= maxSkew
    const kept = reading === 'lenient' ? readings.some(isKept) : readings.every(isKept)
    return kept ? [] : [`topology spread over ${topologyKey} would exceed ${maxSkew}`]
  }

  function disturbed(arriving: Placement): readonly string[] {
    const touched = [...placements].flatMap((there) =>
      hardSpread(there.load)
        .filter(({ topologyKey }) => isSameDomain(there.host, arriving.host, topologyKey))
        .filter((constraint) => resolveSpread(constraint, there.load).selects(arriving.load))
        .map((constraint) => ({ there, constraint })),
    )
    const holds = ({ there, constraint }: (typeof touched)[number]) => {
      // Asked once before: a count that is only then begun would begin with the pod in it.
      spreadComplaints(there, constraint, 'strict')
      change(there, -1)
      const isKept = spreadComplaints(there, constraint, 'strict').length === 0
      change(there, 1)
      return isKept
    }
    const held = touched.filter(holds)
    change(arriving, 1)
    const broken = held.filter((one) => !holds(one))
    change(arriving, -1)
    return broken.map(({ there }) => `breaks the topology spread of ${there.load.name}`)
  }

  function looksAt(load: Load): (other: Load) => boolean {
    const queries = [
      ...termsOf(load).affinity,
      ...hardSpread(load).map((constraint) => resolveSpread(constraint, load)),
    ]
    return (other) => queries.some((query) => query.selects(other))
  }

  /** How far the domain would be above the least domain, by how much certainly counts as a domain. */
  function excessOf(
    { load, host }: Placement,
    constraint: SpreadConstraint,
    constraints: readonly SpreadConstraint[],
  ): (certainty: Certainty) => number {
    const { topologyKey, minDomains = 1 } = constraint
    const value = valueOf(host.labels, topologyKey)
    if (value === undefined) return () => Number.POSITIVE_INFINITY
    const counts = (other: Host) =>
      constraints.every((one) => valueOf(other.labels, one.topologyKey) !== undefined) &&
      isIncluded(load, constraint, other)
    const query = resolveSpread(constraint, load)
    const scope = inclusionSignature(load, constraint, constraints)
    const tally = tallyOf(query, scope, (other) => (counts(other) ? valueOf(other.labels, topologyKey) : undefined))
    const after = tally.at(value) + (query.selects(load) ? 1 : 0)
    // Settled (formats.md): a fresh host is an empty domain, whatever else runs.
    if (topologyKey === HOSTNAME) return () => after

    return (certainty) => {
      const domains = new Set([value, ...domainsFor(load, constraint, certainty, counts)])
      const least = domains.size < minDomains ? 0 : Math.min(...[...domains].map((domain) => tally.at(domain)))
      return after - least
    }
  }

  /** Settled (formats.md): domains are those of running nodes and those that pools can offer to the pod. */
  function domainsFor(
    load: Load,
    constraint: SpreadConstraint,
    certainty: Certainty,
    counts: (host: Host) => boolean,
  ): ReadonlySet<string> {
    const signature = JSON.stringify([load.shape, constraint, certainty])
    const before = domainSets.get(signature)
    if (before) return before
    const running = [...problem.running.values()]
      .filter(counts)
      .map(({ labels }) => valueOf(labels, constraint.topologyKey))
    const present = running.filter((value) => value !== undefined)
    const domains = new Set([...present, ...offeredValues(load, constraint, problem, certainty)])
    domainSets.set(signature, domains)
    return domains
  }

  return {
    add(placement) {
      placements.add(placement)
      change(placement, 1)
    },
    remove(placement) {
      placements.delete(placement)
      change(placement, -1)
    },
    arrivalComplaints: (placement, reading) => [
      ...affinityComplaints(placement, reading),
      ...hardSpread(placement.load).flatMap((constraint) => spreadComplaints(placement, constraint, reading)),
    ],
    affinityComplaints,
    spreadComplaints,
    disturbed,
    looksAt,
    antiAffinityComplaints,
  }
}

/** Pods with the same signature leave the same nodes out of a count. */
function inclusionSignature(
  { spec }: Load,
  { topologyKey, nodeAffinityPolicy, nodeTaintsPolicy }: SpreadConstraint,
  constraints: readonly SpreadConstraint[],
): string {
  const keys = constraints.map((constraint) => constraint.topologyKey)
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const selection = nodeAffinityPolicy === 'Ignore' ? [] : [spec.nodeSelector, required]
  return JSON.stringify(['spread', topologyKey, keys, selection, nodeTaintsPolicy === 'Honor' ? spec.tolerations : []])
}

function isSameDomain(one: Host, other: Host, key: string): boolean {
  const value = valueOf(one.labels, key)
  return value !== undefined && value === valueOf(other.labels, key)
}
