import { amountsFrom, type Amounts } from '../../quantity.ts'
import type { Pod } from '../kubernetes.ts'
import type { ProvisioningProblem } from '../problem.ts'
import { podRequests } from '../requests.ts'
import { disruptionOf, gainOf, NODE_DISRUPTION } from './disruption.ts'
import type { DisruptionPrice } from './consolidation.ts'
import { priceOf, type RunningNode } from './running-nodes.ts'

/** A node that may go, and what is known of it beforehand. */
export interface Prospect extends RunningNode {
  readonly priceUsdPerHour: number
  /** Of all its pods and of itself, should it go. */
  readonly disruption: number
  /** What its movable pods ask for together, and what is free on it. */
  readonly requests: Amounts
  readonly free: Amounts
  /** What would be gained over the payback time if its pods found nodes that suit them perfectly, in US dollars. */
  readonly promise: number
}

/** Nodes in the order in which they should go: those first that cost most beyond what their pods are worth. */
export function prospectsFrom(
  nodes: readonly RunningNode[],
  problem: ProvisioningProblem,
  price: DisruptionPrice,
): readonly Prospect[] {
  const requestsOf = memoized(problem.pods)
  const offersOf = offersByPool(problem)
  const prospects = nodes.map((running): Prospect => {
    const requests = totalOf(running.movable.map(requestsOf))
    const overhead = totalOf(running.tied.map(requestsOf))
    const priceUsdPerHour = priceOf(running)
    const disruption = running.movable.reduce((sum, pod) => sum + disruptionOfPod(problem.pods[pod]), NODE_DISRUPTION)
    const pool = typeof running.offer === 'string' ? '' : running.offer.pool
    const savesUsdPerHour = priceUsdPerHour - worthOf(requests, overhead, offersOf.get(pool) ?? [])
    const promise = gainOf({ savesUsdPerHour, disruption }, price)
    const free = freeOn(running, [requests, overhead])
    return { ...running, priceUsdPerHour, disruption, requests, free, promise }
  })
  return prospects.toSorted((a, b) => b.promise - a.promise)
}

function freeOn({ node, offer }: RunningNode, used: readonly Amounts[]): Amounts {
  const stated = node.status?.allocatable
  const expected = typeof offer === 'string' ? {} : offer.type.allocatable
  const room = stated === undefined ? expected : amountsFrom(stated)
  return Object.fromEntries(
    Object.entries(room).map(([resource, amount]) => [
      resource,
      used.reduce((left, amounts) => left - (amounts[resource] ?? 0), amount),
    ]),
  )
}

function disruptionOfPod(pod: Pod | undefined): number {
  return pod === undefined ? 0 : disruptionOf(pod)
}

/** Copies of a template share their containers. */
function memoized(pods: readonly Pod[]): (index: number) => Amounts {
  const known = new Map<unknown, Amounts>()
  return (index) => {
    const spec = pods[index]?.spec
    if (spec === undefined) return {}
    const requests = known.get(spec.containers) ?? podRequests(spec)
    known.set(spec.containers, requests)
    return requests
  }
}

function totalOf(all: readonly Amounts[]): Amounts {
  const total: Record<string, number> = {}
  for (const amounts of all) {
    for (const [resource, amount] of Object.entries(amounts)) total[resource] = (total[resource] ?? 0) + amount
  }
  return total
}

interface Offer {
  readonly allocatable: Amounts
  readonly priceUsdPerHour: number
}

/** The cheapest available offering of each type that a pool's requirements on instance types do not rule out by name. */
function offersByPool({ pools, instanceTypes }: ProvisioningProblem): ReadonlyMap<string, readonly Offer[]> {
  const offers = instanceTypes.flatMap(({ allocatable, offerings }): readonly Offer[] => {
    const prices = offerings.filter(({ available }) => available).map(({ priceUsdPerHour }) => priceUsdPerHour)
    return prices.length === 0 ? [] : [{ allocatable, priceUsdPerHour: Math.min(...prices) }]
  })
  return new Map(pools.map(({ name }) => [name, offers]))
}

/** The price of the share of a node that would be enough for pods, on the type where that is least. */
function worthOf(requests: Amounts, overhead: Amounts, offers: readonly Offer[]): number {
  const wanted = Object.entries(requests).filter(([, amount]) => amount > 0)
  if (wanted.length === 0) return 0
  let least = Infinity
  for (const { allocatable, priceUsdPerHour } of offers) {
    let share = 0
    for (const [resource, amount] of wanted) {
      const room = (allocatable[resource] ?? 0) - (overhead[resource] ?? 0)
      share = Math.max(share, room > 0 ? amount / room : Infinity)
    }
    least = Math.min(least, share * priceUsdPerHour)
  }
  return least === Infinity ? 0 : least
}
