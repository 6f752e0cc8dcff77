import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMemoryCluster } from '../../test/support/memory-cluster.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { createToyCloud, createToyKind, failing, toyScope, toyType, type Thing } from '../../test/support/toy-kind.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { createEngine } from './engine.ts'
import { createLookout } from './lookout.ts'
import type { EngineDeps } from './pass.ts'

const signal = new AbortController().signal

/** Toys in sync with their cloud, an engine, and the look-out over them. */
async function createWorld(...names: readonly string[]) {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const cloud = createToyCloud()
  const kind = createToyKind(cloud)
  const store = cluster.storeOf(toyType)
  const deps: EngineDeps = {
    kind,
    type: toyType,
    cluster,
    store,
    storeOf: (name) => (name === 'Toy' ? { kind, store } : undefined),
    scopeFor: async () => toyScope,
    events: { record: () => undefined },
    sweeps: true,
    mayWrite: () => true,
    clock,
    random: createFixedRandom(0.5),
    logger: silentLogger,
    settings: { installationId: 'here', settleSeconds: 15, drift: 'Repair', blinkSeconds: 0.3 },
  }
  const engine = createEngine(deps)
  const lookout = createLookout(deps)
  const world = {
    deps,
    cloud,
    cluster,
    lookout,
    apply: (name: string, spec: object = { colour: 'red', count: 1 }, annotations: Record<string, string> = {}) =>
      cluster.apply(toyType, { metadata: { namespace: 'demo', name, annotations }, spec }),
    pass: async (name: string): Promise<void> => {
      for (let count = 0; count < 5; count++) await engine(`demo/${name}`, signal)
    },
    glance: async () => lookout.glanceAt(await lookout.keys(), signal),
    change: (id: string, members: Partial<Thing>) => {
      const thing = cloud.things.get(id) ?? assert.fail(`no ${id}`)
      cloud.things.set(id, { ...thing, ...members })
    },
    dropStatus: async (name: string) => {
      const patch = { fieldManager: 'x', subresource: 'status', body: { status: null } } as const
      await cluster.mergePatch(toyType, { namespace: 'demo', name }, patch, signal)
    },
  }
  for (const name of names) {
    world.apply(name)
    await world.pass(name)
  }
  return world
}

type World = Awaited<ReturnType<typeof createWorld>>

test('what is as it should be needs no pass', async () => {
  const world = await createWorld('a', 'b')

  assert.deepEqual(await world.lookout.keys(), ['demo/a', 'demo/b'])
  assert.deepEqual(await world.glance(), [])
})

const signs: readonly { readonly fact: string; readonly happens: (world: World) => void | Promise<void> }[] = [
  { fact: 'it differs in AWS', happens: ({ change }) => change('box/a', { colour: 'blue' }) },
  { fact: 'it is gone from AWS', happens: ({ cloud }) => void cloud.things.delete('label/a') },
  { fact: 'it carries the tags of somebody else', happens: ({ change }) => change('box/a', { owner: 'b' }) },
  { fact: 'its status says something else', happens: ({ change }) => change('box/a', { arn: 'arn:other' }) },
  { fact: 'it may not be read', happens: ({ cloud }) => void (cloud.before = onlyFor('/a', 'denied')) },
  { fact: 'its status was lost', happens: ({ dropStatus }) => dropStatus('a') },
]

function onlyFor(end: string, code: Parameters<typeof failing>[0]): (call: string) => void {
  return (call) => {
    if (call.endsWith(end)) failing(code)()
  }
}

for (const { fact, happens } of signs) {
  test(`a pass is due when ${fact}; the glance itself writes nothing`, async () => {
    const world = await createWorld('a', 'b')
    await happens(world)
    const written = [...world.cloud.writes, ...world.cluster.writes]

    assert.deepEqual(await world.glance(), ['demo/a'])

    assert.deepEqual([...world.cloud.writes, ...world.cluster.writes], written)
  })
}

test('what another operator is responsible for is not looked at', async () => {
  const { deps } = await createWorld('a', 'b')
  const isSelected = ({ metadata }: KubeObject): boolean => metadata.name !== 'a'

  assert.deepEqual(await createLookout({ ...deps, isSelected }).keys(), ['demo/b'])
})

test('what somebody else may manage is no sign', async () => {
  const world = await createWorld('a')
  world.apply('a', { colour: 'red', count: 1 }, { 'longshore.dev/ignore': 'colour' })
  await world.pass('a')
  world.change('box/a', { colour: 'blue' })

  assert.deepEqual(await world.glance(), [])
})

for (const code of ['throttled', 'paced', 'unavailable', 'timeout'] as const) {
  test(`what could not be seen (${code}) is seen in the next round`, async () => {
    const world = await createWorld('a')
    world.cloud.before = failing(code)

    assert.deepEqual(await world.glance(), [])
  })
}

test('only what is in sync is glanced at: for the rest a pass is due anyway', async () => {
  const world = await createWorld('edited', 'paused', 'same')
  world.apply('edited', { colour: 'blue', count: 1 })
  world.apply('paused', { colour: 'red', count: 1 }, { 'longshore.dev/paused': 'true' })
  world.apply('new')

  assert.deepEqual(await world.lookout.keys(), ['demo/same'])
})

test('a key whose object is gone is passed over', async () => {
  const world = await createWorld('a')

  assert.deepEqual(await world.lookout.glanceAt(['demo/gone'], signal), [])
})

test('others have their turns while many objects are put in order', async () => {
  let now = 0
  const objects = Array.from({ length: 50 }, (_, index): KubeObject => {
    return { apiVersion: 'toy.test/v1', kind: 'Toy', metadata: { namespace: 'demo', name: `toy-${index}` } }
  })
  const world = await createWorld()
  // Each look at the clock is three milliseconds later than the one before.
  const lookout = createLookout({
    ...world.deps,
    clock: { ...world.deps.clock, now: () => (now += 3) },
    store: { ...world.deps.store, list: () => objects },
  })
  let isOver = false
  let turns = 0
  const takeTurn = (): void => {
    turns += 1
    if (!isOver) setImmediate(takeTurn)
  }
  setImmediate(takeTurn)

  assert.deepEqual(await lookout.keys(), [])
  isOver = true

  assert.ok(turns >= 5, `only ${turns} turns`)
})
