/** Virtual time: milliseconds since the epoch. Implemented with three modes: manual, scaled, real. */
export interface VirtualClock {
  now(): number
  /** Runs `action` when virtual time reaches `now + seconds`; actions of the same instant run in the order given. */
  after(seconds: number, action: () => void): () => void
}

/** A clock that stands still until it is wound by hand. */
export interface ManualClock extends VirtualClock {
  /** Moves time on and runs, in order of time, everything that falls due, also what those actions schedule. */
  advance(seconds: number): void
  /** When the next action falls due; undefined: nothing is scheduled. */
  nextAt(): number | undefined
}

interface Entry {
  readonly at: number
  readonly sequence: number
  readonly action: () => void
}

/** Scheduled actions in order of time, then of scheduling. A sorted array: insertion is a binary search and a splice. */
class Agenda {
  readonly #entries: Entry[] = []
  #sequence = 0

  add(at: number, action: () => void): () => void {
    const entry = { at, sequence: this.#sequence++, action }
    this.#entries.splice(this.#indexAfter(at), 0, entry)
    return () => this.#remove(entry)
  }

  nextAt(): number | undefined {
    return this.#entries[0]?.at
  }

  takeDue(now: number): Entry | undefined {
    const first = this.#entries[0]
    return first && first.at <= now ? this.#entries.shift() : undefined
  }

  #indexAfter(at: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle]?.at ?? Infinity) <= at) low = middle + 1
      else high = middle
    }
    return low
  }

  #remove(entry: Entry): void {
    const index = this.#entries.indexOf(entry)
    if (index >= 0) this.#entries.splice(index, 1)
  }
}

/** Where hand-wound time begins unless told: a fixed instant, so that tests repeat exactly. */
const MANUAL_EPOCH_MS = Date.UTC(2026, 0, 1)

export function createManualClock(startMs: number = MANUAL_EPOCH_MS): ManualClock {
  const agenda = new Agenda()
  let now = startMs
  return {
    now: () => now,
    after: (seconds, action) => agenda.add(now + seconds * 1000, action),
    nextAt: () => agenda.nextAt(),
    advance(seconds) {
      const end = now + seconds * 1000
      for (let due = agenda.takeDue(end); due; due = agenda.takeDue(end)) {
        // An action may itself wind the clock; time never runs backwards for the ones after it.
        now = Math.max(now, due.at)
        due.action()
      }
      now = Math.max(now, end)
    },
  }
}

/** The longest delay that a native timer can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Virtual time that runs `speed` times as fast as the wall clock, starting from it. Speed 1 is real time. */
export function createPacedClock(speed: number): VirtualClock {
  const agenda = new Agenda()
  const startMs = Date.now()
  let timer: NodeJS.Timeout | undefined
  let runningAt: number | undefined
  let latest = startMs

  // While an action runs, time is the instant it was due (unless a later one was already seen): chains of actions keep
  // their spacing however late the event loop is.
  const now = (): number => {
    latest = Math.max(latest, runningAt ?? startMs + (Date.now() - startMs) * speed)
    return latest
  }
  const runDue = (): void => {
    const end = startMs + (Date.now() - startMs) * speed
    for (let due = agenda.takeDue(end); due; due = agenda.takeDue(end)) {
      runningAt = due.at
      due.action()
    }
    runningAt = undefined
    arm()
  }
  const arm = (): void => {
    clearTimeout(timer)
    const at = agenda.nextAt()
    if (at === undefined || runningAt !== undefined) return
    const waitMs = startMs + (at - startMs) / speed - Date.now()
    timer = setTimeout(runDue, Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(waitMs)))).unref()
  }

  return {
    now,
    after(seconds, action) {
      const cancel = agenda.add(now() + seconds * 1000, action)
      arm()
      return cancel
    },
  }
}
