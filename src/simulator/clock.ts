/** Virtual time: milliseconds since the epoch. Implemented with three modes: manual, scaled, real. */
export interface VirtualClock {
  now(): number
  /** Runs `action` when virtual time reaches `now + seconds`; actions of the same instant run in the order given. */
  after(seconds: number, action: () => void): () => void
}
