/**
 * How a kind accounts for the members of one AWS operation's input. A member counts as modelled when the spec has a field
 * of the same path (`networkConfiguration.awsvpcConfiguration.subnets`; list indexes are left out); the rest is named here,
 * or shows up as open in `docs/coverage.md`.
 */
export interface OperationCoverage {
  /** The SDK package without its prefix: `ecr`, `ecs`, `cloudwatch-logs`. */
  readonly service: string
  /** `CreateRepository`. */
  readonly operation: string
  /** The field of the spec that holds the operation's members; empty: the spec itself. */
  readonly under?: string
  /** Member to the place where the object says it under another name: `cluster` → `spec.clusterRef`. */
  readonly saidAs?: Readonly<Record<string, string>>
  /** Member (its children included) to the sentence why no field exists for it. */
  readonly notModelled?: Readonly<Record<string, string>>
}

/** What `kinds/<kind>/coverage.ts` exports as `coverage`. */
export type KindCoverage = readonly OperationCoverage[]
