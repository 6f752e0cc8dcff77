/**
 * One row of the fidelity ledger: something the simulator asserts about AWS, and where that comes from. Each service
 * keeps its rows in `services/<service>/ledger.ts`; a constant in code is read from its row or names it.
 */
export interface LedgerRow {
  /** Unique: `ecr.lifecycle.expiry-delay`. */
  readonly id: string
  /** What is asserted, in one sentence. */
  readonly rule: string
  /** The number, if the rule has one, with its unit in the rule's sentence. */
  readonly value?: number | string
  /** AWS page or model; `inference` and `simulator choice` are honest answers too. */
  readonly source: string
  /** When the source was read: YYYY-MM. */
  readonly read: string
  /** Test file, relative to the repository, that shows the rule at work. */
  readonly test: string
}
