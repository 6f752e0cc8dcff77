/** A line in which claimants wait. */
interface Waited {
  /** Until the turn of the claimant with this key, which waits here. */
  secondsUntilTurnOf(key: string): number
  /** Its turn has come in another line. */
  hurry(key: string): void
}

/** Where each claimant waits, and where its turn has come: who needs calls of several classes needs all turns at once. */
export class Places {
  readonly #lines = new Map<string, Set<Waited>>()
  readonly #turns = new Map<string, number>()

  joined(key: string, line: Waited): void {
    const lines = this.#lines.get(key) ?? new Set()
    this.#lines.set(key, lines.add(line))
  }

  left(key: string, line: Waited): void {
    const lines = this.#lines.get(key)
    lines?.delete(line)
    if (lines?.size === 0) this.#lines.delete(key)
  }

  /** Its turn has come, and lasts until it is `over`. */
  begun(key: string): void {
    this.#turns.set(key, (this.#turns.get(key) ?? 0) + 1)
    for (const line of this.#lines.get(key) ?? []) line.hurry(key)
  }

  over(key: string): void {
    const turns = (this.#turns.get(key) ?? 0) - 1
    if (turns > 0) this.#turns.set(key, turns)
    else this.#turns.delete(key)
  }

  /** Whether its turn has come in some line, where it holds up others. */
  isInTurn(key: string): boolean {
    return this.#turns.has(key)
  }

  /** How long until the claimant can come, as far as the other lines let it; 0: it waits in no other. */
  secondsElsewhere(key: string, line: Waited): number {
    const others = [...(this.#lines.get(key) ?? [])].filter((each) => each !== line)
    return Math.max(0, ...others.map((other) => other.secondsUntilTurnOf(key)))
  }
}
