import { daemonsOf, type Daemon } from './daemons.ts'
import { declareDomainRules, type SpanBook } from './domain-rules.ts'
import { openLabelTable } from './label-table.ts'
import { candidatesOf } from './candidates.ts'
import { createNodeClasses, type NodeClasses } from './node-classes.ts'
import { mentionedLabels } from './mentioned-labels.ts'
import { placesOf, type Place } from './places.ts'
import { groupPods, type Identity, type PodGroup, type PodGroups } from './pod-groups.ts'
import { createPodSets, membershipsOf, openNamespaceBook, type PodSets } from './pod-sets.ts'
import type { ProvisioningProblem } from './problem.ts'
import { podRequests } from './requests.ts'
import { avoidedTerms, rulesOf, type RuleBooks, type Rules } from './rules.ts'
import { createLedger, hostLikingOf, hostRulesOf, type Ledger } from './shape-rules.ts'
import type { Counter, HostRules, Shape } from './shape.ts'
import { createTopologyKeys } from './topology-keys.ts'
import { vectorOf } from './vectors.ts'
import { openVolumeBook, type VolumeBook } from './volumes.ts'

/** A problem as numbers: shapes of pods, places for them, and what is counted. */
export interface Model {
  /** Names of what `Float64Array`s of amounts hold; the first three are CPU, memory and pods. */
  readonly resources: readonly string[]
  readonly shapes: readonly Shape[]
  /** Those that exist come first. */
  readonly places: readonly Place[]
  readonly existing: number
  readonly classes: NodeClasses
  readonly counters: readonly Counter[]
  /** For each topology key the number of its value per place; -1: no such label. */
  readonly domains: readonly Int32Array[]
  readonly daemons: readonly (Daemon & { readonly host: HostRules | undefined })[]
  readonly volumes: VolumeBook
  /** Pods that have a node, with what counts of them. */
  readonly bound: readonly BoundGroup[]
}

export interface BoundGroup {
  readonly pods: readonly number[]
  readonly host: HostRules | undefined
  /** Counters that count them. */
  readonly counted: readonly number[]
}

export interface ModelOptions {
  readonly ignorePreferences: boolean
  /** Whether soft spread and soft anti-affinity on single nodes count as if they were hard. */
  readonly keepsHostLikes?: boolean
}

/** Compiles a problem. Throws a `RangeError` for what is no quantity. */
export function modelFrom(problem: ProvisioningProblem, options: ModelOptions): Model {
  const volumes = openVolumeBook(problem)
  const groups = groupPods(problem.pods, volumes)
  const candidates = candidatesOf(problem.pools, problem.instanceTypes, mentionedLabels(groups.pending))
  const places = placesOf(problem.nodes, candidates, problem)
  const table = openLabelTable(places)
  const classes = createNodeClasses(places, table, options)
  const daemons = daemonsOf(problem.daemonSets, classes)

  const books: RuleBooks = {
    sets: createPodSets(),
    keys: createTopologyKeys(),
    namespaces: openNamespaceBook(problem.namespaces, new Set(groups.identities.map(({ namespace }) => namespace))),
  }
  const rules = rulesByGroup(groups, daemons, books)
  const domains = books.keys.all().map((key) => table.column(key))
  const existing = places.findIndex(({ candidate }) => candidate !== undefined)
  const context: Context = {
    groups,
    rules,
    classes,
    domains,
    memberships: memberships(groups, books.sets),
    existing: existing === -1 ? places.length : existing,
    ignorePreferences: options.ignorePreferences,
    keepsHostLikes: options.keepsHostLikes === true,
    resources: resourcesOf(groups.pending, daemons),
    daemons,
    daemonSets: membershipsOf(books.sets.all(), daemons.map(identityOf)),
  }
  return {
    ...compile(context),
    places,
    existing: context.existing,
    classes,
    domains,
    volumes,
    resources: context.resources,
  }
}

function identityOf({ pod }: Daemon): Identity {
  return { namespace: pod.metadata.namespace ?? 'default', labels: pod.metadata.labels ?? {} }
}

interface Context {
  readonly groups: PodGroups
  readonly rules: RulesByGroup
  readonly memberships: (group: PodGroup) => readonly number[]
  readonly classes: NodeClasses
  readonly domains: readonly Int32Array[]
  readonly existing: number
  readonly ignorePreferences: boolean
  readonly keepsHostLikes: boolean
  readonly resources: readonly string[]
  readonly daemons: readonly Daemon[]
  /** The sets that the pods of each daemon are in. */
  readonly daemonSets: readonly (readonly number[])[]
}

interface RulesByGroup {
  readonly pending: readonly Rules[]
  readonly bound: readonly Rules[]
  readonly daemons: readonly Rules[]
}

function rulesByGroup({ pending, bound }: PodGroups, daemons: readonly Daemon[], books: RuleBooks): RulesByGroup {
  const avoidance = (pod: PodGroup['sample']): Rules => ({
    spreads: [],
    needs: [],
    prefers: [],
    avoids: avoidedTerms(pod, books),
  })
  return {
    pending: pending.map(({ sample, volumes }) => rulesOf(sample, volumes.sharedClaims, books)),
    bound: bound.map(({ sample }) => avoidance(sample)),
    daemons: daemons.map(({ pod }) => avoidance(pod)),
  }
}

/** The sets that pods of a group are in. */
function memberships({ identities }: PodGroups, sets: PodSets): (group: PodGroup) => readonly number[] {
  const all = sets.all()
  const selected = membershipsOf(all, identities)
  return ({ identity, volumes }) => {
    const used = volumes.sharedClaims.flatMap((claim) => {
      const index = all.findIndex((set) => set.type === 'users' && set.claim === claim)
      return index === -1 ? [] : [index]
    })
    return [...(selected[identity] ?? []), ...used]
  }
}

function resourcesOf(pending: readonly PodGroup[], daemons: readonly Daemon[]): readonly string[] {
  const names = new Set(['cpu', 'memory', 'pods'])
  for (const { sample } of pending) {
    for (const [name, amount] of Object.entries(podRequests(sample.spec))) if (amount > 0) names.add(name)
  }
  for (const { requests } of daemons) for (const name of Object.keys(requests)) names.add(name)
  return [...names]
}

type Compiled = Pick<Model, 'shapes' | 'counters' | 'daemons' | 'bound'>

function compile(context: Context): Compiled {
  const { groups, rules, memberships: setsOf } = context
  const ledger = createLedger()
  const spans: SpanBook = new Map()
  for (const one of [...rules.pending, ...rules.bound, ...rules.daemons]) ledger.note(one)
  const pending = groups.pending.map((group, index) => {
    const own = rules.pending[index] ?? NO_RULES
    const sets = setsOf(group)
    const nodeClass = context.classes.indexOf(group.sample, group.volumes)
    return {
      group,
      own,
      sets,
      nodeClass,
      domain: declareDomainRules(own, { ...context, sets, ledger, nodeClass, spans }),
    }
  })
  const bound = groups.bound.map((group, index) => ({
    group,
    own: rules.bound[index] ?? NO_RULES,
    sets: setsOf(group),
  }))
  for (const { own } of bound) for (const term of own.avoids) if (term.key !== 0) ledger.counterOf(term, 'avoiders')
  const shapes = pending.map(({ group, own, sets, nodeClass, domain }) => ({
    sample: group.sample,
    pods: group.pods,
    requests: vectorOf(context.resources, podRequests(group.sample.spec)),
    nodeClass,
    ...companyOf(group, own, { sets, ledger, context }),
    domain: domain(),
    failure: group.volumes.failure,
  }))
  return {
    shapes: mergedShapes(shapes),
    counters: ledger.counters,
    bound: bound.map(({ group, own, sets }) => boundGroup(group, own, { sets, ledger })),
    daemons: daemonsWithRules(context, ledger),
  }
}

function companyOf(
  { sample, volumes }: PodGroup,
  own: Rules,
  { sets, ledger, context }: { readonly sets: readonly number[]; readonly ledger: Ledger; readonly context: Context },
): Pick<Shape, 'host' | 'strictHost' | 'hostLiking'> {
  const hostLiking = context.ignorePreferences ? 0 : hostLikingOf(own)
  const strictHost = hostRulesOf(sample, own, { sets, ledger, volumes, keepsLikes: false })
  if (hostLiking === 0 || !context.keepsHostLikes) return { host: strictHost, strictHost, hostLiking }
  return { host: hostRulesOf(sample, own, { sets, ledger, volumes, keepsLikes: true }), strictHost, hostLiking }
}

const NO_RULES: Rules = { spreads: [], needs: [], avoids: [], prefers: [] }

function boundGroup(
  { pods, sample, volumes }: PodGroup,
  own: Rules,
  { sets, ledger }: { readonly sets: readonly number[]; readonly ledger: Ledger },
): BoundGroup {
  const avoiding = own.avoids.flatMap((term) => (term.key === 0 ? [] : [ledger.counterOf(term, 'avoiders')]))
  return {
    pods,
    host: hostRulesOf(sample, own, { sets, ledger, volumes, keepsLikes: false }),
    counted: [...new Set([...sets.flatMap((set) => ledger.ofSet(set)), ...avoiding])],
  }
}

/** Pods of daemons keep others off as any pod does. */
function daemonsWithRules({ daemons, rules, daemonSets }: Context, ledger: Ledger): Model['daemons'] {
  return daemons.map((daemon, index) => {
    const facts = { sets: daemonSets[index] ?? [], ledger, volumes: { attachments: [] }, keepsLikes: false }
    return { ...daemon, host: hostRulesOf(daemon.pod, rules.daemons[index] ?? NO_RULES, facts) }
  })
}

type Part = Omit<Shape, 'index' | 'size'>

/** Groups that differ in nothing that counts become one shape; the largest pods come first. */
function mergedShapes(parts: readonly Part[]): readonly Shape[] {
  const merged = new Map<string, Part & { readonly pods: number[]; readonly size: number }>()
  const sizes = new Map<string, number>()
  for (const part of parts) {
    const { requests, nodeClass, host, strictHost, hostLiking, domain, failure } = part
    const amounts = requests.join()
    const size = sizes.get(amounts) ?? sizes.size
    sizes.set(amounts, size)
    const key = `${size}/${nodeClass}/${JSON.stringify([host, strictHost, hostLiking, domain, failure])}`
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { ...part, pods: [...part.pods], size })
    else for (const pod of part.pods) known.pods.push(pod)
  }
  const bySize = [...merged.values()].toSorted(
    (a, b) => descending(a.requests, b.requests) || (a.pods[0] ?? 0) - (b.pods[0] ?? 0),
  )
  return bySize.map((shape, index) => ({ ...shape, index }))
}

function descending(a: Float64Array, b: Float64Array): number {
  const index = a.findIndex((amount, resource) => amount !== b[resource])
  return index === -1 ? 0 : (b[index] ?? 0) - (a[index] ?? 0)
}
