import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { toyType } from '../../test/support/toy-kind.ts'
import type { Cluster } from '../kube/cluster.ts'
import { createBlink } from './blink.ts'

/** The blink after so many writes that took so long each. */
async function blinkAfter(writes: number, seconds: number, shortestSeconds = 0.3): Promise<number> {
  let now = 0
  const blink = createBlink({ now: () => now }, shortestSeconds)
  const memory = createMemoryCluster(() => now)
  memory.apply(toyType, { metadata: { namespace: 'demo', name: 'toy' }, spec: {} })
  const slow: Cluster = {
    ...memory,
    mergePatch: (...call) => {
      now += seconds * 1000
      return memory.mergePatch(...call)
    },
  }
  const cluster = blink.timing(slow)
  const patch = { fieldManager: 'x', body: { metadata: { labels: { a: 'b' } } } }
  for (let count = 0; count < writes; count += 1) {
    await cluster.mergePatch(toyType, { namespace: 'demo', name: 'toy' }, patch, new AbortController().signal)
  }
  return blink.seconds()
}

for (const { fact, writes, seconds, shortest, blink } of [
  { fact: 'is as long as it was set before anything was written', writes: 0, seconds: 1, blink: 0.3 },
  { fact: 'hardly changes while writes are quick', writes: 100, seconds: 0.01, blink: 0.34 },
  { fact: 'is longer than a few writes take when they are slow', writes: 100, seconds: 0.5, blink: 2.3 },
  { fact: 'does not grow for one slow write alone', writes: 1, seconds: 0.5, blink: 0.5 },
  { fact: 'stays within what a user waits for', writes: 100, seconds: 20, blink: 5 },
  { fact: 'is never shorter than it was set', writes: 100, seconds: 20, shortest: 10, blink: 10 },
]) {
  test(`a blink ${fact}`, async () => {
    assert.ok(Math.abs((await blinkAfter(writes, seconds, shortest)) - blink) < 0.01)
  })
}

test('a blink gets shorter again when writes are', async () => {
  let now = 0
  const clock = createHandClock()
  const blink = createBlink({ now: () => now }, 0.3)
  const memory = createMemoryCluster(() => clock.now())
  memory.apply(toyType, { metadata: { namespace: 'demo', name: 'toy' }, spec: {} })
  let seconds = 1
  const cluster = blink.timing({
    ...memory,
    mergePatch: (...call) => {
      now += seconds * 1000
      return memory.mergePatch(...call)
    },
  })
  const patch = { fieldManager: 'x', body: { metadata: { labels: { a: 'b' } } } }
  const write = () =>
    cluster.mergePatch(toyType, { namespace: 'demo', name: 'toy' }, patch, new AbortController().signal)
  for (let count = 0; count < 50; count += 1) await write()
  assert.ok(blink.seconds() > 4)

  seconds = 0.01
  for (let count = 0; count < 50; count += 1) await write()

  assert.ok(blink.seconds() < 0.4)
})
