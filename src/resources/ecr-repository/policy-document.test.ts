import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalLifecyclePolicy, canonicalPolicy } from './policy-document.ts'

function statement(members: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...members }] })
}

for (const { fact, one, other } of [
  {
    fact: 'order of members and white space mean nothing',
    one: '{"Version":"2012-10-17","Statement":[]}',
    other: '{\n  "Statement": [],\n  "Version": "2012-10-17"\n}',
  },
  {
    fact: 'one action and a list of one action are the same',
    one: statement({ Action: 'ecr:BatchGetImage' }),
    other: statement({ Action: ['ecr:BatchGetImage'] }),
  },
  {
    fact: 'the order of actions means nothing',
    one: statement({ Action: ['ecr:A', 'ecr:B'] }),
    other: statement({ Action: ['ecr:B', 'ecr:A'] }),
  },
  {
    fact: 'an account is its root, as AWS writes it',
    one: statement({ Principal: { AWS: '123456789012' } }),
    other: statement({ Principal: { AWS: ['arn:aws:iam::123456789012:root'] } }),
  },
  {
    fact: 'a single statement need not be in a list',
    one: '{"Statement":{"Effect":"Allow","Action":["ecr:A"]}}',
    other: '{"Statement":[{"Effect":"Allow","Action":"ecr:A"}]}',
  },
]) {
  test(fact, () => assert.equal(canonicalPolicy(one), canonicalPolicy(other)))
}

for (const { fact, one, other } of [
  {
    fact: 'another action is another policy',
    one: statement({ Action: 'ecr:A' }),
    other: statement({ Action: 'ecr:B' }),
  },
  {
    fact: 'another account is another policy',
    one: statement({ Principal: { AWS: '123456789012' } }),
    other: statement({ Principal: { AWS: '210987654321' } }),
  },
  {
    fact: 'a role is not its account',
    one: statement({ Principal: { AWS: '123456789012' } }),
    other: statement({ Principal: { AWS: 'arn:aws:iam::123456789012:role/root' } }),
  },
  {
    fact: 'what a condition compares with keeps its order',
    one: statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': ['a', 'b'] } } }),
    other: statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': ['b', 'a'] } } }),
  },
]) {
  test(fact, () => assert.notEqual(canonicalPolicy(one), canonicalPolicy(other)))
}

for (const text of ['', 'null', '7', '"text"', '[]', '{']) {
  test(`${text === '' ? 'nothing' : text} is no policy`, () => {
    assert.equal(canonicalPolicy(text), undefined)
    assert.equal(canonicalLifecyclePolicy(text), undefined)
  })
}

test('lifecycle rules count by priority, not by place, and members by name', () => {
  assert.equal(
    canonicalLifecyclePolicy('{"rules":[{"rulePriority":2,"description":"x"},{"rulePriority":1}]}'),
    canonicalLifecyclePolicy('{"rules":[{"rulePriority":1},{"description":"x","rulePriority":2}]}'),
  )
})

test('another lifecycle rule is another policy', () => {
  assert.notEqual(
    canonicalLifecyclePolicy('{"rules":[{"rulePriority":1}]}'),
    canonicalLifecyclePolicy('{"rules":[{"rulePriority":2}]}'),
  )
})
