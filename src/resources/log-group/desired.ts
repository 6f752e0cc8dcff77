import type { Tags } from '../../core/owner.ts'

/** A log group as it should be. */
export interface DesiredLogGroup {
  readonly logGroupName: string
  /** Absent: not managed. */
  readonly retentionInDays?: number | undefined
  /** Put on the group when it is made, beside our own. */
  readonly tags: Tags
}
