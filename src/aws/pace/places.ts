/** In how many lines each claimant waits: who needs calls of several classes is called when all of them can go out. */
export class Places {
  readonly #counts = new Map<string, number>()

  joined(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  left(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }

  isWaiting(key: string): boolean {
    return this.#counts.has(key)
  }
}
