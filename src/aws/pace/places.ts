/** A line in which claimants wait. */
interface Waited {
  /** The claimant with this key has its turn in another line. */
  hurry(key: string): void
}

/** Where each claimant waits, and whether tokens are kept for it somewhere: then it goes first everywhere else. */
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

  isWaiting(key: string): boolean {
    return this.#lines.has(key)
  }
}
