import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEDGER } from './ledger.ts'

const entries = Object.entries(LEDGER)

test('every rule says what it is and where it comes from', () => {
  for (const [name, { rule, source, date }] of entries) {
    assert.ok(rule.length > 10 && source.length > 10, name)
    assert.match(date, /^\d{4}-\d{2}-\d{2}$/, name)
  }
})

test('a number that AWS does not publish is not called documented', () => {
  const unpublished = entries.filter(([, { source }]) => source.includes('no number'))
  assert.ok(unpublished.length > 0)
  for (const [name, { basis }] of unpublished) assert.notEqual(basis, 'documented', name)
})
