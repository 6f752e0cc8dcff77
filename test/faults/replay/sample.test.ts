import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleOf } from './sample.ts'

for (const { fact, input, seeds } of [
  { fact: 'one of every thousand', input: [1, 3000, 3], seeds: [1000, 2000, 3000] },
  { fact: 'the same parts of a later range', input: [501, 100, 2], seeds: [550, 600] },
  { fact: 'no seed twice', input: [7, 2, 5], seeds: [7, 8] },
  { fact: 'none', input: [1, 100, 0], seeds: [] },
] as const) {
  test(`a sample has ${fact}`, () => assert.deepEqual(sampleOf(input[0], input[1], input[2]), seeds))
}
