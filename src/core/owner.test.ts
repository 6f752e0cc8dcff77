import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAdoptable, isOwnTag, ownerIn, ownershipOf, ownershipTags } from './owner.ts'

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

for (const { fact, tags, expected } of [
  { fact: 'nobody owns', tags: { team: 'x' }, expected: true },
  { fact: 'lost one of our tags', tags: { ...ownershipTags(owner), 'longshore.dev/name': undefined }, expected: true },
  { fact: 'another object owns', tags: ownershipTags({ ...owner, name: 'other' }), expected: false },
  { fact: 'names another installation alone', tags: { 'longshore.dev/installation': 'id-2' }, expected: false },
]) {
  test(`what ${fact} can ${expected ? '' : 'not '}be taken over`, () => {
    const present = Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
    assert.equal(isAdoptable(Object.fromEntries(present), owner), expected)
  })
}

test('only our prefix is ours', () => {
  assert.equal(isOwnTag('longshore.dev/name'), true)
  assert.equal(isOwnTag('team'), false)
})
