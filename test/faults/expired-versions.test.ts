import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Cluster, ResourceType } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createStreamingLists } from '../../src/kube/streaming-lists.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock } from '../../src/runtime/clock.ts'
import { Informer } from '../../src/runtime/informer.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { compactEtcd } from '../support/compaction.ts'
import { startCuttableProxy } from '../support/cuttable-proxy.ts'
import { createFixedRandom } from '../support/fixed-random.ts'
import { createMemoryCluster } from '../support/memory-cluster.ts'
import { createLogRecorder, createMetricsRecorder } from '../support/recorders.ts'
import { until } from '../support/until.ts'

// etcd forgets old versions when it is compacted, and what a watch wants to go on from may be among them. Without its
// cache the API server asks etcd itself, as it does for every list in pages.
const controlPlane = await startControlPlane({ apiServerFlags: ['--watch-cache=false'] })
after(() => controlPlane.stop())

const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
}
const forever = new AbortController().signal
const clock = createSystemClock()
const random = createFixedRandom(0.1)
const connection = await connectFromKubeconfig({ paths: [controlPlane.kubeconfigPath] }, clock)

/** A client of its own, through a proxy that can cut it off. */
async function connect() {
  const proxy = await startCuttableProxy(connection.server)
  const through = { ...connection, server: new URL(`https://127.0.0.1:${proxy.port}`) }
  const metrics = createMetricsRecorder()
  const transport = await createTransport({ connection: through, userAgent: 'test', clock, random, metrics })
  after(async () => {
    await transport.close()
    await proxy[Symbol.asyncDispose]()
  })
  return { proxy, metrics, cluster: createCluster(transport) }
}

const { cluster } = await connect()
const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name },
})
const createIn = async (target: Cluster, name: string): Promise<string> =>
  (await target.create(CONFIG_MAPS, configMap(name), 'test', forever)).metadata.resourceVersion ?? ''
const create = (name: string): Promise<string> => createIn(cluster, name)

const compact = (revision: string) => compactEtcd(controlPlane.etcdSocketPath, revision)

for (const { fact, isStreaming } of [
  { fact: 'a streaming list', isStreaming: true },
  { fact: 'a list in pages', isStreaming: false },
]) {
  test(`a store whose version is compacted away is filled anew by ${fact}, and tells what it missed`, async () => {
    const { proxy, metrics, cluster: cuttable } = await connect()
    const streamingLists = createStreamingLists()
    if (!isStreaming) streamingLists.failed('invalid')
    const { log } = createLogRecorder()
    const options = { clock, random, log, metrics, streamingLists, selection: { namespace: 'default' } }
    const informer = new Informer({ ...options, cluster: cuttable, type: CONFIG_MAPS })
    const heard: string[] = []
    informer.onChange(({ type, object }) => heard.push(`${type} ${object.metadata.name}`))
    const stop = new AbortController()
    await create(`gone-${fact.length}`)
    const running = informer.run(stop.signal)
    await informer.synced
    await until(() => metrics.value('rest_client_requests_total', { code: '200' }) > 0, 'the watch')
    heard.length = 0

    proxy.refuse(true)
    proxy.cut()
    await cluster.remove(CONFIG_MAPS, { namespace: 'default', name: `gone-${fact.length}` }, forever)
    await compact(await create(`new-${fact.length}`))
    proxy.refuse(false)
    await until(() => heard.length >= 2, 'the news')

    assert.deepEqual(heard, [`deleted gone-${fact.length}`, `added new-${fact.length}`])
    assert.equal(metrics.value('longshore_watch_failures_total', { code: 'expired' }), 1)
    assert.equal(metrics.value('longshore_watch_lists_total'), 2)
    assert.equal(streamingLists.isServed(), isStreaming)
    stop.abort()
    await running
  })
}

test('a list whose next page is compacted away is read anew, all at once', async () => {
  const { metrics, cluster: plain } = await connect()
  await Promise.all(Array.from({ length: 510 }, (_, index) => create(`page-${index}`)))
  let pages = 0
  const compacted = {
    ...plain,
    list: async (...[type, options, signal]: Parameters<typeof plain.list>) => {
      // Between the first page and the second.
      if (pages++ === 1) await compact(await create(`late-${pages}`))
      return plain.list(type, options, signal)
    },
  }
  const streamingLists = createStreamingLists()
  streamingLists.failed('invalid')
  const { log } = createLogRecorder()
  const options = { clock, random, log, metrics, streamingLists, selection: { namespace: 'default' } }
  const informer = new Informer({ ...options, cluster: compacted, type: CONFIG_MAPS })
  const stop = new AbortController()
  const running = informer.run(stop.signal)

  await informer.synced

  assert.equal(pages, 3)
  assert.ok(informer.store.get('default/page-509') && informer.store.get('default/late-2'))
  stop.abort()
  await running
})

const inMemory = createMemoryCluster(() => clock.now())

for (const { fact, target, forget } of [
  {
    fact: 'a real API server',
    target: cluster,
    forget: async () => {
      // What comes right after a version is still known when the next one is the oldest.
      await create('since')
      await compact(await create('since-then'))
    },
  },
  { fact: 'the cluster in memory', target: inMemory, forget: async () => inMemory.compact() },
]) {
  test(`${fact} refuses watches from a version that it has forgotten, however often they ask`, async () => {
    const version = await createIn(target, 'forgotten')
    const firstAfter = async (resourceVersion: string): Promise<string> => {
      const watch = target.watch(CONFIG_MAPS, { namespace: 'default', resourceVersion, timeoutSeconds: 60 }, forever)
      for await (const { type } of watch) return type
      return 'nothing'
    }

    await forget()

    await assert.rejects(firstAfter(version), { code: 'expired' })
    await assert.rejects(firstAfter(version), { code: 'expired' })
    const { resourceVersion } = await target.list(CONFIG_MAPS, { namespace: 'default' }, forever)
    await createIn(target, 'newer')
    assert.equal(await firstAfter(resourceVersion), 'ADDED')
  })
}
