import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LABEL_SELECTOR_TEXT, labelSelectorFrom } from './label-selector-text.ts'
import { selectorMatches, type Labels } from './label-selector.ts'

// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
describe('a selector in words', () => {
  const blue = { team: 'blue', env: 'test', 'app.example.com/tier': 'web', empty: '' }
  for (const { text, selects = [blue], leaves = [{}] } of [
    { text: 'team=blue', leaves: [{ team: 'red' }, {}] },
    { text: 'team==blue' },
    { text: ' team = blue ' },
    { text: 'team!=red', selects: [blue, {}], leaves: [{ team: 'red' }] },
    { text: 'team' },
    { text: '!legacy', selects: [blue, {}], leaves: [{ legacy: '' }] },
    { text: 'env in (test, prod)', selects: [blue, { env: 'prod' }], leaves: [{ env: 'dev' }, {}] },
    { text: 'env notin (dev,prod)', selects: [blue, {}], leaves: [{ env: 'dev' }, { env: 'prod' }] },
    { text: 'env in(test)' },
    { text: 'empty=' },
    { text: 'empty in (,x)', selects: [blue, { empty: 'x' }] },
    { text: 'app.example.com/tier=web,team,!in', leaves: [{ team: 'blue' }, { ...blue, in: 'x' }] },
    { text: 'team=blue,env in (test, prod),env!=prod', leaves: [{ team: 'blue', env: 'prod' }, { env: 'test' }] },
  ] satisfies readonly { text: string; selects?: readonly Labels[]; leaves?: readonly Labels[] }[]) {
    test(`such as "${text}" selects what kubectl selects with it`, () => {
      assert.match(text, LABEL_SELECTOR_TEXT)
      const selector = labelSelectorFrom(text)
      assert.deepEqual(
        selects.filter((labels) => !selectorMatches(selector, labels)),
        [],
      )
      assert.deepEqual(
        leaves.filter((labels) => selectorMatches(selector, labels)),
        [],
      )
    })
  }
})

describe('no selector is', () => {
  const long = 'x'.repeat(64)
  for (const text of [
    '',
    ' ',
    ',',
    'a,',
    'a=b c',
    '=b',
    'a in',
    'a in ()x',
    'a in (b',
    '!a=b',
    'a>1',
    '-a',
    'a/b/c',
    long,
  ]) {
    test(JSON.stringify(text), () => assert.doesNotMatch(text, LABEL_SELECTOR_TEXT))
  }
})
