import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import type { KubeObject } from '../kube/cluster.ts'
import type { RecordedEvent } from '../runtime/event-recorder.ts'
import type { ChangeHandler } from '../runtime/informer.ts'
import { countingRepairs, observeObjects } from './object-metrics.ts'

const bare: KubeObject = {
  apiVersion: 'longshore.dev/v1alpha1',
  kind: 'EcsService',
  metadata: { namespace: 'demo', name: 'a' },
}

function object(...conditions: readonly (readonly [type: string, status: string])[]): KubeObject {
  return { ...bare, status: { conditions: conditions.map(([type, held]) => ({ type, status: held })) } }
}

const added = { type: 'added', object: object(['Ready', 'True']) } as const

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

      observeObjects(metrics, 'EcsService', { store: { list: () => objects }, informers: [] })

      assert.equal(metrics.value(name, { kind: 'EcsService' }), count)
    })
  }

  test('anew at the scrape after a change, and only then', () => {
    const metrics = createMetricsRecorder()
    let now: readonly KubeObject[] = []
    let lists = 0
    let change = (): void => assert.fail('nobody listens')
    const store = { list: () => ((lists += 1), now) }
    const informer = { onChange: (handler: ChangeHandler) => (change = () => handler({ ...added, isInitial: false })) }
    observeObjects(metrics, 'EcsService', { store, informers: [informer] })
    assert.equal(metrics.value('longshore_object_ready'), 0)

    now = [added.object]
    change()

    assert.equal(metrics.value('longshore_object_ready'), 1)
    assert.equal(metrics.value('longshore_objects'), 1)
    assert.equal(lists, 2)
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
