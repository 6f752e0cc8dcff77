/** What a fault does to the calls that it meets. */
export type FaultEffect =
  | { readonly type: 'throttle' }
  /** Answers 503 without effect. */
  | { readonly type: 'unavailable' }
  | { readonly type: 'denied' }
  | { readonly type: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** The connection ends without an answer, before or after the call took effect. */
  | { readonly type: 'lost'; readonly when: 'before-effect' | 'after-effect' }
  /** The answer comes later, in virtual seconds; the effect is immediate. */
  | { readonly type: 'delay'; readonly seconds: number }
  /** Reads answer as things were so many virtual seconds ago; writes are not touched. */
  | { readonly type: 'stale-read'; readonly seconds: number }

/** Which calls a fault meets, and how often. Absent members match everything. */
export interface FaultRule {
  readonly id?: string
  readonly service?: string
  readonly operation?: string
  readonly accountId?: string
  readonly region?: string
  readonly accessKeyId?: string
  /** Text that the user agent contains. */
  readonly userAgent?: string
  /** Input members by name that must be equal; a list matches when it contains the value. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Matching calls to let through first; default 0. */
  readonly skip?: number
  /** Calls to hit after that; default: all. */
  readonly count?: number
  readonly effect: FaultEffect
}

/** The parts of a call that fault rules look at. */
export interface FaultTarget {
  readonly service: string
  readonly operation: string
  readonly accountId: string
  readonly region: string
  readonly accessKeyId: string
  readonly userAgent: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** A rule in force. */
export interface ActiveFault extends FaultRule {
  readonly id: string
  /** Matching calls so far, those let through included. */
  readonly seen: number
}

/** The faults in force, asked in the order in which they were added: the first match decides. */
export class FaultPlan {
  #faults: { rule: FaultRule & { id: string }; seen: number }[] = []
  #serial = 0
  readonly #onChange: () => void

  /** `onChange` is called whenever rules come or go. */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange
  }

  /** Adds a rule and answers its id. */
  add(rule: FaultRule): string {
    const id = rule.id ?? `fault-${++this.#serial}`
    this.#faults.push({ rule: { ...rule, id }, seen: 0 })
    this.#onChange()
    return id
  }

  remove(id: string): void {
    this.#faults = this.#faults.filter(({ rule }) => rule.id !== id)
    this.#onChange()
  }

  clear(): void {
    this.#faults = []
    this.#onChange()
  }

  list(): readonly ActiveFault[] {
    return this.#faults.map(({ rule, seen }) => ({ ...rule, seen }))
  }

  /** The fault that this call meets; counts the call for every rule that matches up to there. */
  take(target: FaultTarget): ActiveFault | undefined {
    for (const fault of this.#faults) {
      if (!isTargeted(fault.rule, target)) continue
      const index = fault.seen++
      const { skip = 0, count = Infinity } = fault.rule
      if (index >= skip && index < skip + count) return { ...fault.rule, seen: fault.seen }
    }
    return undefined
  }
}

const EXACT = ['service', 'operation', 'accountId', 'region', 'accessKeyId'] as const

function isTargeted(rule: FaultRule, target: FaultTarget): boolean {
  if (EXACT.some((name) => rule[name] !== undefined && rule[name] !== target[name])) return false
  if (rule.userAgent !== undefined && !target.userAgent.includes(rule.userAgent)) return false
  return Object.entries(rule.parameters ?? {}).every(([name, wanted]) => hasValue(target.parameters[name], wanted))
}

function hasValue(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(actual) && !Array.isArray(wanted)) return actual.includes(wanted)
  return actual === wanted || JSON.stringify(actual) === JSON.stringify(wanted)
}
