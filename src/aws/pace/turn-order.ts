/** What a call is for: a user's change overtakes the look-out for drift, which overtakes the sweeps over everything. */
export const URGENCIES = ['change', 'drift', 'sweep'] as const
export type Urgency = (typeof URGENCIES)[number]

/** Somebody in the line. */
interface Waiting {
  readonly urgency: Urgency
  readonly namespace: string
}

/** After so many turns of the more urgent, one of the less urgent has its turn: slow, never starved. */
const PATIENCE_TURNS = 9

interface Level<T> {
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
  readonly #levels: ReadonlyMap<Urgency, Level<T>> = new Map(
    URGENCIES.map((urgency) => [urgency, { namespaces: new Map(), passedOver: 0 }]),
  )

  add(waiting: T): void {
    const { namespaces } = this.#level(waiting.urgency)
    const others = namespaces.get(waiting.namespace) ?? new Set<T>()
    namespaces.set(waiting.namespace, others.add(waiting))
  }

  delete(waiting: T): void {
    const level = this.#level(waiting.urgency)
    const others = level.namespaces.get(waiting.namespace)
    others?.delete(waiting)
    if (others?.size === 0) level.namespaces.delete(waiting.namespace)
    if (level.namespaces.size === 0) level.passedOver = 0
  }

  next(): T | undefined {
    const urgency = this.#overdue() ?? URGENCIES.find((each) => !this.#isEmpty(each))
    if (urgency === undefined) return undefined
    const [first] = this.#level(urgency).namespaces.values()
    return first?.values().next().value
  }

  /** Whether others were let past long enough. */
  isOverdue({ urgency }: Waiting): boolean {
    return this.#level(urgency).passedOver >= PATIENCE_TURNS
  }

  /** `waiting`, which was `next`, had its turn. */
  served(waiting: T): void {
    const { namespaces } = this.#level(waiting.urgency)
    const rest = namespaces.get(waiting.namespace)
    this.delete(waiting)
    this.#level(waiting.urgency).passedOver = 0
    this.passed(waiting.urgency)
    if (rest === undefined || rest.size === 0) return
    // The other namespaces first.
    namespaces.delete(waiting.namespace)
    namespaces.set(waiting.namespace, rest)
  }

  /** Somebody of this urgency had a turn without waiting for it. */
  passed(urgency: Urgency): void {
    for (const lower of URGENCIES.slice(URGENCIES.indexOf(urgency) + 1)) {
      if (!this.#isEmpty(lower)) this.#level(lower).passedOver += 1
    }
  }

  /** Whether anybody waits who is at least as urgent. */
  hasBefore(urgency: Urgency): boolean {
    return URGENCIES.slice(0, URGENCIES.indexOf(urgency) + 1).some((each) => !this.#isEmpty(each))
  }

  /** About how many have their turn before `waiting`, if nobody comes. */
  ahead(waiting: T): number {
    const moreUrgent = URGENCIES.slice(0, URGENCIES.indexOf(waiting.urgency))
    const before = moreUrgent.reduce((sum, urgency) => sum + this.size(urgency), 0)
    return before + this.#aheadInLevel(waiting)
  }

  size(urgency: Urgency): number {
    return [...this.#level(urgency).namespaces.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #aheadInLevel(waiting: T): number {
    const { namespaces } = this.#level(waiting.urgency)
    const own = [...(namespaces.get(waiting.namespace) ?? [])].indexOf(waiting)
    const others = [...namespaces].filter(([namespace]) => namespace !== waiting.namespace)
    return others.reduce((sum, [, { size }]) => sum + Math.min(size, own + 1), own)
  }

  #overdue(): Urgency | undefined {
    return URGENCIES.find((urgency) => this.#level(urgency).passedOver >= PATIENCE_TURNS && !this.#isEmpty(urgency))
  }

  #isEmpty(urgency: Urgency): boolean {
    return this.#level(urgency).namespaces.size === 0
  }

  #level(urgency: Urgency): Level<T> {
    const level = this.#levels.get(urgency)
    if (level === undefined) throw new Error(`no level ${urgency}`)
    return level
  }
}
