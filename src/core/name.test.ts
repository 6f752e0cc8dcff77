import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deriveEcrRepositoryName, deriveEcsName, deriveLogGroupName } from './name.ts'

for (const { fact, actual, expected } of [
  { fact: 'an ECS name is readable', actual: deriveEcsName('demo', 'hello'), expected: 'demo_hello' },
  { fact: 'a dot cannot stand in an ECS name', actual: deriveEcsName('demo', 'a.b'), expected: 'demo_a-b_eb128778' },
  { fact: 'a repository is a path', actual: deriveEcrRepositoryName('demo', 'hello'), expected: 'demo/hello' },
  {
    fact: 'ECR takes single separators',
    actual: deriveEcrRepositoryName('demo', 'a--b'),
    expected: 'demo/a-b_18899982',
  },
  { fact: 'a log group is a path', actual: deriveLogGroupName('demo', 'hello'), expected: '/longshore/demo/hello' },
]) {
  test(fact, () => assert.equal(actual, expected))
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) =>
  labels
    .join('.')
    .slice(0, 253)
    .replace(/[^a-z0-9]$/, 'x'),
)
const object = fc.tuple(label, name)

for (const { what, derive, valid } of [
  { what: 'ECS', derive: deriveEcsName, valid: /^[A-Za-z0-9_-]{1,255}$/ },
  {
    what: 'ECR',
    derive: deriveEcrRepositoryName,
    valid: /^(?=.{2,256}$)(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/,
  },
]) {
  test(`every Kubernetes name gives a valid ${what} name`, () => {
    fc.assert(fc.property(object, ([namespace, own]) => assert.match(derive(namespace, own), valid)))
  })

  test(`different objects get different ${what} names`, () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        fc.pre(a.join('/') !== b.join('/'))
        assert.notEqual(derive(...a), derive(...b))
      }),
    )
  })
}

test('namespace and name cannot be confused', () => {
  assert.notEqual(deriveEcsName('a-b', 'c'), deriveEcsName('a', 'b-c'))
})
