import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adoptionTags, ownTagKeys, tagDifference, type TagGoal } from './managed-tags.ts'
import type { Tags } from './owner.ts'

const owner = { 'longshore.dev/kind': 'EcsCluster' }
const remembering = (...keys: string[]) => ({ tagKeys: JSON.stringify(keys) })

for (const { fact, wanted, observed, memo, isUnsure = false, expected } of [
  {
    fact: 'tags that are there are left alone',
    wanted: { team: 'blue' },
    observed: { ...owner, team: 'blue', theirs: '1' },
    memo: remembering('team'),
    expected: { set: {}, remove: [], memo: remembering('team') },
  },
  {
    fact: 'missing and changed tags are set, ours included',
    wanted: { team: 'blue', app: 'x' },
    observed: { team: 'red' },
    memo: {},
    expected: { set: { ...owner, team: 'blue', app: 'x' }, remove: [], memo: remembering('app', 'team') },
  },
  {
    fact: 'a tag that left the spec is removed, and remembered until it is seen to be gone',
    wanted: { team: 'blue' },
    observed: { ...owner, team: 'blue', app: 'x' },
    memo: remembering('app', 'team'),
    expected: { set: {}, remove: ['app'], memo: remembering('app', 'team') },
  },
  {
    fact: 'a tag that left the spec and is gone is forgotten',
    wanted: { team: 'blue' },
    observed: { ...owner, team: 'blue' },
    memo: remembering('app', 'team'),
    expected: { set: {}, remove: [], memo: remembering('team') },
  },
  {
    fact: 'a tag that left the spec and does not show is remembered while reads may be old',
    wanted: { team: 'blue' },
    observed: { ...owner, team: 'blue' },
    memo: remembering('app', 'team'),
    isUnsure: true,
    expected: { set: {}, remove: [], memo: remembering('app', 'team') },
  },
  {
    fact: 'an empty list removes what an earlier spec named',
    wanted: {},
    observed: { ...owner, app: 'x', theirs: '1' },
    memo: remembering('app'),
    expected: { set: {}, remove: ['app'], memo: remembering('app') },
  },
  {
    fact: 'a spec without tags stops managing them and leaves them where they are',
    wanted: undefined,
    observed: { ...owner, app: 'x' },
    memo: remembering('app'),
    expected: { set: {}, remove: [], memo: {} },
  },
  {
    fact: 'a spec cannot take the ownership tags over',
    wanted: { 'longshore.dev/kind': 'Mine' },
    observed: owner,
    memo: {},
    expected: { set: {}, remove: [], memo: remembering('longshore.dev/kind') },
  },
]) {
  test(fact, () => assert.deepEqual(tagDifference({ owner, wanted }, observed, { memo, isUnsure }), expected))
}

test('our own keys are told from those of others', () => {
  assert.deepEqual(ownTagKeys({ ...owner, team: 'blue' }), Object.keys(owner))
})

const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('', '1', '2'))

function applied(observed: Tags, set: Tags, remove: readonly string[]): Tags {
  const kept = Object.entries(observed).filter(([key]) => !remove.includes(key))
  return { ...Object.fromEntries(kept), ...set }
}

test('whatever specs follow each other: one round is enough, and tags of others survive', () => {
  fc.assert(
    fc.property(fc.array(tags, { minLength: 1 }), tags, (specs, others) => {
      const theirs = Object.fromEntries(Object.entries(others).map(([key, value]) => [`their-${key}`, value]))
      let observed: Tags = theirs
      let memo = {}
      for (const wanted of specs) {
        const goal: TagGoal = { owner, wanted }
        const first = tagDifference(goal, observed, { memo })
        observed = applied(observed, first.set, first.remove)
        const second = tagDifference(goal, observed, first)
        assert.deepEqual([second.set, second.remove], [{}, []])
        memo = second.memo
        assert.deepEqual(observed, { ...theirs, ...wanted, ...owner })
      }
    }),
  )
})

test('what is taken over gets the ownership tags that it lacks, and no others', () => {
  const goal = { owner: { a: '1', b: '2' }, wanted: { team: 'blue' } }
  assert.deepEqual(adoptionTags(goal, { a: '1', b: 'x' }), { b: '2' })
  assert.deepEqual(adoptionTags(goal, { a: '1', b: '2' }), {})
})
