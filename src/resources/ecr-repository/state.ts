import type { ImageSummary } from '../../aws/ecr-images.ts'
import type { Encryption, NewRepository, Repository, TagMutability } from '../../aws/ecr.ts'
import type { Tags } from '../../core/owner.ts'
import type { TagGoal } from '../../core/managed-tags.ts'

/** What a repository must be like. Absent members are not managed. */
export interface DesiredRepository {
  readonly repositoryName: string
  readonly tags: TagGoal
  readonly mutability?: TagMutability | undefined
  readonly scanOnPush?: boolean | undefined
  /** Cannot be changed in AWS. */
  readonly encryption?: Encryption | undefined
  readonly lifecyclePolicy?: DesiredPolicy | undefined
  readonly policy?: DesiredPolicy | undefined
}

export interface DesiredPolicy {
  /** JSON; the empty string: there must be none. */
  readonly text: string
  /** The field of the spec that it comes from, for messages. */
  readonly field: string
}

/** What ECR tells of one repository at a time. */
export const PART = { lifecyclePolicy: 'lifecycle-policy', policy: 'policy' } as const

export interface ObservedRepository extends Repository {
  readonly tags: Tags
  /** Undefined: there is none, or it was not looked at, because the spec says nothing about it. */
  readonly lifecyclePolicyText: string | undefined
  /** The same. */
  readonly policyText: string | undefined
  /** Undefined: not looked at, because nobody wants to remove the repository. */
  readonly hasImages: boolean | undefined
  /** Undefined: there was no time to look, or it could not be read. */
  readonly images?: ImageSummary | undefined
  readonly isGlance?: undefined
}

/** A repository of which only the settings were read. */
export interface GlancedRepository extends Repository {
  readonly isGlance: true
}

/** One ECR write each. */
export type RepositoryStep = StepBase &
  (
    | { readonly type: 'create'; readonly effect: 'create'; readonly repository: NewRepository }
    | { readonly type: 'set-tag-mutability'; readonly effect: 'change'; readonly mutability: TagMutability }
    | { readonly type: 'set-scan-on-push'; readonly effect: 'change'; readonly scanOnPush: boolean }
    | { readonly type: 'put-lifecycle-policy'; readonly effect: 'change'; readonly text: string }
    | { readonly type: 'delete-lifecycle-policy'; readonly effect: 'change' }
    | { readonly type: 'set-policy'; readonly effect: 'change'; readonly text: string }
    | { readonly type: 'delete-policy'; readonly effect: 'change' }
    | { readonly type: 'tag'; readonly effect: 'change'; readonly arn: string; readonly tags: Tags }
    | { readonly type: 'untag'; readonly effect: 'change'; readonly arn: string; readonly keys: readonly string[] }
    | { readonly type: 'delete'; readonly effect: 'delete'; readonly force: boolean }
  )

interface StepBase {
  readonly summary: string
  readonly adopts?: boolean
  readonly carries?: readonly string[]
}

export type RepositoryOutput = 'arn' | 'url'
