/** Burns with every half of a call that the operator makes: when one leaves, and when its answer is about to arrive. */
export interface Fuse {
  /** So many halves from now its end is reached. */
  light(halves: number): void
  putOut(): void
  /** One half; false: this is the end, and nothing of it may go on. */
  burns(): boolean
}

/** `kill` is called at the end, and has to be quick: the operator must not get to its next call. */
export function createFuse(kill: () => void): Fuse {
  let left = Infinity
  return {
    light: (halves) => void (left = halves),
    putOut: () => void (left = Infinity),
    burns: () => {
      if (left-- > 0) return true
      left = Infinity
      kill()
      return false
    },
  }
}
