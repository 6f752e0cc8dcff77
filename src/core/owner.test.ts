import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOwnTag, ownerIn, ownershipOf, ownershipTags } from './owner.ts'

const owner = { installationId: 'id-1', namespace: 'demo', kind: 'EcsService', name: 'hello' }

test('the tags of ownership are frozen: what runs must stay ours after an upgrade', () => {
  assert.deepEqual(ownershipTags(owner), {
    'longshore.dev/installation': 'id-1',
    'longshore.dev/namespace': 'demo',
    'longshore.dev/kind': 'EcsService',
    'longshore.dev/name': 'hello',
  })
})

test('our tags among others are ours', () => {
  assert.equal(ownershipOf({ ...ownershipTags(owner), team: 'x' }, owner), 'ours')
})

for (const changed of ['installationId', 'namespace', 'kind', 'name'] as const) {
  test(`another ${changed} is foreign`, () => {
    assert.equal(ownershipOf(ownershipTags({ ...owner, [changed]: 'other' }), owner), 'foreign')
  })
}

test('an untagged thing is foreign and nobody is named', () => {
  assert.equal(ownershipOf({}, owner), 'foreign')
  assert.equal(ownerIn({}), undefined)
})

test('the owner of a foreign thing is named', () => {
  assert.equal(ownerIn(ownershipTags(owner)), 'EcsService demo/hello of installation id-1')
})

test('only our prefix is ours', () => {
  assert.equal(isOwnTag('longshore.dev/name'), true)
  assert.equal(isOwnTag('team'), false)
})
