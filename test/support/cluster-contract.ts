import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Cluster, KubeObject, MergePatch, ResourceType, WatchEvent } from '../../src/kube/cluster.ts'

/** A cluster under test, with a namespace of its own for objects of a kind with a status subresource. */
export interface Contender {
  readonly cluster: Cluster
  readonly namespace: string
}

const TYPE: ResourceType = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecrrepositories',
  kind: 'EcrRepository',
  namespaced: true,
}
const MANAGER = 'contract'
const FINALIZER = 'longshore.dev/finalizer'
const forever = new AbortController().signal

/** What longshore relies on in an API server; the one in memory is worth what it shares with the real one. */
export function clusterContract(title: string, { cluster, namespace }: Contender): void {
  const ref = (name: string) => ({ namespace, name })
  const draft = (name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
    apiVersion: 'longshore.dev/v1alpha1',
    kind: 'EcrRepository',
    metadata: { namespace, name, ...metadata },
    spec: { repositoryName: `contract/${name}` },
  })
  const create = (name: string, metadata?: Partial<KubeObject['metadata']>): Promise<KubeObject> =>
    cluster.create(TYPE, draft(name, metadata), MANAGER, forever)
  const patch = (name: string, body: MergePatch['body'], subresource?: 'status'): Promise<KubeObject> =>
    cluster.mergePatch(TYPE, ref(name), { body, fieldManager: MANAGER, ...(subresource && { subresource }) }, forever)
  const get = (name: string): Promise<KubeObject> => cluster.get(TYPE, ref(name), forever)
  const remove = (name: string): Promise<void> => cluster.remove(TYPE, ref(name), forever)

  /** The changes of one object after a version, until `enough`. */
  const changes = async (
    name: string,
    resourceVersion: string,
    enough: number,
  ): Promise<readonly WatchEvent['type'][]> => {
    const seen: WatchEvent['type'][] = []
    const stop = new AbortController()
    const options = { namespace, resourceVersion, timeoutSeconds: 60 }
    for await (const event of cluster.watch(TYPE, options, stop.signal)) {
      if (event.type === 'BOOKMARK' || event.object.metadata.name !== name) continue
      seen.push(event.type)
      if (seen.length === enough) break
    }
    stop.abort()
    return seen
  }

  describe(`${title}:`, () => {
    test('a created object gets a uid, a version and generation 1, and can be read and listed', async () => {
      const { metadata } = await create('created')

      assert.equal(metadata.generation, 1)
      assert.ok(metadata.uid !== undefined && metadata.creationTimestamp !== undefined)
      assert.equal((await get('created')).metadata.resourceVersion, metadata.resourceVersion)
      const { items, resourceVersion } = await cluster.list(TYPE, { namespace }, forever)
      assert.ok(items.some(({ metadata: { name } }) => name === 'created'))
      assert.ok(BigInt(resourceVersion) >= BigInt(metadata.resourceVersion ?? '0'))
    })

    test('a second object of the same name is refused, and what is not there is not found', async () => {
      await create('twice')

      await assert.rejects(create('twice'), { code: 'already-exists' })
      await assert.rejects(get('nobody'), { code: 'not-found' })
      await assert.rejects(patch('nobody', { metadata: { labels: { a: 'b' } } }), { code: 'not-found' })
      await assert.rejects(remove('nobody'), { code: 'not-found' })
    })

    test('a deleted object can be made again under another uid', async () => {
      const before = await create('again')
      await remove('again')

      assert.notEqual((await create('again')).metadata.uid, before.metadata.uid)
    })

    test('a change of the spec counts as a generation, one of metadata or status does not', async () => {
      await create('generations')

      const labelled = await patch('generations', { metadata: { labels: { a: 'b' } } })
      const reported = await patch('generations', { status: { observedGeneration: 1 } }, 'status')
      const edited = await patch('generations', { spec: { imageTagMutability: 'MUTABLE' } })

      assert.deepEqual(
        [labelled, reported, edited].map(({ metadata }) => metadata.generation),
        [1, 1, 2],
      )
    })

    test('a patch with null removes a member, and what is not named stays', async () => {
      await create('nulls', { labels: { a: '1', b: '2' } })
      await patch('nulls', { spec: { imageTagMutability: 'MUTABLE' } })

      const after = await patch('nulls', { metadata: { labels: { a: null } }, spec: { imageTagMutability: null } })

      assert.deepEqual(after.metadata.labels, { b: '2' })
      assert.deepEqual(after.spec, { repositoryName: 'contract/nulls' })
    })

    test('status changes through its subresource and nowhere else', async () => {
      await create('status')

      const report = { status: { observedGeneration: 7 }, spec: { imageTagMutability: 'MUTABLE' } }
      const reported = await patch('status', { ...report, metadata: { labels: { a: 'b' } } }, 'status')
      const edited = await patch('status', { status: { observedGeneration: 8 } })

      assert.deepEqual(reported.status, { observedGeneration: 7 })
      assert.deepEqual(reported.spec, { repositoryName: 'contract/status' })
      assert.deepEqual(edited.status, { observedGeneration: 7 })
    })

    test('a status that came with a new object is not kept: it gets the one that says that nobody has seen it', async () => {
      const object = { ...draft('premature'), status: { observedGeneration: 3 } }

      assert.deepEqual((await cluster.create(TYPE, object, MANAGER, forever)).status, { observedGeneration: -1 })
    })

    test('a status that is taken away gives way to the one that says that nobody has seen it', async () => {
      await create('forgotten')
      await patch('forgotten', { status: { observedGeneration: 7 } }, 'status')

      assert.deepEqual((await patch('forgotten', { status: null }, 'status')).status, { observedGeneration: -1 })
    })

    test('a patch on a version is refused once there is a newer one', async () => {
      const { metadata } = await create('versions')
      const { resourceVersion } = metadata
      await patch('versions', { metadata: { resourceVersion, labels: { a: '1' } } })

      const late = { metadata: { resourceVersion, labels: { a: '2' } } }
      await assert.rejects(patch('versions', late), { code: 'conflict' })
      const lateStatus = { metadata: { resourceVersion }, status: { observedGeneration: 1 } }
      await assert.rejects(patch('versions', lateStatus, 'status'), { code: 'conflict' })
      assert.deepEqual((await get('versions')).metadata.labels, { a: '1' })
    })

    test('a replacement on an old version is refused', async () => {
      const before = await create('replaced')
      await patch('replaced', { metadata: { labels: { a: '1' } } })

      await assert.rejects(cluster.replace(TYPE, before, MANAGER, forever), { code: 'conflict' })
    })

    test('a patch that changes nothing leaves the version as it was', async () => {
      await create('idle', { labels: { a: '1' } })
      await patch('idle', { status: { observedGeneration: 1 } }, 'status')
      const { metadata } = await get('idle')

      const spec = await patch('idle', { metadata: { labels: { a: '1' } }, spec: { repositoryName: 'contract/idle' } })
      const status = await patch('idle', { status: { observedGeneration: 1 } }, 'status')

      assert.deepEqual(
        [spec.metadata.resourceVersion, status.metadata.resourceVersion],
        [metadata.resourceVersion, metadata.resourceVersion],
      )
    })

    test('an object without finalizers goes at once, one with a finalizer when that is taken off', async () => {
      await create('free')
      await create('held', { finalizers: [FINALIZER] })
      await remove('free')
      await remove('held')

      await assert.rejects(get('free'), { code: 'not-found' })
      const held = await get('held')
      assert.ok(held.metadata.deletionTimestamp !== undefined)
      // The mark counts as a generation.
      assert.equal(held.metadata.generation, 2)

      await patch('held', { metadata: { finalizers: null } })
      await assert.rejects(get('held'), { code: 'not-found' })
    })

    test('deleting what is being deleted changes nothing, and it takes no new finalizer', async () => {
      await create('going', { finalizers: [FINALIZER] })
      await remove('going')
      const { metadata } = await get('going')
      await remove('going')

      assert.equal((await get('going')).metadata.resourceVersion, metadata.resourceVersion)
      await assert.rejects(patch('going', { metadata: { finalizers: [FINALIZER, 'longshore.dev/other'] } }), {
        code: 'invalid',
      })
    })

    test('a watch from a version tells everything after it, in order, and nothing before', async () => {
      const { metadata } = await create('watched', { finalizers: [FINALIZER] })
      await patch('watched', { metadata: { labels: { a: '1' } } })
      await remove('watched')
      await patch('watched', { metadata: { finalizers: null } })

      const seen = await changes('watched', metadata.resourceVersion ?? '', 3)

      assert.deepEqual(seen, ['MODIFIED', 'MODIFIED', 'DELETED'])
    })

    test('a streaming list begins with what is there, marks its end, and goes on with changes', async () => {
      await create('streamed')
      const seen: string[] = []
      const stop = new AbortController()
      const options = { namespace, resourceVersion: '', sendInitialEvents: true, timeoutSeconds: 60 }
      for await (const event of cluster.watch(TYPE, options, stop.signal)) {
        if (event.type === 'BOOKMARK' && event.initialEventsEnd) {
          seen.push('end')
          await patch('streamed', { metadata: { labels: { a: '1' } } })
        } else if (event.type !== 'BOOKMARK' && event.object.metadata.name === 'streamed') {
          seen.push(event.type)
        }
        if (event.type === 'MODIFIED') break
      }
      stop.abort()

      assert.deepEqual(seen, ['ADDED', 'end', 'MODIFIED'])
    })
  })
}
