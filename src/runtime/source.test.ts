import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { createScriptedCluster, widget, WIDGETS } from '../../test/support/scripted-watch.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { Informer } from './informer.ts'
import { PRIORITY } from './reconcile.ts'
import { mappedObjects, ownObjects } from './source.ts'

const first = widget('a', 1, { generation: 1 })

async function follow() {
  const cluster = createScriptedCluster({ resourceVersion: '10', items: [first] })
  const clock = createHandClock()
  const common = {
    clock,
    log: createLogRecorder().log,
    metrics: createMetricsRecorder(),
    random: createFixedRandom(0.5),
  }
  const informer = new Informer({ cluster, type: WIDGETS, ...common })
  const asked: [string, number][] = []
  ownObjects(informer).subscribe((key, { priority }) => asked.push([key, priority]))
  const mapped: string[] = []
  mappedObjects(informer, ({ type, object }) => [`${type}-1/${object.metadata.name}`, '2']).subscribe((key) => {
    mapped.push(key)
  })
  const stop = new AbortController()
  void informer.run(stop.signal)
  await clock.advance(0)
  const send = async (type: 'MODIFIED' | 'DELETED' | 'ADDED', object: KubeObject) => {
    asked.length = 0
    cluster.watches.at(-1)?.send({ type, object })
    await clock.advance(0)
  }
  return { asked, mapped, send, stop }
}

describe('a source of own objects', () => {
  test('asks for the first list at the lowest priority', async () => {
    const { asked } = await follow()

    assert.deepEqual(asked, [['demo/a', PRIORITY.initialList]])
  })

  for (const { fact, change } of [
    { fact: 'a new generation', change: { generation: 2 } },
    { fact: 'a label', change: { labels: { a: 'b' } } },
    { fact: 'an annotation', change: { annotations: { a: 'b' } } },
    { fact: 'a deletion', change: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ]) {
    test(`asks at once after ${fact}`, async () => {
      const { asked, send } = await follow()

      await send('MODIFIED', widget('a', 11, { generation: 1, ...change }))

      assert.deepEqual(asked, [['demo/a', PRIORITY.userChange]])
    })
  }

  test('asks after an object came or went', async () => {
    const { asked, send } = await follow()

    await send('ADDED', widget('b', 11))
    assert.deepEqual(asked, [['demo/b', PRIORITY.userChange]])
    await send('DELETED', widget('b', 12))
    assert.deepEqual(asked, [['demo/b', PRIORITY.userChange]])
  })

  test('does not ask for the echo of our own finalizer', async () => {
    const { asked, send } = await follow()

    await send('MODIFIED', widget('a', 11, { generation: 1, finalizers: ['longshore.dev/finalizer'] }))

    assert.deepEqual(asked, [])
  })

  test('does not ask for the echo of a status that was written', async () => {
    const { asked, send } = await follow()

    await send('MODIFIED', { ...widget('a', 11, { generation: 1 }), status: { observedGeneration: 1 } })

    assert.deepEqual(asked, [])
  })
})

test('a source of other objects asks for whatever they map to', async () => {
  const { mapped, send } = await follow()

  await send('MODIFIED', { ...widget('a', 11), status: {} })

  assert.deepEqual(mapped, ['added-1/a', '2', 'changed-1/a', '2'])
})
