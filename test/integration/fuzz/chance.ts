/** Chance that repeats itself: the same seed gives the same choices. */
export interface Chance {
  /** Uniform in [0, 1). */
  readonly fraction: () => number
  /** Uniform in 0 … count − 1. */
  readonly index: (count: number) => number
  /** One of them; undefined: there are none. */
  readonly one: <T>(values: readonly T[]) => T | undefined
  /** True so often. */
  readonly happens: (probability: number) => boolean
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  // Mulberry32.
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const index = (count: number): number => Math.floor(fraction() * count)
  return { fraction, index, one: (values) => values[index(values.length)], happens: (p) => fraction() < p }
}
