import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { KubeObject, ResourceType, WatchEvent } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createLeaseClient } from '../../src/kube/lease.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { createEventRecorder } from '../../src/runtime/events.ts'
import { Informer } from '../../src/runtime/informer.ts'
import { joinCluster } from '../support/control-plane.ts'
import { startCuttableProxy } from '../support/cuttable-proxy.ts'
import { createLogRecorder, createMetricsRecorder } from '../support/recorders.ts'
import { until } from '../support/until.ts'

const { kubeconfigPath, namespace, kubectl } = await joinCluster(import.meta.url)

const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
}
const REPOSITORIES: ResourceType = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecrrepositories',
  kind: 'EcrRepository',
  namespaced: true,
}

const forever = new AbortController().signal
const clock = createSystemClock()
const common = { clock, random: createSystemRandom(), metrics: createMetricsRecorder(), log: createLogRecorder().log }
const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
const transport = await createTransport({ connection, userAgent: 'longshore/test', ...common })
const cluster = createCluster(transport)
after(() => transport.close())

function configMap(name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, ...more } }
}

const patchData = (name: string, body: object) =>
  cluster.mergePatch(CONFIG_MAPS, { namespace, name }, { body: { ...body }, fieldManager: 'test' }, forever)

describe('a cluster', () => {
  test('creates, reads, patches, replaces and removes', async () => {
    const created = await cluster.create(CONFIG_MAPS, configMap('crud'), 'test', forever)
    assert.ok(created.metadata.uid !== undefined && created.metadata.resourceVersion !== undefined)
    await assert.rejects(cluster.create(CONFIG_MAPS, configMap('crud'), 'test', forever), { code: 'already-exists' })

    await patchData('crud', { data: { a: '1', b: '2' } })
    await patchData('crud', { data: { b: null } })
    const read = await cluster.get(CONFIG_MAPS, { namespace, name: 'crud' }, forever)
    assert.deepEqual('data' in read && read.data, { a: '1' })

    const stale = { ...created, metadata: { ...created.metadata, labels: { a: 'b' } } }
    await assert.rejects(cluster.replace(CONFIG_MAPS, stale, 'test', forever), { code: 'conflict' })

    await cluster.remove(CONFIG_MAPS, { namespace, name: 'crud' }, forever)
    const gone = { namespace, name: 'crud' }
    await assert.rejects(cluster.get(CONFIG_MAPS, gone, forever), { code: 'not-found' })
    await assert.rejects(cluster.remove(CONFIG_MAPS, gone, forever), { code: 'not-found' })
  })

  test('writes a status on the version it has read, and on no other', async () => {
    const object = {
      apiVersion: 'longshore.dev/v1alpha1',
      kind: 'EcrRepository',
      metadata: { namespace, name: 'status' },
      spec: { repositoryName: 'status' },
    }
    const { metadata } = await cluster.create(REPOSITORIES, object, 'test', forever)
    const patchStatus = (observedGeneration: number) =>
      cluster.mergePatch(
        REPOSITORIES,
        { namespace, name: 'status' },
        {
          body: { metadata: { resourceVersion: metadata.resourceVersion }, status: { observedGeneration } },
          subresource: 'status',
          fieldManager: 'test',
        },
        forever,
      )

    const written = await patchStatus(1)
    assert.deepEqual(written.status, { observedGeneration: 1 })
    assert.equal(written.metadata.generation, 1)
    await assert.rejects(patchStatus(2), { code: 'conflict' })
  })

  test('says which field the API server refuses', async () => {
    const bad = configMap('Not A Name')

    await assert.rejects(cluster.create(CONFIG_MAPS, bad, 'test', forever), {
      code: 'invalid',
      message: /metadata\.name/,
    })
  })

  test('watches from a version on, with bookmarks, until the server ends it', async () => {
    const labels = { watched: 'yes' }
    const { metadata } = await cluster.create(CONFIG_MAPS, configMap('watched', { labels }), 'test', forever)
    await patchData('watched', { data: { a: 'ü' } })
    await cluster.remove(CONFIG_MAPS, { namespace, name: 'watched' }, forever)
    const events: WatchEvent[] = []
    const from = { resourceVersion: metadata.resourceVersion ?? '', timeoutSeconds: 4 }
    const selection = { namespace, labelSelector: 'watched=yes' }
    for await (const event of cluster.watch(CONFIG_MAPS, { ...selection, ...from }, forever)) {
      events.push(event)
      // The watch does not select this one: a bookmark is the only way to learn that the version went on.
      if (event.type === 'DELETED') await cluster.create(CONFIG_MAPS, configMap('not-watched'), 'test', forever)
    }

    const types = events.map(({ type }) => type)
    assert.deepEqual(types.slice(0, 2), ['MODIFIED', 'DELETED'])
    assert.deepEqual([...new Set(types.slice(2))], ['BOOKMARK'])
    const other = await cluster.get(CONFIG_MAPS, { namespace, name: 'not-watched' }, forever)
    const bookmark = events.at(-1)
    assert.ok(bookmark?.type === 'BOOKMARK')
    assert.ok(Number(bookmark.resourceVersion) >= Number(other.metadata.resourceVersion))
  })
})

describe('an informer', () => {
  test('reads more than one page, and goes on across cut and refused connections', async () => {
    const labels = { page: 'yes' }
    const names = Array.from({ length: 620 }, (_, i) => `page-${i}`)
    await Promise.all(names.map((name) => cluster.create(CONFIG_MAPS, configMap(name, { labels }), 'test', forever)))
    await using proxy = await startCuttableProxy(connection.server)
    const through = { ...connection, server: new URL(`https://127.0.0.1:${proxy.port}`) }
    const flaky = await createTransport({ connection: through, userAgent: 'longshore/test', ...common })
    const metrics = createMetricsRecorder()
    const informer = new Informer({
      ...common,
      metrics,
      cluster: createCluster(flaky),
      type: CONFIG_MAPS,
      selection: { namespace, labelSelector: 'page=yes' },
    })
    const heard: string[] = []
    informer.onChange(({ type, object, isInitial }) => !isInitial && heard.push(`${type} ${object.metadata.name}`))
    const stop = new AbortController()
    const running = informer.run(stop.signal)
    await informer.synced
    assert.equal(informer.store.list().length, 620)
    await until(() => metrics.value('longshore_watch_connects_total') === 1)

    await patchData('page-1', { data: { a: '1' } })
    await until(() => heard.length === 1)
    proxy.refuse(true)
    assert.ok(proxy.cut() > 0)
    await patchData('page-2', { data: { a: '1' } })
    await cluster.remove(CONFIG_MAPS, { namespace, name: 'page-3' }, forever)
    await until(() => metrics.value('longshore_watch_failures_total') >= 2)
    proxy.refuse(false)
    await until(() => heard.length === 3)

    assert.deepEqual(heard, ['changed page-1', 'changed page-2', 'deleted page-3'])
    assert.equal(metrics.value('longshore_watch_lists_total'), 1)
    stop.abort()
    await running
    await flaky.close()
  })
})

describe('a lease', () => {
  test('is written by one at a time', async () => {
    const lease = createLeaseClient(transport, { namespace, name: 'leader', fieldManager: 'test' })
    const now = clock.now()
    const claim = {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: 0,
    }
    assert.equal(await lease.read(5, forever), undefined)

    const created = await lease.create(claim, 5, forever)
    await assert.rejects(lease.create(claim, 5, forever), { code: 'already-exists' })
    const renewed = await lease.update({ ...created, renewTime: now + 2000 }, 5, forever)
    await assert.rejects(lease.update({ ...created, holderIdentity: 'b' }, 5, forever), { code: 'conflict' })
    await lease.update({ ...renewed, holderIdentity: '' }, 5, forever)

    const { version: _, metadata: __, ...read } = (await lease.read(5, forever)) ?? assert.fail('no lease')
    assert.deepEqual(read, { ...claim, holderIdentity: '', renewTime: now + 2000 })
  })
})

describe('events', () => {
  test('are shown by kubectl, summed up', async () => {
    const regarding = await cluster.create(CONFIG_MAPS, configMap('eventful'), 'test', forever)
    const recorder = createEventRecorder({
      ...common,
      cluster,
      controller: 'longshore.dev/operator',
      instance: 'test-1',
    })

    for (let i = 0; i < 3; i += 1) {
      recorder.record({ regarding, type: 'Warning', reason: 'AccessDenied', action: 'Create', note: 'No, says AWS.' })
    }
    await recorder.flush(forever)

    const described = await kubectl('describe', 'configmap', 'eventful', '--namespace', namespace)
    assert.match(described, /Warning\s+AccessDenied\s+\S+ \(x3 over .*\)\s+longshore\.dev\/operator\s+No, says AWS\./)
  })
})
