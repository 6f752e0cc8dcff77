import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createStreamingLists } from '../../src/kube/streaming-lists.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { Informer } from '../../src/runtime/informer.ts'
import { connectAdmin } from '../support/admin.ts'
import { writeOperatorKubeconfig } from '../support/chart-roles.ts'
import { joinCluster } from '../support/control-plane.ts'
import { createFastClock } from '../support/fast-clock.ts'
import { createFixedRandom } from '../support/fixed-random.ts'
import { createLogRecorder, createMetricsRecorder } from '../support/recorders.ts'
import { until } from '../support/until.ts'
import { startFaultProxy } from './proxy/fault-proxy.ts'
import { formOf, type Fault } from './proxy/fault.ts'

// A store that follows a real API server through everything that can happen to its connection, at twenty times the speed:
// what takes the operator minutes to notice takes seconds here.
const SPEED = 20
const cluster = await joinCluster(import.meta.url)
const { namespace } = cluster
const folder = await mkdtemp(join(tmpdir(), 'longshore-faulty-watch-'))
after(() => rm(folder, { recursive: true }))
await writeOperatorKubeconfig(cluster, join(folder, 'kubeconfig'))
const proxy = await startFaultProxy(join(folder, 'kubeconfig'))
const admin = await connectAdmin(cluster.kubeconfigPath, namespace)

const REPOSITORIES: ResourceType = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecrrepositories',
  kind: 'EcrRepository',
  namespaced: true,
}

let serial = 0

/** A store that is full, with its requests counted from then on. */
async function follow() {
  const clock = createFastClock(SPEED)
  const metrics = createMetricsRecorder()
  const { log, entries } = createLogRecorder()
  const common = { clock, metrics, log, random: createFixedRandom(0.1) }
  const connection = await connectFromKubeconfig({ paths: [proxy.kubeconfigPath] }, clock)
  const transport = await createTransport({ connection, userAgent: 'test', ...common })
  const streamingLists = createStreamingLists()
  const options = { ...common, cluster: createCluster(transport), type: REPOSITORIES, streamingLists }
  const first = proxy.requests.length
  const informer = new Informer({ ...options, selection: { namespace } })
  const heard: string[] = []
  informer.onChange(({ type, object }) => heard.push(`${type} ${object.metadata.name}`))
  const stop = new AbortController()
  const running = informer.run(stop.signal)
  await informer.synced
  const forms = (from = first) => proxy.requests.slice(from).map(formOf)
  await until(() => proxy.open({ ends: 'ecrrepositories' }).length === 1, 'an open watch')
  return {
    informer,
    heard,
    metrics,
    entries,
    streamingLists,
    forms,
    watch: () => proxy.open({ ends: 'ecrrepositories' })[0] ?? assert.fail('nothing is watched'),
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
      await transport.close()
    },
  }
}

/** Makes an object and waits until the store has it. */
async function seeOneMore({ informer }: Pick<Awaited<ReturnType<typeof follow>>, 'informer'>): Promise<KubeObject> {
  serial += 1
  const object = await admin.create(`repository-${serial}`)
  await until(() => informer.store.get(`${namespace}/repository-${serial}`) !== undefined, 'the object in the store')
  return object
}

const again = { ends: 'ecrrepositories', form: 'watch', count: 2 } as const

describe('a store goes on without a new list', () => {
  for (const { fact, strike, fault } of [
    { fact: 'after a reset', strike: 'reset' },
    { fact: 'after half a line', strike: 'clean' },
    { fact: 'after half a line and a reset', strike: 'torn' },
    { fact: 'after a connection that vanished', strike: 'freeze' },
    {
      fact: 'through an API server that asks for patience',
      strike: 'reset',
      fault: { ...again, effect: { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 5 } },
    },
    {
      fact: 'through an API server that fails',
      strike: 'reset',
      fault: { ...again, effect: { type: 'answer', status: 500, reason: 'InternalError' } },
    },
    { fact: 'through refused connections', strike: 'reset', fault: { ...again, effect: { type: 'reset' } } },
    { fact: 'through a host that vanished', strike: 'reset', fault: { ...again, effect: { type: 'half-open' } } },
    {
      fact: 'through a network that trickles',
      strike: 'reset',
      fault: { ...again, count: 1, effect: { type: 'trickle', bytes: 100, everyMs: 2 } },
    },
  ] satisfies readonly { fact: string; strike: 'reset' | 'clean' | 'torn' | 'freeze'; fault?: Fault }[]) {
    test(fact, async () => {
      await using room = await follow()
      await seeOneMore(room)
      const before = proxy.requests.length
      const injected = fault && proxy.inject(fault)

      const watch = room.watch()
      if (strike === 'reset') watch.reset()
      else if (strike === 'freeze') watch.freeze()
      else watch.truncate(strike === 'clean' ? 'clean' : 'reset')
      await seeOneMore(room)
      await seeOneMore(room)

      assert.equal(injected?.hits(), fault?.count)
      injected?.end()
      assert.ok(proxy.requests.length > before, 'it watches anew')
      assert.ok(room.forms(before).every((form) => form === 'watch'))
      assert.deepEqual(
        room.entries.filter(({ level }) => level === 'error'),
        [],
      )
      assert.equal(new Set(room.heard).size, room.heard.length, 'nothing is told twice')
    })
  }

  test('and waits as long as the API server asks', async () => {
    await using room = await follow()
    const before = proxy.requests.length
    const effect = { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 20 } as const
    const injected = proxy.inject({ ...again, count: 1, effect })

    room.watch().reset()
    await seeOneMore(room)
    injected.end()

    const [refused, accepted] = proxy.requests.slice(before)
    assert.ok((accepted?.at ?? 0) - (refused?.at ?? 0) >= (20 / SPEED) * 1000 - 5)
  })
})

describe('a store is filled', () => {
  const streaming = { ends: 'ecrrepositories', form: 'streaming-list' } as const

  test('by a streaming list that becomes the watch', async () => {
    await using room = await follow()

    await seeOneMore(room)

    assert.deepEqual(room.forms(), ['streaming-list'])
    assert.ok(room.streamingLists.isServed())
  })

  for (const { fact, effect } of [
    { fact: 'does not stream lists', effect: { type: 'answer', status: 422, reason: 'Invalid' } },
    { fact: 'does not answer streaming lists', effect: { type: 'half-open' } },
  ] satisfies readonly { fact: string; effect: Fault['effect'] }[]) {
    test(`in pages by a server that ${fact}`, async () => {
      const injected = proxy.inject({ ...streaming, effect })
      await using room = await follow()

      await seeOneMore(room)

      injected.end()
      assert.deepEqual(room.forms(), ['streaming-list', 'plain', 'watch'])
      assert.ok(!room.streamingLists.isServed())
    })
  }

  for (const { fact, effect } of [
    { fact: 'is throttled', effect: { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 } },
    { fact: 'is cut off', effect: { type: 'reset' } },
  ] satisfies readonly { fact: string; effect: Fault['effect'] }[]) {
    test(`by another streaming list when the first ${fact}`, async () => {
      const injected = proxy.inject({ ...streaming, count: 2, effect })
      await using room = await follow()

      await seeOneMore(room)

      injected.end()
      assert.deepEqual(room.forms(), ['streaming-list', 'streaming-list', 'streaming-list'])
      assert.ok(room.streamingLists.isServed())
    })
  }
})
