import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { ECS_LEDGER } from './ledger.ts'

test('every rule has an id of its own, a source and a test that is there', () => {
  assert.equal(new Set(ECS_LEDGER.map(({ id }) => id)).size, ECS_LEDGER.length)
  for (const row of ECS_LEDGER) {
    assert.ok(row.rule.length > 10 && row.source.length > 10, row.id)
    assert.ok(existsSync(new URL(`../../../../${row.test}`, import.meta.url)), `${row.id}: ${row.test}`)
  }
})

test('a number that AWS does not publish says so', () => {
  const unpublished = ECS_LEDGER.filter(({ source }) => source.includes('no number'))
  assert.ok(unpublished.length > 0)
  for (const { id, source } of unpublished) assert.match(source, /^(assumed|reported): /, id)
})
