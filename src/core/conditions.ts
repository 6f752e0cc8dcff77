/** The closed list of reasons that conditions and events carry. */
export type Reason =
  // Ready=True
  | 'InSync'
  // still working
  | 'Acknowledged'
  | 'Applying'
  | 'Settling'
  | 'WaitingForReference'
  | 'Creating'
  | 'Updating'
  | 'Deleting'
  | 'Draining'
  | 'RollingOut'
  | 'InUse'
  | 'NotEmpty'
  | 'Busy'
  | 'Throttled'
  | 'AwsUnavailable'
  | 'KubernetesUnavailable'
  // a person is needed
  | 'InvalidSpec'
  | 'RefusedByAws'
  | 'ImmutableField'
  | 'ForeignResource'
  | 'AccessDenied'
  | 'CredentialsInvalid'
  | 'WrongAccount'
  | 'LimitExceeded'
  | 'RolledBack'
  | 'RolloutFailed'
  | 'RolloutStalled'
  | 'UnexpectedError'
  // held on purpose
  | 'Paused'
  // Available
  | 'MinimumRunning'
  | 'NotEnoughRunning'

export type ConditionStatus = 'True' | 'False' | 'Unknown'

/** A Kubernetes condition as it stands in `status.conditions`. */
export interface Condition {
  readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'Available' | 'Drifted'
  readonly status: ConditionStatus
  readonly reason: Reason
  readonly message: string
  readonly lastTransitionTime: string
  readonly observedGeneration: number
}
