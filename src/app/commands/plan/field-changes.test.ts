import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createOutput } from '../../../core/output.ts'
import { fieldChanges } from './field-changes.ts'

for (const { fact, before, after, changes } of [
  { fact: 'finds no change in equal values', before: { a: [1] }, after: { a: [1] }, changes: [] },
  { fact: 'names a changed leaf', before: { a: { b: 1 } }, after: { a: { b: 2 } }, changes: [['x.a.b', '1', '2']] },
  { fact: 'names what is new', before: {}, after: { a: 'n' }, changes: [['x.a', undefined, 'n']] },
  { fact: 'names what is removed', before: { a: 'n' }, after: {}, changes: [['x.a', 'n', undefined]] },
  {
    fact: 'finds elements by name, wherever they moved',
    before: {
      c: [
        { name: 'a', v: 1 },
        { name: 'b', v: 1 },
      ],
    },
    after: {
      c: [
        { name: 'b', v: 2 },
        { name: 'a', v: 1 },
      ],
    },
    changes: [['x.c[b].v', '1', '2']],
  },
  {
    fact: 'gives the order of subnets no meaning',
    before: { subnets: ['a', 'b'] },
    after: { subnets: ['b', 'a'] },
    changes: [],
  },
  {
    fact: 'gives the order of a command its meaning',
    before: { command: ['a', 'b'] },
    after: { command: ['b', 'a'] },
    changes: [['x.command', '["a","b"]', '["b","a"]']],
  },
  {
    fact: 'says of a value to come that it comes',
    before: { arn: 'old' },
    after: { arn: createOutput('task-definition', 'arn') },
    changes: [['x.arn', 'old', '(known after apply)']],
  },
]) {
  test(fact, () => {
    assert.deepEqual(
      fieldChanges(before, after, 'x').map((change) => [change.field, change.before, change.after]),
      changes,
    )
  })
}

describe('a secret is hidden, that it changed is not:', () => {
  for (const { fact, value } of [
    {
      fact: 'the value of an environment variable',
      value: (secret: string) => ({ environment: [{ name: 'A', value: secret }] }),
    },
    { fact: 'a member named like one', value: (secret: string) => ({ options: { 'splunk-token': secret } }) },
    { fact: 'an argument behind its flag', value: (secret: string) => ({ command: ['--db-password', secret] }) },
    { fact: 'an argument with its flag', value: (secret: string) => ({ command: [`--api-key=${secret}`] }) },
    { fact: 'the password in a URL', value: (secret: string) => ({ url: `postgres://app:${secret}@db/x` }) },
  ]) {
    test(fact, () => {
      const [change, ...others] = fieldChanges(value('hunter1'), value('hunter2'), '')

      assert.ok(change)
      assert.match(String(change.after), /\(hidden\)/)
      assert.doesNotMatch(`${change.before} ${change.after}`, /hunter/)
      assert.deepEqual(others, [])
    })
  }
})
