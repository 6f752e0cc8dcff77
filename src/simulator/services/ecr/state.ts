import type {
  EncryptionConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
} from '@aws-sdk/client-ecr'

export interface EcrState {
  /** By name. */
  readonly repositories: Record<string, RepositoryState>
}

export interface RepositoryState {
  readonly name: string
  readonly arn: string
  readonly uri: string
  readonly registryId: string
  readonly createdAtMs: number
  readonly encryption: EncryptionConfiguration
  mutability: ImageTagMutability
  exclusionFilters: readonly ImageTagMutabilityExclusionFilter[]
  scanOnPush: boolean
  tags: Record<string, string>
  policyText?: string
  lifecycle?: LifecycleState
  /** The last one that was started. */
  preview?: PreviewState
  images: ImageState[]
}

export interface LifecycleState {
  readonly text: string
  lastEvaluatedAtMs: number
}

export interface PreviewState {
  readonly text: string
  readonly startedAtMs: number
  readonly expiring: readonly { readonly digest: string; readonly priority: number }[]
}

export interface ImageState {
  readonly digest: string
  readonly manifest: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly pushedAtMs: number
  tags: string[]
  lastPulledAtMs?: number
  scan?: ScanState
}

export interface ScanState {
  readonly completedAtMs: number
  /** Findings by severity. */
  readonly findings: Readonly<Record<string, number>>
}
