import { gainOf, type Knapsack } from './fractional-knapsack.ts'
import { at, wholeAt } from './vectors.ts'

/** How much may still be looked at; counted down. */
export interface Effort {
  looks: number
}

/** A knapsack of whole things while it is searched. */
interface Search extends Knapsack {
  /** Things by what they gain beyond what they take, the best first. */
  readonly order: Int32Array
  readonly gains: Float64Array
  readonly left: Float64Array
  readonly used: Float64Array
  readonly effort: Effort
  best: number
  /** How many of each thing are in the best fill; undefined: none is better than what was known before. */
  fill: Float64Array | undefined
  /** What the fills that were not looked at are worth at most. */
  unseen: number
}

export interface BestFill {
  /** No fill is worth more. */
  readonly worth: number
  /** The best fill that was found, as how many of each thing; undefined: none is worth more than `least`. */
  readonly fill: Float64Array | undefined
}

/**
 * What whole things on one node are worth at most, or `least` if that is more: by branch and bound, with prices of resources
 * (any will do) that say what free room may still be worth. When the effort ends before the search, the answer is too high
 * rather than too low. Source: S. Martello and P. Toth, Knapsack Problems, chapter 3.
 */
export function bestFill(knapsack: Knapsack, prices: Float64Array, least: number, effort: Effort): BestFill {
  const { values, most, capacity } = knapsack
  const gainAt = (thing: number): number => gainOf(knapsack, prices, thing)
  const order = [...values.keys()].filter((thing) => at(most, thing) > 0)
  const rated = order.map((thing) => ({ thing, gain: gainAt(thing) })).toSorted((a, b) => b.gain - a.gain)
  const search: Search = {
    ...knapsack,
    order: Int32Array.from(rated, ({ thing }) => thing),
    gains: Float64Array.from(rated, ({ gain }) => gain),
    left: Float64Array.from(capacity),
    used: new Float64Array(values.length),
    effort,
    best: least,
    fill: undefined,
    unseen: 0,
  }
  const room = capacity.reduce((sum, amount, r) => sum + amount * (prices[r] ?? 0), 0)
  const bound = rated.reduce((sum, { thing, gain }) => sum + Math.max(0, gain) * (most[thing] ?? 0), room)
  look(search, { from: 0, worth: 0, bound, things: 0 })
  return { worth: Math.max(search.best, search.unseen), fill: search.fill }
}

interface Standing {
  /** Things before this one in the order are settled. */
  readonly from: number
  readonly worth: number
  /** No fill with the present things is worth more. */
  readonly bound: number
  /** How many things are on the node. */
  readonly things: number
}

/** With so many things on a node one more or less hardly matters, and each is a call deeper. */
const MOST_THINGS = 200

/** Rounding must not hide a better fill. */
const ROUNDING = 1 + 1e-9

function look(search: Search, { from, worth, bound, things }: Standing): void {
  const { order, gains, values, most, used, effort } = search
  if (worth > search.best) {
    search.best = worth
    search.fill = Float64Array.from(used)
  }
  let open = bound * ROUNDING
  for (let index = from; index < order.length; index++) {
    const thing = wholeAt(order, index)
    const gain = at(gains, index)
    const taken = open + Math.min(0, gain)
    if (taken <= search.best) return
    if (effort.looks <= 0 || things >= MOST_THINGS) {
      search.unseen = Math.max(search.unseen, open)
      return
    }
    effort.looks -= 1
    if (takes(search, thing, 1)) {
      look(search, { from: index, worth: worth + at(values, thing), bound: taken, things: things + 1 })
      takes(search, thing, -1)
    }
    open -= Math.max(0, gain) * (at(most, thing) - at(used, thing))
  }
}

/** Puts one of a thing on the node, or takes it off; false: there is no room for it, and nothing has changed. */
function takes({ takes: sizes, left, used, most, resources }: Search, thing: number, number: 1 | -1): boolean {
  const cell = thing * resources
  if (number === 1) {
    if (at(used, thing) >= at(most, thing)) return false
    for (let r = 0; r < resources; r++) if (at(sizes, cell + r) > at(left, r) * ROUNDING) return false
  }
  for (let r = 0; r < resources; r++) left[r] = at(left, r) - number * at(sizes, cell + r)
  used[thing] = at(used, thing) + number
  return true
}
