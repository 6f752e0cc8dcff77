import { type Amounts, shortOf, sumOf } from './amounts.ts'
import { type Claim, type Reading, claimComplaints } from './claims.ts'
import { type Host, standingComplaints } from './host.ts'
import { portsClash } from './host-ports.ts'
import { valueOf } from './label-query.ts'
import type { Load } from './load.ts'
import type { Problem } from './problem.ts'
import type { Placement } from './tally.ts'
import { createTopology } from './topology.ts'
import { requiredAntiAffinity, resolveTerm } from './topology-terms.ts'
import { ZONE } from './well-known.ts'

/** Nodes and the pods on them at one moment of a plan. It lives as long as a check does. */
export interface World {
  add(placement: Placement): void
  remove(placement: Placement): void
  loadsOn(host: Host): readonly Load[]
  /** Why the scheduler would not let the pod arrive there now; none: it would. */
  complaints(placement: Placement, reading: Reading): readonly Complaint[]
  /** The rules in which the order of arrival plays no part, of a pod that is there. */
  lastingComplaints(placement: Placement, reading: Reading): readonly Complaint[]
}

/** Why a pod may not run where it is. */
export interface Complaint {
  readonly rule: 'selection' | 'volume' | 'start-up' | 'room' | 'port' | 'attach-limit' | 'anti-affinity' | 'arrival'
  readonly detail: string
}

function complaintsOf(rule: Complaint['rule'], details: readonly string[]): readonly Complaint[] {
  return details.map((detail) => ({ rule, detail }))
}

/** A world in which the pods run that the document says are bound. */
export function createWorld(problem: Problem): World {
  const topology = createTopology(problem)
  const byHost = new Map<Host, Placement[]>()
  const claimants = new Map<string, Set<Placement>>()
  const bound = new Set<Placement>(problem.bound)

  function add(placement: Placement): void {
    topology.add(placement)
    byHost.set(placement.host, [...placementsOn(placement.host), placement])
    for (const { id } of problem.claims(placement.load)) claimants.set(id, claimantsOf(id).add(placement))
  }

  function remove(placement: Placement): void {
    topology.remove(placement)
    byHost.set(
      placement.host,
      placementsOn(placement.host).filter((other) => other !== placement),
    )
    for (const { id } of problem.claims(placement.load)) claimantsOf(id).delete(placement)
  }

  function placementsOn(host: Host): Placement[] {
    return byHost.get(host) ?? []
  }

  function claimantsOf(id: string): Set<Placement> {
    return claimants.get(id) ?? new Set()
  }

  function loadsOn(host: Host): readonly Load[] {
    return placementsOn(host).map(({ load }) => load)
  }

  function othersOn({ load, host }: Placement): readonly Load[] {
    return loadsOn(host).filter((other) => other !== load)
  }

  function roomComplaints(placement: Placement): readonly string[] {
    const { load, host } = placement
    const everyone = [load, ...othersOn(placement), ...host.daemons]
    const used = sumOf(everyone.map(({ requests }) => requests))
    return shortOf(used, host.allocatable, wantedOn(placement)).map((resource) => overfull(resource, used, host))
  }

  /** Daemons that are yet to come may be there first or last: neither is blamed. */
  function daemonComplaints({ load, host }: Placement): readonly string[] {
    const shuns = (one: Load, other: Load) =>
      requiredAntiAffinity(one).some((term) => resolveTerm(term, one, problem.namespaces).selects(other))
    const rivals = host.daemons.filter((daemon) => shuns(load, daemon) || shuns(daemon, load))
    return rivals.map(({ name }) => `required anti-affinity and the daemon ${name}`)
  }

  /** A new node must hold its daemons, too; on a running one it is only the pod that must not lack anything. */
  function wantedOn({ load, host }: Placement): Amounts {
    return sumOf([load, ...(host.isRunning ? [] : host.daemons)].map(({ requests }) => requests))
  }

  function portComplaints(placement: Placement): readonly string[] {
    const others = [...othersOn(placement), ...placement.host.daemons]
    const rival = others.find(({ ports }) => portsClash(ports, placement.load.ports))
    return rival === undefined ? [] : [`host port is taken by ${rival.name}`]
  }

  /** "Node-specific Volume Limits": unique volumes of a driver. Who brings no new volume is welcome at a full node. */
  function attachComplaints({ load, host }: Placement): readonly string[] {
    return [...host.attachLimits].flatMap(([driver, limit]) => {
      const attached = (loads: readonly Load[]) =>
        new Set(
          loads
            .flatMap((one) => problem.claims(one))
            .flatMap((claim) => (claim.driver === driver ? [claim.volume] : [])),
        )
      const before = attached(
        placementsOn(host)
          .filter((one) => bound.has(one))
          .map((one) => one.load),
      )
      const after = attached([load, ...loadsOn(host)])
      const isNew = [...attached([load])].some((volume) => !before.has(volume))
      return isNew && after.size > limit ? [`more than ${limit} volumes of ${driver}`] : []
    })
  }

  /** "Persistent Volumes", access modes: ReadWriteOncePod is for one pod, ReadWriteOnce for one node at a time. */
  function sharingComplaints(placement: Placement, reading: Reading): readonly string[] {
    return problem.claims(placement.load).flatMap((claim) => {
      const { id, modes } = claim
      const others = [...claimantsOf(id)].filter(({ load }) => load !== placement.load)
      if (others.length === 0) return []
      if (modes.includes('ReadWriteOncePod')) return [`claim ${id} is another pod's alone`]
      const elsewhere = others.filter(({ host }) => isElsewhere(claim, host, { than: placement.host, reading }))
      // Pods that run in two zones with one disk contradict each other: then one of the two may be right.
      const isApart = elsewhere.length > (reading === 'strict' ? 0 : others.length - 1)
      return isForOneNode(modes) && isApart ? [`claim ${id} is used elsewhere`] : []
    })
  }

  function lastingComplaints(placement: Placement, reading: Reading): readonly Complaint[] {
    const { load, host } = placement
    const startup = reading === 'strict' ? host.startupTaints.map(({ key }) => `${key} is still there`) : []
    return [
      ...complaintsOf('selection', standingComplaints(load, host)),
      ...complaintsOf('volume', claimComplaints(problem.claims(load), host, reading)),
      ...complaintsOf('volume', sharingComplaints(placement, reading)),
      ...complaintsOf('start-up', startup),
      ...complaintsOf('room', roomComplaints(placement)),
      ...complaintsOf('port', portComplaints(placement)),
      ...complaintsOf('attach-limit', attachComplaints(placement)),
      ...complaintsOf('anti-affinity', topology.antiAffinityComplaints(placement)),
      ...(reading === 'strict' ? complaintsOf('anti-affinity', daemonComplaints(placement)) : []),
    ]
  }

  for (const placement of bound) add(placement)
  return {
    add,
    remove,
    loadsOn,
    lastingComplaints,
    complaints: (placement, reading) => [
      ...lastingComplaints(placement, reading),
      ...complaintsOf('arrival', topology.arrivalComplaints(placement, reading)),
      // Settled (formats.md): a plan is safe whatever the order, so that nobody is blamed for sparing others' spread.
      ...(reading === 'strict' ? complaintsOf('arrival', topology.disturbed(placement)) : []),
    ],
  }
}

function overfull(resource: string, used: Amounts, { allocatable }: Host): string {
  return `${resource}: ${used.get(resource) ?? 0n} of ${allocatable.get(resource) ?? 0n}`
}

function isForOneNode(modes: readonly string[]): boolean {
  return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce')
}

/**
 * A disk that is yet to be made is made in one zone, so that two cannot be right. One that is there says itself where it can
 * be used. The scheduler does send pods to another node of the zone, where they wait for the disk: nobody is blamed for
 * that, and nobody for not doing it.
 */
function isElsewhere(
  { id, volume }: Claim,
  one: Host,
  { than: other, reading }: { readonly than: Host; readonly reading: Reading },
): boolean {
  if (one === other) return false
  const isUnmade = volume === id
  return reading === 'strict' || (isUnmade && valueOf(one.labels, ZONE) !== valueOf(other.labels, ZONE))
}
