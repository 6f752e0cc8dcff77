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
  | 'RollingBack'
  | 'InUse'
  | 'NotEmpty'
  | 'Busy'
  | 'Throttled'
  | 'WaitingForAwsRate'
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
  | 'UnknownResource'
  | 'UnexpectedError'
  // held on purpose
  | 'Paused'
  | 'ObserveOnly'
  | 'Drifted'
  | 'AdoptionPending'
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

/** What a pass has to say about an object. */
export type Verdict =
  | { readonly type: 'ready'; readonly message: string }
  | { readonly type: 'working'; readonly reason: Reason; readonly message: string }
  | { readonly type: 'stalled'; readonly reason: Reason; readonly message: string }
  /** Held by its owner: Ready keeps its status. */
  | { readonly type: 'paused'; readonly message: string }
  /** Its owner wants to know of differences, not to have them removed. */
  | { readonly type: 'drifted'; readonly message: string }
  /** Its owner wants nothing to be written, and something would be. */
  | { readonly type: 'observed'; readonly message: string }

interface Draft {
  readonly type: Condition['type']
  readonly status: ConditionStatus
  readonly reason: Reason
  readonly message: string
}

export interface ConditionContext {
  readonly previous: readonly Condition[]
  readonly generation: number
  /** RFC 3339. */
  readonly now: string
}

/**
 * Conditions as kstatus reads them: Ready always; Reconciling and Stalled only while true, never both (kstatus README,
 * "The Ready condition" and "abnormal-true conditions"); Drifted while a difference is only reported: AWS had converged,
 * so Ready stays. Available is kept: the kind says it.
 */
export function conditionsFor(verdict: Verdict, context: ConditionContext): readonly Condition[] {
  const kept = context.previous.filter(({ type }) => type === 'Available')
  return [...draftsFor(verdict, context.previous).map((draft) => conditionFrom(draft, context)), ...kept]
}

function draftsFor(verdict: Verdict, previous: readonly Condition[]): readonly Draft[] {
  switch (verdict.type) {
    case 'ready':
      return [{ type: 'Ready', status: 'True', reason: 'InSync', message: verdict.message }]
    case 'working':
      return [
        { ...verdict, type: 'Ready', status: 'False' },
        { ...verdict, type: 'Reconciling', status: 'True' },
      ]
    case 'stalled':
      return [
        { ...verdict, type: 'Ready', status: 'False' },
        { ...verdict, type: 'Stalled', status: 'True' },
      ]
    case 'drifted':
      return [
        { type: 'Ready', status: 'True', reason: 'Drifted', message: verdict.message },
        { type: 'Drifted', status: 'True', reason: 'Drifted', message: verdict.message },
      ]
    case 'observed':
      return [{ type: 'Ready', status: 'False', reason: 'ObserveOnly', message: verdict.message }]
    case 'paused': {
      const status = previous.find(({ type }) => type === 'Ready')?.status ?? 'Unknown'
      return [{ type: 'Ready', status, reason: 'Paused', message: verdict.message }]
    }
  }
}

/** A condition with its transition time: it only moves when the status changes. */
export function conditionFrom(draft: Draft, { previous, generation, now }: ConditionContext): Condition {
  const before = previous.find(({ type }) => type === draft.type)
  const { type, status, reason, message } = draft
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
  return {
    type,
    status,
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    lastTransitionTime,
    observedGeneration: generation,
  }
}

/** Upper bound of `message` in metav1.Condition. */
const MAX_MESSAGE_LENGTH = 32_768
