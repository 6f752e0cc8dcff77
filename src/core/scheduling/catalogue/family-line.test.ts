import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleType } from '../../../../test/support/sample-type.ts'
import { LINE_FIELDS, familyLineFrom, typesFromLine } from './family-line.ts'

const gpu = { role: 'gpu', manufacturer: 'nvidia', name: 'a10g' } as const
const family = [
  sampleType(),
  sampleType({ name: 'm99a.xlarge', cpuCount: 4, memoryMib: 16_384, priceUsdPerHour: 0.2, efaInterfaces: 1 }),
  sampleType({ name: 'm99a.metal', hypervisor: '', cpuCount: 4, priceUsdPerHour: 0.21 }),
]

describe('a family is a line', () => {
  test('with a column for each number: one value where all are the same, none where that is 0', () => {
    assert.equal(
      familyLineFrom(family),
      'm99a|amd64|amd|nitro|yes||large xlarge metal|2 4 4|8192 16384 8192|0.1 0.2 0.21|3|10||||||0 1 0|||',
    )
  })

  test('with as many fields as the data file says', () => {
    assert.equal(familyLineFrom(family).split('|').length, LINE_FIELDS.length)
  })

  for (const { fact, types } of [
    { fact: 'several sizes', types: family },
    { fact: 'one size', types: [sampleType({ architecture: 'arm64', encryptionInTransit: false })] },
    {
      fact: 'devices',
      types: [1, 4].map((deviceCount) => sampleType({ name: `g9.${deviceCount}x`, device: gpu, deviceCount })),
    },
    {
      fact: 'accelerators',
      types: [sampleType({ device: { ...gpu, role: 'accelerator' }, deviceCount: 2, neuronCores: 4 })],
    },
  ]) {
    test(`that reads back: ${fact}`, () => assert.deepEqual(typesFromLine(familyLineFrom(types)), types))
  }
})

describe('no line', () => {
  for (const { fact, types } of [
    { fact: 'for no types', types: [] },
    { fact: 'for two families', types: [sampleType(), sampleType({ name: 'c99.large' })] },
    { fact: 'for two architectures', types: [sampleType(), sampleType({ architecture: 'arm64' })] },
    { fact: 'for two kinds of device', types: [sampleType(), sampleType({ device: gpu })] },
  ]) {
    test(fact, () => assert.throws(() => familyLineFrom(types), /^Error: no family: /))
  }

  test('is read that has too few fields', () => {
    assert.throws(() => typesFromLine('m99a|amd64'), { message: 'm99a has 2 fields' })
  })
})
