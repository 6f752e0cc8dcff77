import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typesFromLine } from '../../src/core/scheduling/catalogue/family-line.ts'
import { sampleType } from '../../test/support/sample-type.ts'
import { dataFileText } from './data-file.ts'

const facts = [sampleType(), sampleType({ name: 'c99.large' }), sampleType({ name: 'm99a.xlarge', cpuCount: 4 })]
const table = ['m99a.large', 'c99.large', 'm99a.xlarge', 'z99.large'].map((name) => ({
  name,
  labels: new Map<string, string>(),
  resources: new Map([
    ['cpu', '1930m'],
    ['memory', '6903Mi'],
    ['pods', '29'],
  ]),
}))
const provenance = { commit: 'c0ffee', region: 'us-east-1', pricesOf: '2026-07-20T13:44:30Z' }
const text = dataFileText(facts, provenance, table)
const file: { families: string[]; commit: string; pricesOf: string; tableTotals: object } = JSON.parse(text)

test('has a line for each family', () => {
  assert.deepEqual(
    file.families.map((line) => typesFromLine(line).map(({ name }) => name)),
    [['m99a.large', 'm99a.xlarge'], ['c99.large']],
  )
  assert.equal(text.split('\n').filter((line) => line.includes('|amd64|')).length, 2)
})

test('says where it is from and of when', () => {
  assert.deepEqual({ ...file, ...provenance }, file)
})

test('adds up what the table leaves of the types that it has', () => {
  assert.deepEqual(file.tableTotals, { types: 3, cpuMillis: 5790, memoryMib: 20_709, pods: 87 })
})
