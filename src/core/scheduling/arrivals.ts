import type { Bin, Board } from './board.ts'
import { countPods, objectionTo, type DomainCounts } from './domain-counts.ts'
import type { Shape } from './shape.ts'

/** Pods of one shape in one region that are still to come. */
interface Arrival {
  readonly shape: Shape
  /** A place in that region. */
  readonly place: number
  left: number
}

/**
 * Whether the new pods of a board can come in an order in which the rules about zones let each of them in: the scheduler
 * looks at those rules when a pod comes, and never again. `counts`: the pods that were there before; changed in place.
 * Source: Kubernetes, "Pod Topology Spread Constraints", "Assigning Pods to Nodes".
 */
export function canArrive({ model, bins }: Board, regions: Int32Array, counts: DomainCounts): boolean {
  let open = arrivalsOf(bins, model.shapes, regions)
  for (let came = true; came && open.length > 0;) {
    came = false
    // One of each in turn keeps zones even.
    for (const arrival of open) if (comesIn(counts, arrival)) came = true
    open = open.filter(({ left }) => left > 0)
  }
  return open.length === 0
}

function arrivalsOf(bins: readonly Bin[], shapes: readonly Shape[], regions: Int32Array): readonly Arrival[] {
  const arrivals = new Map<string, Arrival>()
  for (const { place, load, copies } of bins) {
    for (const [index, count] of load.counts) {
      const shape = shapes[index]
      if (shape?.domain === undefined) continue
      const key = `${index}/${regions[place]}`
      const known = arrivals.get(key)
      if (known === undefined) arrivals.set(key, { shape, place, left: count * copies })
      else known.left += count * copies
    }
  }
  return [...arrivals.values()].toSorted((a, b) => a.shape.index - b.shape.index || a.place - b.place)
}

function comesIn(counts: DomainCounts, arrival: Arrival): boolean {
  const { shape, place } = arrival
  if (shape.domain === undefined || objectionTo(counts, shape.domain, place) !== undefined) return false
  countPods(counts, shape.domain.counted, place, 1)
  arrival.left -= 1
  return true
}
