import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../kube/cluster.ts'
import { createNewestObjects } from './newest.ts'

function version(name: string, resourceVersion: number, uid = 'u'): KubeObject {
  const metadata = { name, namespace: 'demo', uid, resourceVersion: String(resourceVersion) }
  return { apiVersion: 'v1', kind: 'Toy', metadata }
}

function createWorld() {
  const cache = new Map<string, KubeObject>()
  let reads = 0
  const get = (key: string): KubeObject | undefined => {
    reads += 1
    return cache.get(key)
  }
  return { cache, newest: createNewestObjects({ get }), reads: () => reads }
}

test('what we wrote counts until the cache has it', () => {
  const { cache, newest } = createWorld()
  cache.set('a', version('a', 9))
  newest.remember('a', version('a', 10))

  assert.equal(newest.newest('a')?.metadata.resourceVersion, '10')
  cache.set('a', version('a', 11))
  assert.equal(newest.newest('a')?.metadata.resourceVersion, '11')
})

for (const { fact, cached } of [
  { fact: 'what the cache has lost is gone, whatever we wrote', cached: undefined },
  { fact: 'what was made again under the same name is another object', cached: version('a', 11, 'other') },
]) {
  test(fact, () => {
    const { cache, newest } = createWorld()
    newest.remember('a', version('a', 10))
    if (cached) cache.set('a', cached)

    assert.equal(newest.newest('a'), cached)
  })
}

test('what was made again under the same name, as we saw it, counts until the cache has it', () => {
  const { cache, newest } = createWorld()
  cache.set('a', version('a', 9))
  newest.remember('a', version('a', 12, 'other'))

  assert.equal(newest.newest('a')?.metadata.uid, 'other')
  cache.set('a', version('a', 11, 'other'))
  assert.equal(newest.newest('a')?.metadata.resourceVersion, '12')
})

test('it counts also while the cache has lost the first one and not heard of the second', () => {
  const { cache, newest } = createWorld()
  cache.set('a', version('a', 9))
  newest.remember('a', version('a', 12, 'other'))
  cache.delete('a')
  newest.remember('a', version('a', 13, 'other'))

  assert.equal(newest.newest('a')?.metadata.resourceVersion, '13')
  newest.forget('a')
  assert.equal(newest.newest('a'), undefined)
})

test('what the cache has caught up with is not kept until its next pass, which may be hours away', () => {
  const { cache, newest, reads } = createWorld()
  for (let index = 0; index < 100; index++) {
    cache.set(`${index}`, version(`${index}`, 2))
    newest.remember(`${index}`, version(`${index}`, 2))
  }
  const before = reads()

  newest.remember('last', version('last', 3))

  assert.ok(reads() - before <= 2, 'only what is still on its way is looked at')
})

test('what is on its way is kept, however much is written after it', () => {
  const { cache, newest } = createWorld()
  cache.set('slow', version('slow', 1))
  newest.remember('slow', version('slow', 2))
  for (let index = 0; index < 100; index++) newest.remember(`${index}`, version(`${index}`, 2))

  assert.equal(newest.newest('slow')?.metadata.resourceVersion, '2')
})
