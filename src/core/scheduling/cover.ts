import { at, wholeAt } from './vectors.ts'

/** Parts that the demand is divided into: what a node covers is rounded up to them. */
const PARTS = 2000

/** Rounding must not turn a whole number into the next one. */
const ROUNDING = 1e-7

export interface Cover {
  /** No whole nodes that cover the demand cost less, in US dollars an hour. */
  readonly price: number
  /** The vessels of the cheapest nodes that seem to cover it, each once. */
  readonly vessels: ReadonlySet<number>
}

/**
 * The cheapest whole nodes that together are worth what is demanded: a covering knapsack, by dynamic programming over parts of
 * the demand. What a node is worth is rounded up, so that the price is never too high.
 */
export function cheapestCover(worths: Float64Array, prices: Float64Array, demand: number): Cover {
  const choices = undominated(worths, prices, demand)
  const cheapest = new Float64Array(PARTS + 1).fill(Infinity)
  const choice = new Int32Array(PARTS + 1)
  cheapest[0] = 0
  for (let part = 1; part <= PARTS; part++) {
    for (const { vessel, parts } of choices) {
      const price = at(prices, vessel) + at(cheapest, Math.max(0, part - parts))
      if (price >= at(cheapest, part)) continue
      cheapest[part] = price
      choice[part] = vessel
    }
  }
  const partsOf = new Map(choices.map(({ vessel, parts }) => [vessel, parts]))
  const vessels = new Set<number>()
  for (let part = PARTS; part > 0 && at(cheapest, part) < Infinity;) {
    const vessel = wholeAt(choice, part)
    vessels.add(vessel)
    part -= partsOf.get(vessel) ?? PARTS
  }
  return { price: at(cheapest, PARTS), vessels }
}

interface Choice {
  readonly vessel: number
  readonly parts: number
}

/** Vessels than which no other covers as much for as little. */
function undominated(worths: Float64Array, prices: Float64Array, demand: number): readonly Choice[] {
  const all = [...worths.keys()].flatMap((vessel): readonly Choice[] => {
    const parts = Math.min(PARTS, Math.ceil((at(worths, vessel) / demand) * PARTS - ROUNDING))
    return parts > 0 ? [{ vessel, parts }] : []
  })
  let most = 0
  return all
    .toSorted((a, b) => at(prices, a.vessel) - at(prices, b.vessel) || b.parts - a.parts)
    .filter(({ parts }) => {
      if (parts <= most) return false
      most = parts
      return true
    })
}
