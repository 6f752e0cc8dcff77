import type { Vessel } from './lots.ts'
import { at } from './vectors.ts'

/** Of vessels that differ by less than this factor in price, and take the same pods, one is enough besides the very best. */
const STEP = 1.12
/** The very best are so many. */
const MOST_BEST = 40

/**
 * The vessels worth filling: those that hold most for their price, and for each kind of vessel the best of every size, for
 * large ones cannot be had for what is left in the end. `ratios`: what each holds for its price. In order of their prices.
 */
export function worthwhile(vessels: readonly Vessel[], ratios: Float64Array): readonly number[] {
  const numbers = [...vessels.keys()].filter((vessel) => at(ratios, vessel) > 0)
  const best = numbers.toSorted((a, b) => at(ratios, b) - at(ratios, a) || a - b).slice(0, MOST_BEST)
  const bySize = new Map<string, number>()
  for (const vessel of numbers) {
    const { price = 0, group = 0 } = vessels[vessel] ?? {}
    const key = `${group}/${Math.floor(Math.log(price || Number.MIN_VALUE) / Math.log(STEP))}`
    const known = bySize.get(key)
    if (known === undefined || at(ratios, vessel) > at(ratios, known)) bySize.set(key, vessel)
  }
  return [...new Set([...best, ...bySize.values()])].toSorted((a, b) => a - b)
}
