/** How well a rule is founded. Nothing was ever compared with a live account. */
export type Basis = 'documented' | 'reported' | 'assumed'

/** Something that the simulator asserts about AWS, and where that comes from. Code reads its constants from here. */
export interface LedgerEntry<Value = unknown> {
  readonly value: Value
  /** One phrase; the value's unit is in the key or here. */
  readonly rule: string
  readonly basis: Basis
  /** AWS page or model, or what else the rule rests on. */
  readonly source: string
  /** When the source was read. */
  readonly date: string
}

/** The rules of one service, by constant name. Each service keeps its own in `services/<service>/ledger.ts`. */
export type Ledger = Readonly<Record<string, LedgerEntry>>

/** Makes the entries of a ledger whose sources were all read on one day. */
export function entriesReadOn(date: string) {
  const entry = (basis: Basis) => {
    return <const Value>(value: Value, rule: string, source: string): LedgerEntry<Value> => ({
      value,
      rule,
      basis,
      source,
      date,
    })
  }
  return {
    /** AWS says so. */
    documented: entry('documented'),
    /** Seen in public logs and bug reports, not stated by AWS. */
    reported: entry('reported'),
    /** AWS says nothing that was found; plausible. */
    assumed: entry('assumed'),
  }
}
