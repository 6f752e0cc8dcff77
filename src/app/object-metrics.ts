import type { Condition } from '../core/conditions.ts'
import type { Metrics } from '../core/ports.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { statusOf } from '../reconciler/managed.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { Informer } from '../runtime/informer.ts'
import type { ObjectStore } from '../runtime/store.ts'

/** Objects of one kind, and word of when they changed. */
interface Watched {
  readonly store: Pick<ObjectStore, 'list'>
  readonly informers: readonly Pick<Informer, 'onChange'>[]
}

/** Counts the objects of a kind, and those with a condition that people ask for, when somebody scrapes. */
export function observeObjects(metrics: Metrics, kind: string, { store, informers }: Watched): void {
  // Counted once for all gauges, and not again while nothing changes: with ten thousand objects it takes milliseconds.
  let known: Counts | undefined
  for (const informer of informers) informer.onChange(() => (known = undefined))
  const counts = (): Counts => (known ??= countsIn(store.list()))
  const observe = (name: string, help: string, count: keyof Counts): void =>
    metrics.observedGauge({ name, help, labels: ['kind'] }, () => [[{ kind }, counts()[count]]])

  observe('longshore_objects', 'Objects of ours in the cluster.', 'all')
  observe('longshore_object_ready', 'Objects whose condition Ready is True.', 'Ready')
  observe('longshore_object_stalled', 'Objects that wait for a person: Stalled is True.', 'Stalled')
  observe('longshore_object_drifted', 'Objects that differ from AWS, which is only reported.', 'Drifted')
}

type Counts = Record<'all' | Extract<Condition['type'], 'Ready' | 'Stalled' | 'Drifted'>, number>

function countsIn(objects: readonly KubeObject[]): Counts {
  const counts: Counts = { all: objects.length, Ready: 0, Stalled: 0, Drifted: 0 }
  for (const object of objects) {
    for (const { type, status } of statusOf(object).conditions ?? []) {
      if (status === 'True' && (type === 'Ready' || type === 'Stalled' || type === 'Drifted')) counts[type] += 1
    }
  }
  return counts
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
