import type { AwsSession } from '../aws/session.ts'
import type { Memo, Outputs, Observation, Plan, PlanInput, Step } from '../core/plan.ts'
import type { Resolved } from '../core/output.ts'
import type { Owner } from '../core/owner.ts'

/** One AWS account and region, reached with the credentials that this object must use. */
export interface Scope {
  readonly accountId: string
  readonly region: string
  /** `aws`, `aws-cn` … for building ARNs. */
  readonly partition: string
  readonly aws: AwsSession
}

/** Which AWS object is meant, for whom. */
export interface Identity<Observed = unknown> {
  readonly owner: Owner
  /** Name of the resource in its composition. */
  readonly name: string
  /** What the inventory keeps: AWS's natural key, or the recorded id. Never a symbol. */
  readonly key: string
  /** See `Resource.partsIn`. Absent: none is wanted. */
  readonly parts?: readonly string[]
  /** It is to be removed: worth a read that only tells whether it can be. */
  readonly leaving?: boolean
  /**
   * Only a sign of change is wanted: what AWS tells of many things in one call. What it tells one by one stays unread, and
   * nothing is written on the strength of a glance.
   */
  readonly glance?: boolean
  /**
   * There is time: nobody waits for this look, or somebody asked for it. Worth calls for one thing alone that decide
   * nothing and only tell people something.
   */
  readonly thorough?: boolean
  /**
   * What this pass saw of it a moment ago, and the types of the steps that it took on it since: what those did not touch
   * need not be asked again. Absent: it is the first look.
   */
  readonly before?: { readonly items: readonly Observed[]; readonly steps: readonly string[] }
}

/** One way in which somebody can change the AWS object behind our back; the conformance suite injects each. */
export interface Drift {
  readonly fact: string
  /** Who finds it: a sweep, within two drift periods, or only a close look, within the time between two of them. */
  readonly foundBy: 'sweep' | 'close-look'
  readonly inject: (key: string, scope: Scope, signal: AbortSignal) => Promise<void>
}

/** One IAM permission: `ecr:CreateRepository` on the ARN pattern (with `*` where it varies). */
export interface Permission {
  readonly action: string
  readonly arn: string
  readonly why: string
}

/** What a step would do besides, in words. */
export interface Foretold {
  /** Goes on from the step: `expires 3 images that are there now`. */
  readonly summary: string
  readonly details: readonly string[]
}

/** How CloudTrail tells of what others did to the AWS object; parameters have the names of the service's API. */
export interface Trail<StepType extends string> {
  /** By the type of a step: the calls, of whoever, that may have made it necessary: `ecs:DeleteService`. */
  readonly causes: { readonly [T in StepType]: readonly string[] }
  /** Whether a call with these parameters was about the thing with this key. */
  readonly isAbout: (parameters: unknown, key: string) => boolean
}

/**
 * One type of AWS object: how to identify it, observe many of it, plan it (pure) and apply one step with one AWS write.
 *
 * Guarantees wanted: `observe` changes nothing and throws `Failure` where it cannot tell; that is `unknown`, which the
 * engine says in one place. It is called for many things at the same moment: the ports put their reads into shared calls. `plan` is
 * pure and total. `apply` makes exactly one AWS write and throws `Failure`.
 */
export interface Resource<Desired, Observed, S extends Step, Out extends string> {
  readonly type: string
  /** The natural key; must not contain a symbol. */
  readonly identify: (desired: Desired) => string
  readonly observe: (id: Identity<Observed>, scope: Scope, signal: AbortSignal) => Promise<Observation<Observed>>
  /**
   * Names of those parts that AWS tells one by one and this goal says something about. What nobody declares is not managed:
   * a call that reads it would be for nothing, on every look at every object.
   */
  readonly partsIn?: (desired: Desired) => readonly string[]
  /** Ids (ARNs) of other AWS objects that this one keeps in use. */
  readonly uses?: (observed: Observed) => readonly string[]
  readonly plan: (input: PlanInput<Desired, Observed>) => Plan<S, Out>
  readonly apply: (step: Resolved<S>, id: Identity, scope: Scope, signal: AbortSignal) => Promise<Outputs<Out>>
  /**
   * What others may use of it, from the memo of the last close look; undefined: it has to be looked at. For what hardly
   * changes by itself: while its object waits for something else, nobody asks AWS for it.
   */
  readonly recall?: (desired: Desired, memo: Memo) => Outputs<Out> | undefined
  /** AWS tells of it one by one: sweeps recall it as well, so that only close looks ask for it. */
  readonly isReadAlone?: boolean
  /** Keys of everything of this type that carries the owner's tags: used when status was lost and compose cannot say. */
  readonly findOwned: (owner: Owner, scope: Scope, signal: AbortSignal) => Promise<readonly string[]>
  /**
   * Whether one object may stand for other keys of this type over time, or for none (a log group that an edit made
   * unnecessary): then a lost inventory has to be searched for, because composition does not mention what was wanted before.
   */
  readonly keysVary?: boolean
  /** Holds data of users: kept in AWS when its object goes, unless the deletion policy says `Delete`. */
  readonly holdsData?: boolean
  /** The AWS write that each type of step makes: `ecs:UpdateService`. */
  readonly calls?: { readonly [T in S['type']]: string }
  /**
   * What AWS itself can tell beforehand about a step on the thing with this key; undefined: nothing. May set AWS to work, but
   * changes nothing that anybody uses. For `plan --preview`: the operator never asks. Throws `Failure`.
   */
  readonly foretell?: (step: S, key: string, scope: Scope, signal: AbortSignal) => Promise<Foretold | undefined>
  /** Absent: nobody can be blamed for a change. */
  readonly trail?: Trail<S['type']>
  readonly permissions: readonly Permission[]
  readonly drifts: readonly Drift[]
}

/** What the engine sees: the same members as methods (bivariant), so that no cast is needed. */
export interface AnyResource {
  readonly type: string
  readonly keysVary?: boolean
  readonly holdsData?: boolean
  readonly calls?: Readonly<Record<string, string>>
  readonly trail?: {
    readonly causes: Readonly<Record<string, readonly string[]>>
    isAbout(parameters: unknown, key: string): boolean
  }
  readonly permissions: readonly Permission[]
  readonly drifts: readonly Drift[]
  identify(desired: unknown): string
  foretell?(step: Step, key: string, scope: Scope, signal: AbortSignal): Promise<Foretold | undefined>
  observe(id: Identity, scope: Scope, signal: AbortSignal): Promise<Observation<unknown>>
  partsIn?(desired: unknown): readonly string[]
  uses?(observed: unknown): readonly string[]
  recall?(desired: unknown, memo: Memo): Outputs | undefined
  readonly isReadAlone?: boolean
  plan(input: PlanInput<unknown, unknown>): Plan<Step, string>
  apply(step: Step, id: Identity, scope: Scope, signal: AbortSignal): Promise<Outputs>
  findOwned(owner: Owner, scope: Scope, signal: AbortSignal): Promise<readonly string[]>
}
