import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { toyType } from '../../test/support/toy-kind.ts'
import type { Cluster } from '../kube/cluster.ts'
import { createFreshness, noFreshness } from './freshness.ts'
import { createHandle } from './handle.ts'

const signal = new AbortController().signal
const ref = { namespace: 'demo', name: 'toy' }

function createWorld() {
  const clock = createHandClock()
  const memory = createMemoryCluster(() => clock.now())
  const apply = (name: string, colour: string) =>
    memory.apply(toyType, { metadata: { namespace: 'demo', name }, spec: { colour } })
  let reads = 0
  const get: Cluster['get'] = (...args) => {
    reads += 1
    return memory.get(...args)
  }
  const cluster: Cluster = { ...memory, get }
  const freshness = createFreshness({ clock, store: memory.storeOf(toyType) })
  const handleOf = (object = apply('toy', 'red'), how = freshness) =>
    createHandle(object, { cluster, type: toyType, remember: () => undefined, freshness: how, signal })
  return { memory, apply, handleOf, reads: () => reads }
}

test('what the cache has is read again before AWS is written to, once', async () => {
  const { handleOf, reads } = createWorld()
  const handle = handleOf()

  await handle.confirm()
  await handle.confirm()

  assert.equal(reads(), 1)
})

test('it is not read again where a write of a moment ago, of whatever object, has been shown', async () => {
  const { apply, handleOf, reads } = createWorld()
  await handleOf(apply('another', 'red')).patch({ spec: { colour: 'blue' } })

  await handleOf().confirm()

  assert.equal(reads(), 0)
})

test('an edit that this pass does not know yet ends it, however fresh the cache is', async () => {
  const { apply, handleOf } = createWorld()
  const handle = handleOf()
  await handleOf(apply('another', 'red')).patch({ spec: { colour: 'blue' } })
  apply('toy', 'green')

  await assert.rejects(handle.confirm(), { name: 'ObjectWriteError', message: /conflict/ })
})

test('a pass that has written knows what there is', async () => {
  const { memory, handleOf, reads } = createWorld()
  const handle = handleOf(undefined, noFreshness)
  await handle.writeStatus(() => ({ observedGeneration: 1 }))

  await handle.confirm()

  assert.equal(reads(), 0)
  assert.equal(
    handle.current().metadata.resourceVersion,
    (await memory.get(toyType, ref, signal)).metadata.resourceVersion,
  )
})
