import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import type { KubeObject } from '../kube/cluster.ts'
import type { RecordedEvent } from '../runtime/event-recorder.ts'
import { countingRepairs, observeObjects } from './object-metrics.ts'

const bare: KubeObject = {
  apiVersion: 'longshore.dev/v1alpha1',
  kind: 'EcsService',
  metadata: { namespace: 'demo', name: 'a' },
}

function object(...conditions: readonly (readonly [type: string, status: string])[]): KubeObject {
  return { ...bare, status: { conditions: conditions.map(([type, held]) => ({ type, status: held })) } }
}

describe('objects are counted', () => {
  const objects = [
    object(['Ready', 'True']),
    object(['Ready', 'True'], ['Drifted', 'True']),
    object(['Ready', 'False'], ['Stalled', 'True']),
    object(['Ready', 'Unknown']),
    bare,
  ]
  for (const { fact, name, count } of [
    { fact: 'all of them', name: 'longshore_objects', count: 5 },
    { fact: 'those that are ready', name: 'longshore_object_ready', count: 2 },
    { fact: 'those that wait for a person', name: 'longshore_object_stalled', count: 1 },
    { fact: 'those that differ from AWS and are left alone', name: 'longshore_object_drifted', count: 1 },
  ]) {
    test(fact, () => {
      const metrics = createMetricsRecorder()

      observeObjects(metrics, 'EcsService', { list: () => objects })

      assert.equal(metrics.value(name, { kind: 'EcsService' }), count)
    })
  }

  test('at the time of the scrape', () => {
    const metrics = createMetricsRecorder()
    const now: KubeObject[] = []
    observeObjects(metrics, 'EcsService', { list: () => now })

    now.push(object(['Ready', 'True']))

    assert.equal(metrics.value('longshore_object_ready'), 1)
  })
})

test('repairs of drift are counted from zero, and every event is passed on', () => {
  const metrics = createMetricsRecorder()
  const passedOn: string[] = []
  const events = countingRepairs(metrics, 'EcsService', { record: ({ reason }) => void passedOn.push(reason) })
  const event = (reason: RecordedEvent['reason']): RecordedEvent => {
    return { regarding: object(), type: 'Normal', reason, action: 'Apply', note: 'x' }
  }
  assert.equal(metrics.value('longshore_drift_repairs_total', { kind: 'EcsService' }), 0)

  events.record(event('DriftRepaired'))
  events.record(event('Updated'))

  assert.equal(metrics.value('longshore_drift_repairs_total', { kind: 'EcsService' }), 1)
  assert.deepEqual(passedOn, ['DriftRepaired', 'Updated'])
})
