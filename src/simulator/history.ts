import type { Cell } from './state.ts'

interface Snapshot {
  readonly atMs: number
  readonly state: unknown
}

/**
 * Copies of states as they were, for reads that answer with the past. Nothing is copied until `start`, because copies
 * cost as much as the state is large; from then on there is one per cell and instant of change.
 */
export class History {
  readonly #cells: () => readonly Cell[]
  readonly #snapshots = new Map<Cell, Snapshot[]>()
  #isOn = false
  /** Instant of a change that may not have been copied yet. */
  #changedAtMs: number | undefined

  constructor(cells: () => readonly Cell[]) {
    this.#cells = cells
  }

  start(nowMs: number): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#copy(nowMs)
  }

  stop(): void {
    this.#isOn = false
    this.#changedAtMs = undefined
    this.#snapshots.clear()
  }

  /** Must be called before anything may change at `nowMs`. */
  beforeChange(nowMs: number): void {
    if (!this.#isOn) return
    this.#settle(nowMs)
    this.#changedAtMs = nowMs
  }

  /** The cell's state at an instant; one that is older than the recording answers the oldest copy. */
  stateAt(cell: Cell, atMs: number, nowMs: number): unknown {
    this.#settle(nowMs)
    const snapshots = this.#snapshots.get(cell) ?? []
    // A cell without a copy was made after the recording began: in the past it was empty.
    const oldest = snapshots[0]?.state ?? cell.service.createState()
    return snapshots.findLast((snapshot) => snapshot.atMs <= atMs)?.state ?? oldest
  }

  /** Copies the outcome of an earlier instant once time has moved on. */
  #settle(nowMs: number): void {
    if (this.#changedAtMs === undefined || nowMs <= this.#changedAtMs) return
    this.#copy(this.#changedAtMs)
    this.#changedAtMs = undefined
  }

  #copy(atMs: number): void {
    for (const cell of this.#cells()) {
      const isNew = !this.#snapshots.has(cell)
      const snapshots = this.#snapshots.get(cell) ?? []
      if (isNew) {
        this.#snapshots.set(cell, snapshots)
        // Before its first copy a cell that appeared during the recording was empty.
        if (this.#changedAtMs !== undefined) snapshots.push({ atMs: -Infinity, state: cell.service.createState() })
      }
      snapshots.push({ atMs, state: structuredClone(cell.state) })
      if (snapshots.length > MAX_SNAPSHOTS) snapshots.shift()
    }
  }
}

/** Enough for hundreds of changes within the seconds that a stale read looks back. */
const MAX_SNAPSHOTS = 500
