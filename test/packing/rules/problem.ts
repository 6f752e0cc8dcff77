import type { DaemonSet, InstanceType, Labels, Node, PackInput, Taint } from '../documents.ts'
import { type Amounts, amountsFrom } from './amounts.ts'
import { type Claim, claimsOf } from './claims.ts'
import { type Host, isSelected } from './host.ts'
import { valueOf } from './label-query.ts'
import { type Load, fullName, hasEnded, loadFrom } from './load.ts'
import { type Pool, type Recipe, labelsOfNew, poolFrom, poolWithoutRequirements } from './pools.ts'
import { CORDON, DAEMON_TOLERATIONS, untolerated } from './tolerations.ts'
import { NODE_POOL } from './well-known.ts'

/** An input document with what rules ask of it worked out. */
export interface Problem {
  readonly input: PackInput
  readonly pools: readonly Pool[]
  readonly types: ReadonlyMap<string, InstanceType>
  /** The pods to place, by name. */
  readonly pending: ReadonlyMap<string, Load>
  readonly running: ReadonlyMap<string, Host>
  /** Pods that already run on nodes of the document. */
  readonly bound: readonly { readonly load: Load; readonly host: Host }[]
  readonly daemons: readonly Load[]
  readonly namespaces: ReadonlyMap<string, Labels>
  claims(load: Load): readonly Claim[]
}

/** The name of the pool that stands for no pools at all. */
const IMPLIED_POOL = 'default'

export function problemFrom(input: PackInput): Problem {
  const typeKeys = new Set(input.instanceTypes.flatMap(({ labels }) => Object.keys(labels)))
  const given = (input.nodePools ?? []).map((pool) => poolFrom(pool, typeKeys))
  const pools = given.length > 0 ? given : [poolWithoutRequirements(IMPLIED_POOL)]
  const daemons = (input.daemonSets ?? []).map(daemonFrom)
  const running = new Map(
    (input.nodes ?? []).map((node) => [node.metadata.name, runningHost(node, { input, pools, daemons })]),
  )
  const alive = input.pods
    .filter((pod) => !hasEnded(pod))
    .map(({ metadata, spec }) => loadFrom(metadata, metadata.labels, spec))
  return {
    input,
    pools,
    types: new Map(input.instanceTypes.map((type) => [type.name, type])),
    pending: new Map(alive.filter(({ spec }) => !spec.nodeName).map((load) => [load.name, load])),
    running,
    bound: alive.flatMap((load) => {
      const host = running.get(load.spec.nodeName ?? '')
      return host === undefined ? [] : [{ load, host }]
    }),
    daemons,
    namespaces: new Map((input.namespaces ?? []).map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    claims: rememberClaims(input),
  }
}

function rememberClaims(input: PackInput): (load: Load) => readonly Claim[] {
  const known = new Map<string, readonly Claim[]>()
  return (load) => {
    const claims = known.get(load.name) ?? claimsOf(load, input)
    known.set(load.name, claims)
    return claims
  }
}

/** The pod of a DaemonSet: as its template, with the tolerations that the controller adds. */
function daemonFrom({ metadata, spec: { template } }: DaemonSet): Load {
  const tolerations = [...(template.spec.tolerations ?? []), ...DAEMON_TOLERATIONS]
  return loadFrom(metadata, template.metadata?.labels, { ...template.spec, tolerations })
}

/** The DaemonSets whose pods run on a node: "DaemonSet", running pods on select nodes, taints and tolerations. */
function daemonsFor(host: Pick<Host, 'name' | 'labels' | 'taints'>, daemons: readonly Load[]): readonly Load[] {
  return daemons.filter(
    (load) => isSelected(load, host) && untolerated(host.taints, load.spec.tolerations).length === 0,
  )
}

/** What a running node is made from. */
interface Surroundings {
  readonly input: PackInput
  readonly pools: readonly Pool[]
  readonly daemons: readonly Load[]
}

function runningHost(node: Node, { input, pools, daemons }: Surroundings): Host {
  const { name, labels = {} } = node.metadata
  const isStartup = startupTaintsOf(labels, pools)
  const all = taintsOf(node)
  const taints = all.filter((taint) => !isStartup(taint))
  const present = daemonsOn(name, input)
  return {
    name,
    isRunning: true,
    labels,
    taints,
    startupTaints: all.filter(isStartup),
    allocatable: amountsFrom(node.status?.allocatable ?? node.status?.capacity),
    daemons: daemonsFor({ name, labels, taints }, daemons).filter((daemon) => !present.has(daemon.name)),
    attachLimits: attachLimitsOf(name, input),
  }
}

function taintsOf({ spec }: Node): readonly Taint[] {
  return [...(spec?.taints ?? []), ...(spec?.unschedulable ? [CORDON] : [])]
}

/** Which taints are start-up taints of the pool that a node with these labels is of. */
function startupTaintsOf(labels: Labels, pools: readonly Pool[]): (taint: Taint) => boolean {
  const pool = pools.find(({ name }) => name === valueOf(labels, NODE_POOL))
  return (taint) => (pool?.startupTaints ?? []).some(({ key, effect }) => key === taint.key && effect === taint.effect)
}

/** The DaemonSets of which a pod is already bound to the node. */
function daemonsOn(node: string, { pods }: PackInput): ReadonlySet<string> {
  const here = pods.filter((pod) => pod.spec.nodeName === node && !hasEnded(pod))
  return new Set(
    here.flatMap(({ metadata: { namespace, ownerReferences = [] } }) =>
      ownerReferences
        .filter(({ kind }) => kind === 'DaemonSet')
        .map(({ name }) => fullName({ name, ...(namespace !== undefined && { namespace }) })),
    ),
  )
}

/** "Node-specific Volume Limits": CSINode says how many volumes of a driver a node takes; without a count, any number. */
function attachLimitsOf(node: string, { csiNodes = [] }: PackInput): ReadonlyMap<string, number> {
  const drivers = csiNodes.find(({ metadata }) => metadata.name === node)?.spec.drivers ?? []
  return new Map(
    drivers.flatMap(({ name, allocatable }) => (allocatable?.count === undefined ? [] : [[name, allocatable.count]])),
  )
}

/** What would become of a recipe, as a node. */
export function plannedHost(recipe: Recipe, name: string, problem: Problem): Host {
  const labels = labelsOfNew(recipe, name)
  const { taints } = recipe.pool
  return {
    name,
    isRunning: false,
    labels,
    taints,
    startupTaints: [],
    allocatable: amountsFrom(recipe.type.allocatable),
    daemons: daemonsFor({ name, labels, taints }, problem.daemons),
    attachLimits: new Map(),
  }
}

/** What a pool's limits count for a node of this type: its capacity. */
export function countedCapacity({ capacity, allocatable }: Pick<InstanceType, 'capacity' | 'allocatable'>): Amounts {
  return amountsFrom(capacity ?? allocatable)
}
