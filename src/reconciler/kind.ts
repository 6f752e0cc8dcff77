import type { z } from 'zod'
import type { ConditionStatus, Reason } from '../core/conditions.ts'
import type { Observation, Outputs, Plan, Step, Wait } from '../core/plan.ts'
import type { Owner } from '../core/owner.ts'
import type { Instant } from '../core/ports.ts'
import type { Composed } from './composed.ts'
import type { AnyResource, Resource } from './resource.ts'

/** A reference in a spec to another object of ours; `compose` gets the value of `output` under `field`. */
export interface Reference {
  /** Path in the spec, for messages and as key of the resolved value: `clusterRef`. */
  readonly field: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string | undefined
  /** Which of the target's outputs is wanted (see `Kind.provides`). */
  readonly output: string
}

export interface ComposeInput<Spec> {
  readonly owner: Owner
  readonly spec: Spec
  /** Value of each reference, by its `field`. */
  readonly references: Readonly<Record<string, string>>
  readonly accountId: string
  readonly region: string
  readonly partition: string
}

/** What there is to foresee the status of an object from. */
export type ForeseeInput<Spec> = Pick<ComposeInput<Spec>, 'owner' | 'spec' | 'accountId' | 'region' | 'partition'>

/** What one pass knows about one resource of the composition. */
export interface ResourceReport<Observed, Out extends string> {
  readonly observation: Observation<Observed>
  readonly outputs: Outputs<Out>
  readonly plan: Plan<Step, string> | undefined
}

export interface StatusInput<Spec, Status> {
  readonly spec: Spec
  readonly owner: Owner
  readonly previous: Partial<Status>
  readonly now: Instant
  /** The report on the composed resource of this name; undefined: not reached in this pass. */
  readonly report: <Desired, Observed, S extends Step, Out extends string>(
    name: string,
    resource: Resource<Desired, Observed, S, Out>,
  ) => ResourceReport<Observed, Out> | undefined
  readonly waits: readonly Wait[]
}

export interface StatusReport<Status> {
  /** The kind's own status fields. A field that could not be read now should be carried over from `previous`. */
  readonly fields: Status
  /** Condition `Available`, for kinds that serve. */
  readonly available?: { readonly status: ConditionStatus; readonly reason: Reason; readonly message: string }
}

/** How the CRD looks from outside. */
export interface Presentation {
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  /** One paragraph: what the kind is for. */
  readonly description: string
  readonly printerColumns: readonly PrinterColumn[]
  /** Paths of the scale subresource. */
  readonly scale?: {
    readonly specReplicasPath: string
    readonly statusReplicasPath: string
    readonly labelSelectorPath: string
  }
}

export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  /** 1: only with `-o wide`. */
  readonly priority?: 0 | 1
  readonly description?: string
}

/** A CRD and the AWS objects that it stands for. All functions are pure. */
export interface Kind<Spec, Status> {
  readonly kind: string
  readonly presentation: Presentation
  /** CEL rules and other CRD extensions sit in the schemas as `.meta({ 'x-kubernetes-validations': … })`. */
  readonly schema: { readonly spec: z.ZodType<Spec>; readonly status: z.ZodType<Status> }
  /** In dependency order: every type it ever composed, retired ones included, so that old inventories can be emptied. */
  readonly resources: readonly AnyResource[]
  /** Absent: objects of this kind never refer to others. */
  readonly references?: (spec: Spec) => readonly Reference[]
  /** In dependency order. */
  readonly compose: (input: ComposeInput<Spec>) => readonly Composed[]
  readonly status: (input: StatusInput<Spec, Status>) => StatusReport<Status>
  /** What references to this kind can use, from its status; an output that is missing is not usable yet. */
  readonly provides: (status: Partial<Status>) => Outputs
  /** What of its status shows in the status of what it refers to: when that changes, those are looked at again soon. */
  readonly footprint?: (status: Partial<Status>) => unknown
  /** Status fields that are known before AWS has made anything: a plan resolves references to new objects with them. */
  readonly foresee?: (input: ForeseeInput<Spec>) => Partial<Status>
  /** Fields that the spec leaves open and the operator fills in once, with what AWS has (a count that others will scale). */
  readonly fillIn?: (spec: Spec, report: StatusInput<Spec, Status>['report']) => Partial<Spec>
  /** Whether deletion may also delete what the AWS object contains. */
  readonly forceDelete?: (spec: Spec) => boolean
  /** How often to look for drift in what AWS tells of many things in one call. */
  readonly driftSeconds: number
  /** How often to look closely, at what AWS tells one by one as well. */
  readonly closeLookSeconds: number
  /** Fields that AWS cannot change, each with another valid value: tests see every such edit refused. */
  readonly immutable: readonly ImmutableField[]
}

export interface ImmutableField {
  /** Path in the spec, dots between members: `encryptionConfiguration.encryptionType`. */
  readonly field: string
  readonly otherValue: unknown
}

/** What the engine sees: the same members as methods (bivariant), so that no cast is needed. */
export interface AnyKind {
  readonly kind: string
  readonly presentation: Presentation
  readonly schema: { readonly spec: z.ZodType; readonly status: z.ZodType }
  readonly resources: readonly AnyResource[]
  readonly driftSeconds: number
  readonly closeLookSeconds: number
  readonly immutable: readonly ImmutableField[]
  references?(spec: unknown): readonly Reference[]
  compose(input: ComposeInput<unknown>): readonly Composed[]
  status(input: StatusInput<unknown, unknown>): StatusReport<object>
  provides(status: unknown): Outputs
  footprint?(status: unknown): unknown
  foresee?(input: ForeseeInput<unknown>): object
  fillIn?(spec: unknown, report: StatusInput<unknown, unknown>['report']): Readonly<Record<string, unknown>>
  forceDelete?(spec: unknown): boolean
}
