import { dualWorth, resourcePrices } from './fractional-knapsack.ts'
import { knapsackFor, type Room } from './room.ts'
import { at } from './vectors.ts'
import { bestFill } from './whole-knapsack.ts'

/** What each vessel can hold at most, when pods of each lot have a value: too high at first, never too low. */
export interface NodeWorths {
  /** By vessel. */
  readonly most: Float64Array
  /** Whether a vessel was looked at closely: then it is as good as known. */
  isKnown(vessel: number): boolean
  /**
   * Looks at a vessel with prices of resources of its own and with whole pods. Its prices judge the others as well, as far as
   * they seem to hold more than `least` of them, which is all that matters of any.
   */
  lookAt(vessel: number, least: (vessel: number) => number): void
}

/** Pods that are tried on nodes before what is known is taken as it is: for all vessels, and for one. */
const MOST_FILLS = 150_000
const MOST_FILLS_OF_ONE = 3000

export function createNodeWorths(room: Room, values: Float64Array): NodeWorths {
  const most = new Float64Array(room.capacities.length).fill(Infinity)
  const isKnown = new Uint8Array(most.length)
  let fills = MOST_FILLS

  return {
    most,
    isKnown: (vessel) => isKnown[vessel] === 1,
    lookAt: (vessel, least) => {
      isKnown[vessel] = 1
      const own = knapsackFor(room, vessel, values)
      const prices = resourcePrices(own)
      for (let other = 0; other < most.length; other++) {
        if (at(most, other) <= least(other)) continue
        most[other] = Math.min(at(most, other), dualWorth(knapsackFor(room, other, values), prices))
      }
      const effort = { looks: Math.min(fills, MOST_FILLS_OF_ONE) }
      fills -= effort.looks
      most[vessel] = Math.min(at(most, vessel), bestFill(own, prices, least(vessel), effort).worth)
      fills += effort.looks
    },
  }
}
