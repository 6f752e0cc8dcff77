import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createToyCloud, createToyKind } from '../../../test/support/toy-kind.ts'
import type { KubeObject } from '../../kube/cluster.ts'
import type { Pass } from '../pass.ts'
import { resolveReferences, strayReferences } from './resolve.ts'

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

    if (resolution.type === 'resolved') assert.deepEqual(resolution.values, { boxRef: 'arn:box' })
    assert.equal(resolution.type, isResolved ? 'resolved' : 'missing')
    if (!isResolved) assert.match(JSON.stringify(resolution), /does not allow references from namespace demo/)
  })
}

test('a reference waits for the output that it needs', () => {
  const metadata = { namespace: 'theirs', name: 'other', annotations: { 'longshore.dev/allow-references-from': '*' } }

  const resolution = resolveReferences(passOver({ metadata, status: {} }), [reference])

  assert.equal(resolution.type, 'missing')
})

const here = { accountId: '111111111111', region: 'eu-central-1' }
const home = { field: 'boxRef', name: 'Toy theirs/other', ...here }

for (const { fact, homes, isStray } of [
  { fact: 'in the same account and region is none', homes: [home], isStray: false },
  {
    fact: 'that has not said yet where it is, is none',
    homes: [{ ...home, accountId: undefined, region: undefined }],
    isStray: false,
  },
  { fact: 'in another account is one', homes: [home, { ...home, accountId: '222222222222' }], isStray: true },
  { fact: 'in another region is one', homes: [{ ...home, region: 'us-east-1' }], isStray: true },
]) {
  test(`of stray references, a reference to something ${fact}`, () => {
    const [block] = strayReferences({ homes }, here)

    assert.deepEqual([block?.reason, block?.field], isStray ? ['WrongAccount', 'spec.boxRef'] : [undefined, undefined])
  })
}
