import { digest } from './hash.ts'

/** One of several operators that share the objects of a cluster. */
export interface Shard {
  /** Counted from 1. */
  readonly index: number
  readonly count: number
}

const DIGITS = 32

/**
 * Whether a shard looks after the object with this key (`namespace/name`). Every key has exactly one; with one shard more,
 * only what the new one gets moves (highest random weight hashing, Thaler and Ravishankar 1998). The key decides and not
 * the uid, so that an object that is made again stays where it was, and a key alone says whose it is.
 */
export function isInShard(key: string, { index, count }: Shard): boolean {
  const own = weightOf(key, index)
  return Array.from({ length: count }, (_, other) => other + 1).every(
    (other) => other === index || weightOf(key, other) < own,
  )
}

/** Frozen: all operators of a set have to agree, whatever their version. Hexadecimal digits compare as numbers do. */
function weightOf(key: string, index: number): string {
  return digest(`${index}/${key}`, DIGITS)
}
