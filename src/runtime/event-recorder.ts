import type { Reason } from '../core/conditions.ts'
import type { KubeObject } from '../kube/cluster.ts'

export interface RecordedEvent {
  readonly regarding: KubeObject
  readonly type: 'Normal' | 'Warning'
  /** CamelCase: a condition's reason, or what was done (`Created`, `Updated`, `Deleted`, `DriftRepaired` …). */
  readonly reason: Reason | EventReason
  /** What was done or refused: CamelCase verb, `events.k8s.io/v1` `action`. */
  readonly action: string
  readonly note: string
}

export type EventReason = 'Created' | 'Updated' | 'Deleted' | 'Released' | 'DriftRepaired' | 'Adopted' | 'EcsEvent'

/** Takes events and writes them to the API server when it can. Never blocks, never throws; drops when full. */
export interface EventRecorder {
  record(event: RecordedEvent): void
}
