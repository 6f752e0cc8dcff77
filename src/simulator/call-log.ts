/** One call as it was answered. Times are virtual, in milliseconds since the epoch. */
export interface LoggedCall {
  readonly requestId: string
  readonly service: string
  readonly operation: string
  readonly accountId: string
  readonly region: string
  readonly accessKeyId: string
  readonly userAgent: string
  readonly sourceIPAddress: string
  readonly startMs: number
  readonly endMs: number
  readonly status: number
  /** AWS's error code; absent: it succeeded. */
  readonly errorCode?: string
  readonly errorMessage?: string
  /** Id of the fault rule that had a hand in it. */
  readonly faultId?: string
  /** Parsed input without sensitive members and binary data. */
  readonly parameters: unknown
}

/** Which calls are meant; absent members match everything. */
export interface CallFilter {
  readonly service?: string
  readonly operation?: string
  readonly accountId?: string
  readonly errorCode?: string
}

/** How many calls are remembered in detail; older ones only count. */
const MAX_CALLS = 100_000

/** The calls that a simulator answered, oldest first. */
export class CallLog {
  #calls: LoggedCall[] = []
  readonly #counts = new Map<string, number>()

  add(call: LoggedCall): void {
    this.#calls.push(call)
    // Trimmed in large steps: removing one from the front of a long array for each call would be slow.
    if (this.#calls.length > MAX_CALLS * 1.1) this.#calls = this.#calls.slice(-MAX_CALLS)
    const name = `${call.service}:${call.operation}`
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  calls(filter: CallFilter = {}): readonly LoggedCall[] {
    const wanted = Object.entries(filter)
    return this.#calls.filter((call) => {
      const fields: Readonly<Record<string, unknown>> = { ...call }
      return wanted.every(([name, value]) => value === undefined || fields[name] === value)
    })
  }

  /** Number of calls since the last reset, by `service:Operation`. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([left], [right]) => left.localeCompare(right)))
  }

  clear(): void {
    this.#calls = []
    this.#counts.clear()
  }
}
