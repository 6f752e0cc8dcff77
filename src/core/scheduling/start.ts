import type { Daemon } from './daemons.ts'
import type { Pod } from './kubernetes.ts'
import { emptyLoad, hostRoom, putCompany, type Load, type Volumes } from './load.ts'
import type { BoundGroup, Model } from './model.ts'
import { countPods, type DomainCounts } from './domain-counts.ts'
import { podRequests } from './requests.ts'
import { at, vectorOf } from './vectors.ts'

/** What is on the nodes that exist, in the order of the model's places; pods there are counted in `counts`. */
export function existingLoads(model: Model, pods: readonly Pod[], counts: DomainCounts): readonly Load[] {
  const nodes = new Map(model.places.slice(0, model.existing).map(({ name }, index) => [name, index]))
  const groupOf = groupsByPod(model.bound)
  const onNode = model.places.slice(0, model.existing).map((): number[] => [])
  for (const index of groupOf.keys()) {
    const node = nodes.get(pods[index]?.spec.nodeName ?? '')
    if (node !== undefined) onNode[node]?.push(index)
  }
  return onNode.map((indices, node) => {
    const own = indices.flatMap((index) => pods[index] ?? [])
    const load = startLoad(model, node, own)
    for (const index of indices) {
      const group = groupOf.get(index)
      if (group !== undefined) countPods(counts, group.counted, node, 1)
      if (group?.host !== undefined) putCompany(load, group.host, 1)
    }
    return load
  })
}

function groupsByPod(groups: readonly BoundGroup[]): ReadonlyMap<number, BoundGroup> {
  const byPod = groups.flatMap((group) => group.pods.map((pod) => [pod, group] as const))
  return new Map(byPod.toSorted(([a], [b]) => a - b))
}

function startLoad(model: Model, node: number, pods: readonly Pod[]): Load {
  const { resources, places } = model
  const free = vectorOf(resources, places[node]?.allocatable ?? {})
  for (const { spec } of pods) subtract(free, vectorOf(resources, podRequests(spec)))
  const missing = daemonsOn(model, node).filter((daemon) => !pods.some((pod) => isOf(pod, daemon)))
  const load = emptyLoad(free, volumesOn(places[node]?.name ?? '', model))
  for (const daemon of missing) {
    subtract(load.free, vectorOf(resources, daemon.requests))
    if (daemon.host !== undefined) putCompany(load, daemon.host, 1)
  }
  return load
}

/** The volumes that a node still takes, before its pods are put on it; undefined: nobody limits them. */
function volumesOn(node: string, { shapes, bound, volumes }: Model): Volumes | undefined {
  const drivers = [...shapes, ...bound].flatMap(({ host }) => (host?.attachments ?? []).map(({ driver }) => driver))
  const limits = [...new Set(drivers)].flatMap((driver) => {
    const limit = volumes.limitOf(node, driver)
    return limit === undefined ? [] : [[driver, limit] as const]
  })
  return limits.length === 0 ? undefined : { handles: new Set(), free: new Map(limits) }
}

function isOf({ metadata }: Pod, daemon: Daemon): boolean {
  const { namespace = 'default', ownerReferences = [] } = metadata
  return ownerReferences.some(({ kind, name }) => kind === 'DaemonSet' && `${namespace}/${name}` === daemon.name)
}

/** The daemons whose pods run, or will run, at a place. */
export function daemonsOn({ daemons, classes }: Model, place: number): Model['daemons'] {
  return daemons.filter(({ nodeClass }) => classes.at(nodeClass).mask[place] === 1)
}

function subtract(from: Float64Array, amounts: Float64Array): void {
  for (const [index, amount] of amounts.entries()) from[index] = at(from, index) - amount
}

/** A new node with nothing but its daemons; undefined: they alone do not fit. */
export function freshLoad(model: Model, place: number): Load | undefined {
  const load = emptyLoad(vectorOf(model.resources, model.places[place]?.allocatable ?? {}))
  for (const { requests, host } of daemonsOn(model, place)) {
    if (host !== undefined && hostRoom(load, host, 1) < 1) continue
    subtract(load.free, vectorOf(model.resources, requests))
    if (host !== undefined) putCompany(load, host, 1)
  }
  return load.free.every((amount) => amount >= 0) ? load : undefined
}
