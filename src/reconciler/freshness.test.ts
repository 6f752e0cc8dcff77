import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { createFreshness } from './freshness.ts'

function version(name: string, resourceVersion: number, namespace = 'demo'): KubeObject {
  const metadata = { name, namespace, uid: name, resourceVersion: String(resourceVersion) }
  return { apiVersion: 'v1', kind: 'Toy', metadata }
}

function createWorld(isSplit = false) {
  const clock = createHandClock()
  const cache = new Map<string, KubeObject>()
  const show = (object: KubeObject) => cache.set(`${object.metadata.namespace}/${object.metadata.name}`, object)
  const freshness = createFreshness({ clock, store: { get: (key) => cache.get(key) }, isSplit })
  show(version('edited', 3))
  return { clock, cache, show, freshness, isCurrent: () => freshness.isCurrent(version('edited', 3)) }
}

type World = ReturnType<typeof createWorld>

/** A write that takes two tenths of a second; how the watch goes on is up to the test. */
async function write({ clock, freshness }: World, before: KubeObject, after: KubeObject): Promise<void> {
  const written = freshness.sending(before)
  await clock.advance(0.2)
  written(after)
}

for (const { fact, live, expected } of [
  { fact: 'nothing was written: nothing is known of the watch', live: async () => undefined, expected: false },
  {
    fact: 'the watch has not shown what was written',
    live: async (world: World) => write(world, version('other', 4), version('other', 5)),
    expected: false,
  },
  {
    fact: 'the watch still shows what was before the write',
    live: async (world: World) => {
      world.show(version('other', 4))
      await write(world, version('other', 4), version('other', 5))
    },
    expected: false,
  },
  {
    fact: 'the watch has shown it',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.show(version('other', 5))
    },
    expected: true,
  },
  {
    fact: 'it has shown something later of that object',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.show(version('other', 8))
    },
    expected: true,
  },
  {
    fact: 'what was written changed nothing, so that the watch had nothing to show',
    live: async (world: World) => {
      world.show(version('other', 5))
      await write(world, version('other', 5), version('other', 5))
    },
    expected: false,
  },
  {
    fact: 'it was shown, and the watch has been silent for seconds',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.show(version('other', 5))
      assert.ok(world.isCurrent())
      await world.clock.advance(2)
    },
    expected: false,
  },
  {
    fact: 'what was written is gone before the watch showed it',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.cache.delete('demo/other')
    },
    expected: false,
  },
  {
    fact: 'a write that the watch never showed is long past, and a later one was shown',
    live: async (world: World) => {
      await write(world, version('gone', 4), version('gone', 5))
      await world.clock.advance(5)
      await write(world, version('other', 6), version('other', 7))
      world.show(version('other', 7))
    },
    expected: true,
  },
  {
    fact: 'the watch is live and has shown a newer version',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.show(version('other', 5))
      world.show(version('edited', 6))
    },
    expected: false,
  },
  {
    fact: 'the watch is live and the object is gone',
    live: async (world: World) => {
      await write(world, version('other', 4), version('other', 5))
      world.show(version('other', 5))
      world.cache.delete('demo/edited')
    },
    expected: false,
  },
]) {
  test(`what the cache has is ${expected ? '' : 'not '}taken for current where ${fact}`, async () => {
    const world = createWorld()

    await live(world)

    assert.equal(world.isCurrent(), expected)
  })
}

test('what one watch has shown proves nothing of another one', async () => {
  for (const isSplit of [false, true]) {
    const world = createWorld(isSplit)
    await write(world, version('other', 4, 'elsewhere'), version('other', 5, 'elsewhere'))
    world.show(version('other', 5, 'elsewhere'))

    assert.equal(world.isCurrent(), !isSplit)
  }
})

test('an age is that of the moment when the write was sent, however long its answer took', async () => {
  const world = createWorld()
  const written = world.freshness.sending(version('other', 4))
  await world.clock.advance(3)
  written(version('other', 5))
  world.show(version('other', 5))

  assert.equal(world.isCurrent(), false)
})
