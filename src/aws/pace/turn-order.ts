/** What a call is for: a user's change overtakes the look-out for drift, which overtakes the sweeps over everything. */
export const URGENCIES = ['change', 'drift', 'sweep'] as const
export type Urgency = (typeof URGENCIES)[number]

/** Before all others: those for whom tokens are kept in another line, where they hold up who comes after them. */
export const LEVELS = ['in-turn', ...URGENCIES] as const
export type Level = (typeof LEVELS)[number]

/** Somebody in the line. */
interface Waiting {
  readonly level: Level
  readonly namespace: string
}

/** After so many turns of the more urgent, one of the less urgent has its turn: slow, never starved. */
const PATIENCE_TURNS = 9

interface Line<T> {
  /** In the order in which the namespaces have their turns; in each, first come, first served. */
  readonly namespaces: Map<string, Set<T>>
  /** Turns that others had while somebody waited here. */
  passedOver: number
}

/**
 * Who is next: by urgency, then each namespace in turn, then first come, first served. A namespace that wants a thousand
 * things gets as many turns as one that wants one thing, as long as both want something.
 */
export class TurnOrder<T extends Waiting> {
  readonly #lines: ReadonlyMap<Level, Line<T>> = new Map(
    LEVELS.map((level) => [level, { namespaces: new Map(), passedOver: 0 }]),
  )

  add(waiting: T): void {
    const { namespaces } = this.#line(waiting.level)
    const others = namespaces.get(waiting.namespace) ?? new Set<T>()
    namespaces.set(waiting.namespace, others.add(waiting))
  }

  delete(waiting: T): void {
    const line = this.#line(waiting.level)
    const others = line.namespaces.get(waiting.namespace)
    others?.delete(waiting)
    if (others?.size === 0) line.namespaces.delete(waiting.namespace)
    if (line.namespaces.size === 0) line.passedOver = 0
  }

  next(): T | undefined {
    const level = this.#overdue() ?? LEVELS.find((each) => !this.#isEmpty(each))
    if (level === undefined) return undefined
    const [first] = this.#line(level).namespaces.values()
    return first?.values().next().value
  }

  /** Whether others were let past long enough. */
  isOverdue({ level }: Waiting): boolean {
    return this.#line(level).passedOver >= PATIENCE_TURNS
  }

  /** `waiting`, which was `next`, had its turn. */
  served(waiting: T): void {
    const { namespaces } = this.#line(waiting.level)
    const rest = namespaces.get(waiting.namespace)
    this.delete(waiting)
    this.#line(waiting.level).passedOver = 0
    this.passed(waiting.level)
    if (rest === undefined || rest.size === 0) return
    // The other namespaces first.
    namespaces.delete(waiting.namespace)
    namespaces.set(waiting.namespace, rest)
  }

  /** Somebody of this level had a turn without waiting for it. */
  passed(level: Level): void {
    for (const lower of LEVELS.slice(LEVELS.indexOf(level) + 1)) {
      if (!this.#isEmpty(lower)) this.#line(lower).passedOver += 1
    }
  }

  /** Whether anybody waits who is at least as urgent. */
  hasBefore(level: Level): boolean {
    return LEVELS.slice(0, LEVELS.indexOf(level) + 1).some((each) => !this.#isEmpty(each))
  }

  /** About how many have their turn before `waiting`, if nobody comes. */
  ahead(waiting: T): number {
    const moreUrgent = LEVELS.slice(0, LEVELS.indexOf(waiting.level))
    const before = moreUrgent.reduce((sum, level) => sum + this.size(level), 0)
    return before + this.#aheadInLevel(waiting)
  }

  size(level: Level): number {
    return [...this.#line(level).namespaces.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #aheadInLevel(waiting: T): number {
    const { namespaces } = this.#line(waiting.level)
    const own = [...(namespaces.get(waiting.namespace) ?? [])].indexOf(waiting)
    const others = [...namespaces].filter(([namespace]) => namespace !== waiting.namespace)
    return others.reduce((sum, [, { size }]) => sum + Math.min(size, own + 1), own)
  }

  #overdue(): Level | undefined {
    return LEVELS.find((level) => this.#line(level).passedOver >= PATIENCE_TURNS && !this.#isEmpty(level))
  }

  #isEmpty(level: Level): boolean {
    return this.#line(level).namespaces.size === 0
  }

  #line(level: Level): Line<T> {
    const line = this.#lines.get(level)
    if (line === undefined) throw new Error(`no level ${level}`)
    return line
  }
}
