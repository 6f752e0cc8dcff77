import type { Condition } from '../core/conditions.ts'
import type { Metrics } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { statusOf } from '../reconciler/managed.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { ObjectStore } from '../runtime/store.ts'

/** Counts the objects of a kind, and those with a condition that people ask for, when somebody scrapes. */
export function observeObjects(metrics: Metrics, kind: string, store: Pick<ObjectStore, 'list'>): void {
  const observe = (name: string, help: string, counts: (object: KubeObject) => boolean): void =>
    metrics.observedGauge({ name, help, labels: ['kind'] }, () => [[{ kind }, store.list().filter(counts).length]])

  observe('longshore_objects', 'Objects of ours in the cluster.', () => true)
  observe('longshore_object_ready', 'Objects whose condition Ready is True.', has('Ready'))
  observe('longshore_object_stalled', 'Objects that wait for a person: Stalled is True.', has('Stalled'))
  observe('longshore_object_drifted', 'Objects that differ from AWS, which is only reported.', has('Drifted'))
}

function has(type: Condition['type']): (object: KubeObject) => boolean {
  return (object) => (statusOf(object).conditions ?? []).some((each) => each.type === type && each.status === 'True')
}

/** The recorder, with every repair of drift counted. */
export function countingRepairs(metrics: Metrics, kind: string, events: EventRecorder): EventRecorder {
  const repairs = metrics.counter({
    name: 'longshore_drift_repairs_total',
    help: 'Writes to AWS that undid what somebody had changed there.',
    labels: ['kind'],
  })
  // From the start: an alert on a rate needs to see the first step.
  repairs.add({ kind }, 0)
  return {
    record: (event) => {
      if (event.reason === 'DriftRepaired') repairs.add({ kind })
      events.record(event)
    },
  }
}
