import type { HostPort, HostRules, Shape } from './shape.ts'
import { at } from './vectors.ts'

/** What is on one node, as far as it limits what may come: changed in place, for packing is all about it. */
export interface Load {
  /** What is free, by the model's resources. */
  readonly free: Float64Array
  /** How many pods of each shape, by the shape's number. */
  readonly counts: Map<number, number>
  /** Pods of each set that rules of nodes count. */
  readonly members: Map<number, number>
  /** The tightest cap that a pod here sets on a set. */
  readonly caps: Map<number, number>
  /** How many pods here want none of a set. */
  readonly avoided: Map<number, number>
  readonly ports: HostPort[]
  /** Volumes with several users that are attached, and how many more each driver takes. */
  readonly volumes: Volumes | undefined
}

export interface Volumes {
  readonly handles: Set<string>
  readonly free: Map<string, number>
}

export function emptyLoad(free: Float64Array, volumes?: Volumes): Load {
  return {
    free: Float64Array.from(free),
    counts: new Map(),
    members: new Map(),
    caps: new Map(),
    avoided: new Map(),
    ports: [],
    volumes,
  }
}

export function copyOf(load: Load): Load {
  const { free, counts, members, caps, avoided, ports, volumes } = load
  return {
    free: Float64Array.from(free),
    counts: new Map(counts),
    members: new Map(members),
    caps: new Map(caps),
    avoided: new Map(avoided),
    ports: [...ports],
    volumes: volumes && { handles: new Set(volumes.handles), free: new Map(volumes.free) },
  }
}

/** Whether anybody is there whom others mind, or who minds others. */
export function hasCompany({ members, caps, avoided, ports }: Load): boolean {
  return members.size + caps.size + avoided.size + ports.length > 0
}

/** Makes the company on a node that of another one, which has no volumes yet: new nodes have none. */
export function takeCompanyOf(load: Load, { members, caps, avoided, ports }: Load): void {
  become(load.members, members)
  become(load.caps, caps)
  become(load.avoided, avoided)
  load.ports.splice(0, Infinity, ...ports)
}

function become(own: Map<number, number>, other: ReadonlyMap<number, number>): void {
  own.clear()
  for (const [key, value] of other) own.set(key, value)
}

/** How many pods of a shape, of `wanted` at most, a node still takes beside what it holds. */
export function roomFor(load: Load, { requests, host }: Shape, wanted: number): number {
  let room = wanted
  for (let index = 0; index < requests.length && room > 0; index++) {
    const request = at(requests, index)
    if (request > 0) room = Math.min(room, Math.floor(at(load.free, index) / request))
  }
  return room <= 0 || host === undefined ? Math.max(0, room) : hostRoom(load, host, room)
}

/** The same by the company alone; an affinity counts as satisfied only by who is there already. */
export function hostRoom(load: Load, host: HostRules, wanted: number): number {
  if (isRefused(load, host)) return 0
  let room = Math.min(wanted, ownRoom(load, host))
  for (const set of host.sets) {
    const cap = load.caps.get(set)
    if (cap !== undefined) room = Math.min(room, cap - (load.members.get(set) ?? 0))
  }
  if (room > 0 && host.attachments.length > 0) room = Math.min(room, volumeRoom(load, host))
  return Math.max(0, room)
}

function isRefused({ members, avoided, ports }: Load, host: HostRules): boolean {
  return (
    host.avoids.some((set) => (members.get(set) ?? 0) > 0) ||
    host.needs.some((set) => (members.get(set) ?? 0) === 0) ||
    (avoided.size > 0 && host.sets.some((set) => avoided.has(set))) ||
    host.ports.some((port) => ports.some((other) => areClashing(port, other)))
  )
}

/** What its own caps, anti-affinity and ports leave. */
function ownRoom({ members }: Load, { caps, sets, avoids, ports }: HostRules): number {
  let room = ports.length > 0 ? 1 : Infinity
  if (avoids.some((set) => sets.includes(set))) room = Math.min(room, 1)
  for (const { set, most } of caps) {
    const free = most - (members.get(set) ?? 0)
    if (sets.includes(set)) room = Math.min(room, free)
    else if (free < 0) return 0
  }
  return room
}

function areClashing(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false
  return a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0'
}

function volumeRoom({ volumes }: Load, { attachments }: HostRules): number {
  if (volumes === undefined) return Infinity
  let room = Infinity
  for (const [driver, free] of volumes.free) {
    const own = attachments.filter((attachment) => attachment.driver === driver)
    const shared = own.filter(({ handle }) => handle !== undefined && !volumes.handles.has(handle)).length
    const alone = own.filter(({ handle }) => handle === undefined).length
    // Who brings no new volume is welcome even where there are too many already.
    if (shared + alone > Math.max(0, free)) return 0
    if (alone > 0) room = Math.min(room, Math.floor((free - shared) / alone))
  }
  return room
}

/** Puts so many pods of a shape on a node. Nothing is ever taken off: caps and ports would not know whose they were. */
export function putOn(load: Load, shape: Shape, count: number): void {
  const { requests, host, index: shapeIndex } = shape
  for (let index = 0; index < requests.length; index++) {
    load.free[index] = at(load.free, index) - at(requests, index) * count
  }
  bump(load.counts, shapeIndex, count)
  if (host !== undefined) putCompany(load, host, count)
}

/** The same by the company alone. */
export function putCompany(load: Load, host: HostRules, count: number): void {
  for (const set of host.sets) bump(load.members, set, count)
  for (const set of host.avoids) bump(load.avoided, set, count)
  for (const { set, most } of host.caps) load.caps.set(set, Math.min(most, load.caps.get(set) ?? Infinity))
  load.ports.push(...host.ports)
  if (load.volumes !== undefined) attach(load.volumes, host, count)
}

function attach({ handles, free }: Volumes, { attachments }: HostRules, count: number): void {
  for (const { driver, handle } of attachments) {
    const isNew = handle === undefined || !handles.has(handle)
    if (handle !== undefined) handles.add(handle)
    const left = free.get(driver)
    if (left !== undefined && isNew) free.set(driver, left - (handle === undefined ? count : 1))
  }
}

function bump(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
