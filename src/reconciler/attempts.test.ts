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
    const attempts = createAttempts({ now: () => NOON })
    attempts.of('demo/app').ended(entryKey(entry), NOON)
    if (isForgotten) attempts.forget('demo/app')
    const inventory = inventoryFrom([{ ...entry, ...(recorded && { writtenAt: recorded }) }])

    const completed = attempts.of('demo/app').completed(inventory)

    assert.equal(completed.get(entryKey(entry))?.writtenAt, expected)
    assert.equal(attempts.of('demo/other').completed(inventory), inventory)
  })
}

for (const { fact, recorded, ended, expected } of [
  { fact: 'long before this process', recorded: '2026-01-01T11:00:00Z', expected: '2026-01-01T11:02:00Z' },
  { fact: 'just before this process', recorded: '2026-01-01T11:59:30Z', expected: '2026-01-01T12:00:00Z' },
  { fact: 'by this process, and is under way', recorded: '2026-01-01T12:00:30Z', expected: '2026-01-01T12:00:30Z' },
  {
    fact: 'by this process, and took a while',
    recorded: '2026-01-01T12:00:30Z',
    ended: '2026-01-01T12:00:50Z',
    expected: '2026-01-01T12:00:50Z',
  },
]) {
  test(`a create that was about to begin ${fact} ended at ${expected.slice(11)} at the latest`, () => {
    const attempts = createAttempts({ now: () => NOON }).of('demo/app')
    if (ended !== undefined) attempts.ended(entryKey(entry), Date.parse(ended))

    assert.equal(attempts.endOf({ ...entry, writtenAt: recorded }), Date.parse(expected))
    assert.equal(attempts.endOf(entry), undefined)
  })
}

for (const { fact, written, continued, generation, expected } of [
  { fact: 'for the generation that is looked at', written: [1], generation: 1, expected: undefined },
  { fact: 'for the one before it', written: [1], generation: 2, expected: NOON },
  { fact: 'for the one before it, and then for it', written: [1, 2], generation: 2, expected: NOON },
  { fact: 'for two generations before it', written: [1, 2], generation: 3, expected: NOON + 1000 },
  { fact: 'for one that we made it of', written: [1], continued: [1, 2], generation: 2, expected: undefined },
  { fact: 'never', written: [], generation: 1, expected: undefined },
] as const) {
  test(`something written ${fact} is remembered as of ${expected === undefined ? 'never' : 'its time'}`, () => {
    const attempts = createAttempts({ now: () => NOON }).of('demo/app')
    for (const [index, each] of written.entries()) attempts.wrote(each, NOON + index * 1000)
    if (continued !== undefined) attempts.continues(...continued)

    assert.equal(attempts.wroteForAnother(generation), expected)
  })
}

test('an object that went and came again has had nothing written', () => {
  const attempts = createAttempts({ now: () => NOON })
  attempts.of('demo/app').wrote(1, NOON)

  attempts.forget('demo/app')

  assert.equal(attempts.of('demo/app').wroteForAnother(2), undefined)
})
