import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createToyCloud, createToyKind } from '../../../test/support/toy-kind.ts'
import type { KubeObject } from '../../kube/cluster.ts'
import type { Pass } from '../pass.ts'
import { resolveReferences } from './resolve.ts'

const reference = { field: 'boxRef', kind: 'Toy', namespace: 'theirs', name: 'other', output: 'boxArn' }

function passOver(target: Pick<KubeObject, 'metadata' | 'status'>): Pass {
  const object = { apiVersion: 'toy.test/v1', kind: 'Toy', ...target }
  const key = `${object.metadata.namespace}/${object.metadata.name}`
  const store = { get: (wanted: string) => (wanted === key ? object : undefined) }
  const kind = createToyKind(createToyCloud())
  return { owner: { namespace: 'demo' }, deps: { storeOf: () => ({ kind, store }) } } as unknown as Pass
}

for (const { fact, allowed, isResolved } of [
  { fact: 'is refused without a grant', allowed: undefined, isResolved: false },
  { fact: 'is refused with a grant to others', allowed: 'production, demo-2', isResolved: false },
  { fact: 'is allowed by a grant to this namespace among others', allowed: 'production, demo', isResolved: true },
  { fact: 'is allowed by a grant to all', allowed: '*', isResolved: true },
]) {
  test(`a reference into another namespace ${fact}`, () => {
    const annotations = allowed === undefined ? {} : { 'longshore.dev/allow-references-from': allowed }
    const metadata = { namespace: 'theirs', name: 'other', annotations }

    const resolution = resolveReferences(passOver({ metadata, status: { boxArn: 'arn:box' } }), [reference])

    if (isResolved) assert.deepEqual(resolution, { type: 'resolved', values: { boxRef: 'arn:box' } })
    else assert.match(JSON.stringify(resolution), /does not allow references from namespace demo/)
  })
}

test('a reference waits for the output that it needs', () => {
  const metadata = { namespace: 'theirs', name: 'other', annotations: { 'longshore.dev/allow-references-from': '*' } }

  const resolution = resolveReferences(passOver({ metadata, status: {} }), [reference])

  assert.equal(resolution.type, 'missing')
})
