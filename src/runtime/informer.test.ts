import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { createScriptedCluster, widget, WIDGETS } from '../../test/support/scripted-watch.ts'
import { Failure } from '../core/failure.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { Informer, type InformerChange } from './informer.ts'

const page = (...items: readonly KubeObject[]) => ({ resourceVersion: '100', items })
const described = ({ type, object, isInitial }: InformerChange) =>
  `${type} ${object.metadata.name}@${object.metadata.resourceVersion}${isInitial ? ' initial' : ''}`

async function start(...lists: Parameters<typeof createScriptedCluster>) {
  const cluster = createScriptedCluster(...lists)
  const clock = createHandClock()
  const { log, entries } = createLogRecorder()
  const informer = new Informer({
    cluster,
    type: WIDGETS,
    clock,
    log,
    metrics: createMetricsRecorder(),
    random: createFixedRandom(0.5),
    indexes: { color: ({ metadata }) => (metadata.labels?.['color'] ?? '').split('-').filter(Boolean) },
  })
  const changes: string[] = []
  informer.onChange((change) => changes.push(described(change)))
  const stop = new AbortController()
  const running = informer.run(stop.signal)
  await clock.advance(0)
  const newest = () => cluster.watches.at(-1) ?? assert.fail('nothing is watched')
  return { cluster, clock, informer, changes, entries, stop, running, newest }
}

const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name)

describe('an informer', () => {
  test('has synced once the first list is in its store and told', async () => {
    const late = await start(new Failure('unavailable', 'LIST'), page(widget('a', 1), widget('b', 2)))
    assert.equal(late.entries.filter(({ level }) => level === 'warn').length, 1)

    await late.clock.advance(1)
    await late.informer.synced

    assert.ok(late.informer.hasSynced())
    assert.deepEqual(names(late.informer.store.list()), ['a', 'b'])
    assert.deepEqual(late.changes, ['added a@1 initial', 'added b@2 initial'])
  })

  test('has not synced while the list fails', async () => {
    const { informer } = await start(new Failure('denied', 'LIST'))

    assert.ok(!informer.hasSynced())
  })

  test('follows events', async () => {
    const { clock, informer, changes, newest } = await start(page(widget('a', 1)))
    newest().send({ type: 'ADDED', object: widget('b', 101) })
    newest().send({ type: 'MODIFIED', object: widget('a', 102) })
    newest().send({ type: 'DELETED', object: widget('b', 103) })
    await clock.advance(0)

    assert.deepEqual(changes.slice(1), ['added b@101', 'changed a@102', 'deleted b@103'])
    assert.deepEqual(names(informer.store.list()), ['a'])
    assert.equal(informer.store.get('demo/a')?.metadata.resourceVersion, '102')
    assert.equal(informer.store.get('demo/b'), undefined)
  })

  test('tells what is different after a new list, and nothing else', async () => {
    const reborn = widget('reborn', 8, { uid: 'another' })
    const { clock, changes, newest } = await start(
      page(widget('gone', 1), widget('same', 2), widget('edited', 3), widget('reborn', 4)),
      page(widget('same', 2), widget('edited', 7), reborn, widget('new', 9)),
    )
    changes.length = 0

    newest().fail(new Failure('expired', 'WATCH'))
    await clock.advance(1)

    assert.deepEqual(changes, [
      'deleted gone@1',
      'changed edited@7',
      'deleted reborn@4',
      'added reborn@8',
      'added new@9',
    ])
  })

  test('shows the new list complete to the first who hears of it', async () => {
    const { clock, informer, newest } = await start(page(widget('a', 1)), page(widget('b', 2), widget('c', 3)))
    const seen: string[][] = []
    informer.onChange(({ isInitial }) => !isInitial && seen.push(names(informer.store.list())))

    newest().fail(new Failure('expired', 'WATCH'))
    await clock.advance(1)

    assert.deepEqual(seen, [
      ['b', 'c'],
      ['b', 'c'],
      ['b', 'c'],
    ])
  })

  test('finds objects by index, through every change', async () => {
    const color = (name: string, version: number, labels: string) =>
      widget(name, version, { labels: { color: labels } })
    const { clock, informer, newest } = await start(page(color('a', 1, 'red'), color('b', 2, 'red-blue')), page())
    const by = (value: string) => names(informer.store.byIndex('color', value))
    assert.deepEqual([by('red'), by('blue'), by('green')], [['a', 'b'], ['b'], []])

    newest().send({ type: 'MODIFIED', object: color('b', 101, 'green') })
    newest().send({ type: 'DELETED', object: color('a', 102, 'red') })
    await clock.advance(0)
    assert.deepEqual([by('red'), by('blue'), by('green')], [[], [], ['b']])

    newest().fail(new Failure('expired', 'WATCH'))
    await clock.advance(1)
    assert.deepEqual(by('green'), [])
    assert.throws(() => informer.store.byIndex('shape', 'x'), /no index shape/)
  })

  test('keeps no managed fields and no copy of the manifest, and nobody can change what it keeps', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'yes' }
    const heavy = { ...widget('a', 1, { annotations }), spec: { nested: { list: [{ x: 1 }] } } }
    const metadata = { ...heavy.metadata, managedFields: [{ manager: 'kubectl' }] }

    const { informer } = await start(page({ ...heavy, metadata }))

    const kept = informer.store.get('demo/a')
    assert.deepEqual(kept, { ...heavy, metadata: { ...heavy.metadata, annotations: { mine: 'yes' } } })
    assert.ok(Object.isFrozen(kept?.metadata.annotations))
    assert.ok(typeof kept?.spec === 'object' && kept.spec !== null && 'nested' in kept.spec)
    assert.ok(Object.isFrozen(kept.spec.nested))
  })

  test('tells a late handler first what is there', async () => {
    const { informer } = await start(page(widget('a', 1)))
    const heard: string[] = []

    informer.onChange((change) => heard.push(described(change)))

    assert.deepEqual(heard, ['added a@1 initial'])
  })

  test('goes on when a handler throws, and logs the bug', async () => {
    const { clock, informer, changes, entries, newest } = await start(page())
    informer.onChange(() => {
      throw new Error('bug')
    })
    informer.onChange((change) => changes.push(`second: ${described(change)}`))

    newest().send({ type: 'ADDED', object: widget('b', 101) })
    await clock.advance(0)

    assert.deepEqual(changes, ['added b@101', 'second: added b@101'])
    const errors = entries.filter(({ level }) => level === 'error')
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['change handler failed'],
    )
  })

  test('tells nothing of a deletion of what it never saw', async () => {
    const { clock, changes, newest } = await start(page())

    newest().send({ type: 'DELETED', object: widget('b', 101) })
    await clock.advance(0)

    assert.deepEqual(changes, [])
  })
})
