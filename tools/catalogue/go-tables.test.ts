import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bandwidthTableFrom, limitTableFrom, priceTableFrom } from './go-tables.ts'

function priceFile(said: string, ...regions: readonly string[]): string {
  const maps = regions.map(
    (region) =>
      `\t"${region}": {\n\t\t// c99g-flex family\n\t\t"c99g-flex.2xlarge": 0.350000, "u-6tb1.56xlarge": 46.403910,\n\t},`,
  )
  return `// generated at 2026-07-20T13:44:30Z for ${said}\n\nvar Prices = map[string]map[string]float64{\n${maps.join('\n')}\n}\n`
}

describe('the price file', () => {
  test('has the prices of a region and their date', () => {
    assert.deepEqual(priceTableFrom(priceFile('us-east-1', 'us-east-1')), {
      region: 'us-east-1',
      pricesOf: '2026-07-20T13:44:30Z',
      usdPerHour: new Map([
        ['c99g-flex.2xlarge', 0.35],
        ['u-6tb1.56xlarge', 46.40391],
      ]),
    })
  })

  for (const { fact, file, message } of [
    {
      fact: 'two regions',
      file: priceFile('us-east-1', 'us-east-1', 'us-gov-west-1'),
      message: 'the price file has prices of us-east-1, us-gov-west-1, and says us-east-1',
    },
    {
      fact: 'another region',
      file: priceFile('us-east-1', 'eu-west-1'),
      message: 'the price file has prices of eu-west-1, and says us-east-1',
    },
    { fact: 'no region', file: '', message: 'the price file has prices of no region, and says none' },
  ]) {
    test(`is refused with ${fact}`, () => assert.throws(() => priceTableFrom(file), { message }))
  }
})

test('bandwidths are those that are known', () => {
  const file =
    'var M = map[string]int64{\n\t\t// c1.medium has vague bandwidth information\n\t\t"m99a.large":    781,\n}\n'

  assert.deepEqual(bandwidthTableFrom(file), new Map([['m99a.large', 781]]))
})

describe('the limits of a type', () => {
  function limits(lines: readonly string[]) {
    const entry = lines.map((line) => `\t\t${line},\n`).join('')
    return limitTableFrom(`var Limits = map[string]*VPCLimits{\n\t"m99a.large": {\n${entry}\t},\n}\n`).get('m99a.large')
  }
  const fields = [
    'Interface:               16',
    'IPv4PerInterface:        50',
    'BranchInterface:         106',
    'DefaultNetworkCardIndex: 1',
  ]
  const cards = `NetworkCards: []NetworkCard{${[5, 8].map((most, index) => `\n\t\t\t{\n\t\t\t\tMaximumNetworkInterfaces: ${most},\n\t\t\t\tNetworkCardIndex:         ${index},\n\t\t\t}`).join(',')},\n\t\t}`

  for (const { fact, lines, expected } of [
    {
      fact: 'count the interfaces of the default card',
      lines: [...fields, 'IsTrunkingCompatible: true', cards],
      expected: { interfaces: 8, addressesPerInterface: 50, branchInterfaces: 106 },
    },
    {
      fact: 'count all interfaces where cards are not told apart',
      lines: [...fields, 'IsTrunkingCompatible: true'],
      expected: { interfaces: 16, addressesPerInterface: 50, branchInterfaces: 106 },
    },
    {
      fact: 'have no branch interfaces without trunking',
      lines: [...fields, 'IsTrunkingCompatible: false', cards],
      expected: { interfaces: 8, addressesPerInterface: 50, branchInterfaces: 0 },
    },
  ]) {
    test(fact, () => assert.deepEqual(limits(lines), expected))
  }
})
