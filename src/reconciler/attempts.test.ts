import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAttempts } from './attempts.ts'
import { entryKey, inventoryFrom, type InventoryEntry } from './inventory.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const entry: InventoryEntry = {
  name: 'box',
  type: 'toy-box',
  id: 'red',
  origin: 'Created',
  retain: false,
  dependsOn: [],
  memo: {},
  createdAt: '2026-01-01T11:59:30Z',
}

for (const { fact, recorded, isForgotten, expected } of [
  { fact: 'a create ended after it was recorded', recorded: '2026-01-01T11:59:30Z', expected: '2026-01-01T12:00:00Z' },
  { fact: 'a later one is on record', recorded: '2026-01-01T12:01:00Z', expected: '2026-01-01T12:01:00Z' },
  { fact: 'it is on record that it had no effect', recorded: undefined, expected: undefined },
  {
    fact: 'the object went and came again',
    recorded: '2026-01-01T11:59:30Z',
    isForgotten: true,
    expected: '2026-01-01T11:59:30Z',
  },
]) {
  test(`where ${fact} the last attempt counts as of ${expected ?? 'never'}`, () => {
    const attempts = createAttempts()
    attempts.of('demo/app').ended(entryKey(entry), NOON)
    if (isForgotten) attempts.forget('demo/app')
    const inventory = inventoryFrom([{ ...entry, ...(recorded && { writtenAt: recorded }) }])

    const completed = attempts.of('demo/app').completed(inventory)

    assert.equal(completed.get(entryKey(entry))?.writtenAt, expected)
    assert.equal(attempts.of('demo/other').completed(inventory), inventory)
  })
}
