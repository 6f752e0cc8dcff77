import type { Random } from '../../src/core/ports.ts'

/** Chance without chance: always the same fraction; UUIDs count up. */
export function createFixedRandom(fraction: number): Random {
  let count = 0
  return {
    fraction: () => fraction,
    uuid: () => {
      count += 1
      return `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`
    },
  }
}
