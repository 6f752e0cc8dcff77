import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { LINE_FIELDS, familyLineFrom, typesFromLine } from './family-line.ts'
import { SOURCE, catalogueFacts, instanceTypes } from './instance-types.ts'
import { isMetal, familyAndSize } from './type-facts.ts'
import catalogue from './us-east-1.json' with { type: 'json' }

const MIB = 2 ** 20

const facts = new Map(catalogueFacts().map((type) => [type.name, type]))
const types = new Map(instanceTypes().map((type) => [type.name, type]))

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}

describe('the data file', () => {
  test('reads back as it was written', () => {
    for (const line of catalogue.families) assert.equal(familyLineFrom(typesFromLine(line)), line)
  })

  test('says what its fields are, and where they are from', () => {
    assert.equal(catalogue.fields, LINE_FIELDS.join('|'))
    assert.match(SOURCE.commit, /^[0-9a-f]{40}$/)
    assert.match(SOURCE.pricesOf, /^\d{4}-\d\d-\d\dT/)
    assert.equal(SOURCE.region, 'us-east-1')
  })

  test('has at least 1,300 types, each once and each with all its numbers', () => {
    assert.ok(facts.size >= 1300, String(facts.size))
    assert.equal(catalogueFacts().length, facts.size)
    for (const { device, ...type } of facts.values()) {
      const values: readonly unknown[] = Object.values(type)
      assert.ok(
        values.every((value) => typeof value !== 'number' || value >= 0),
        JSON.stringify({ ...type, device }),
      )
      assert.ok(Math.min(type.cpuCount, type.memoryMib, type.priceUsdPerHour, type.interfaces) > 0, type.name)
    }
  })

  test('is small', () => {
    const bytes = readFileSync(new URL('us-east-1.json', import.meta.url)).length

    assert.ok(bytes < 80_000, String(bytes))
  })

  test('has no hypervisor beneath metal, and one beneath everything else', () => {
    for (const { name, hypervisor } of facts.values()) {
      assert.equal(hypervisor === '', isMetal(familyAndSize(name)[1]), name)
    }
  })
})

// Sizes: Amazon's pages of instance types, aws.amazon.com/ec2/instance-types. Prices: its list of on-demand prices, N. Virginia.
describe('types that everybody can look up', () => {
  for (const [name, cpuCount, memoryGib, priceUsdPerHour, more] of [
    ['m6a.large', 2, 8, 0.0864, { architecture: 'amd64', cpuManufacturer: 'amd' }],
    ['m5.large', 2, 8, 0.096, { cpuManufacturer: 'intel' }],
    ['c5.large', 2, 4, 0.085, {}],
    ['r5.24xlarge', 96, 768, 6.048, {}],
    ['c5.metal', 96, 192, 4.08, { hypervisor: '' }],
    ['m6g.large', 2, 8, 0.077, { architecture: 'arm64', cpuManufacturer: 'aws' }],
    ['c7g.16xlarge', 64, 128, 2.32, { architecture: 'arm64' }],
    ['t3.medium', 2, 4, 0.0416, { encryptionInTransit: false }],
    ['t4g.nano', 2, 0.5, 0.0042, { architecture: 'arm64' }],
    ['t2.micro', 1, 1, 0.0116, { hypervisor: 'xen' }],
    ['i3en.large', 2, 16, 0.226, { localNvmeGb: 1250 }],
    ['m5d.large', 2, 8, 0.113, { localNvmeGb: 75 }],
    ['g5.xlarge', 4, 16, 1.006, { deviceCount: 1, localNvmeGb: 250 }],
    ['g4dn.xlarge', 4, 16, 0.526, { deviceCount: 1, localNvmeGb: 125 }],
    ['p4d.24xlarge', 96, 1152, 21.957642, { deviceCount: 8, efaInterfaces: 4 }],
    ['inf2.xlarge', 4, 16, 0.7582, { deviceCount: 1, neuronCores: 2 }],
    ['trn1.32xlarge', 128, 512, 21.5, { deviceCount: 16, neuronCores: 32, efaInterfaces: 8 }],
    ['u-6tb1.112xlarge', 448, 6144, 54.6, {}],
  ] as const) {
    test(name, () => {
      const expected = { name, cpuCount, memoryMib: memoryGib * 1024, priceUsdPerHour, ...more }
      const found = facts.get(name) ?? assert.fail('is not in the catalogue')

      assert.deepEqual({ ...found, ...expected }, found)
    })
  }
})

describe('what is left for pods', () => {
  // Karpenter lists what its own code leaves of each type; the generator adds those figures up, over all types.
  test('is what the table of the source says, of all types together', () => {
    const allocatable = [...types.values()].map((type) => type.allocatable)
    const { cpuMillis, memoryMib, pods } = catalogue.tableTotals

    assert.equal(types.size, catalogue.tableTotals.types)
    assert.equal(sum(allocatable.map(({ cpu = 0 }) => cpu)), cpuMillis)
    assert.equal(sum(allocatable.map(({ memory = 0 }) => memory)), memoryMib * MIB)
    assert.equal(sum(allocatable.map((amounts) => amounts['pods'] ?? 0)), pods)
  })

  for (const [name, cpuMillis, memoryMib, pods] of [
    ['m6a.large', 1930, 6903, 29],
    ['m5.large', 1930, 6903, 29],
    ['a1.medium', 940, 1392, 8],
    ['a1.large', 1930, 3055, 29],
    ['t3.nano', 1930, 74, 4],
    ['m5.24xlarge', 95_690, 355_262, 737],
  ] as const) {
    test(`of ${name}`, () => {
      const { cpu, memory = 0, pods: slots } = types.get(name)?.allocatable ?? assert.fail()

      assert.deepEqual([cpu, memory / MIB, slots], [cpuMillis, memoryMib, pods])
    })
  }

  test('is 17 GiB of a root volume of 20, unless one says otherwise', () => {
    const { allocatable, capacity } = types.get('i3en.large') ?? assert.fail()

    assert.deepEqual([capacity['ephemeral-storage'], allocatable['ephemeral-storage']], [20 * 2 ** 30, 17 * 2 ** 30])
  })

  test('is never more than there is, nor nothing', () => {
    for (const { name, capacity, allocatable } of types.values()) {
      for (const [resource, amount] of Object.entries(allocatable)) {
        assert.ok(
          Number.isSafeInteger(amount) && amount > 0 && amount <= (capacity[resource] ?? 0),
          `${name} ${resource}`,
        )
      }
    }
  })
})

describe('types are offered', () => {
  const onDemand = { capacityType: 'on-demand', priceUsdPerHour: 0.0864, available: true }

  test('on demand in three zones unless zones are named', () => {
    assert.deepEqual(
      types.get('m6a.large')?.offerings,
      ['us-east-1a', 'us-east-1b', 'us-east-1c'].map((zone) => ({ zone, ...onDemand })),
    )
  })

  test('in the zones that are named, whose region is on the label', () => {
    const [type] = instanceTypes({ zones: ['eu-central-1b'] }).filter(({ name }) => name === 'm6a.large')

    assert.deepEqual(type?.offerings, [{ zone: 'eu-central-1b', ...onDemand }])
    assert.equal(type?.labels['topology.kubernetes.io/region'], 'eu-central-1')
  })

  test('where they are, when that is known: types that are nowhere are left out', () => {
    const offered = ['us-east-1f', 'us-east-1d'].map((zone) => ({ instanceType: 'm6a.large', zone }))
    const found = instanceTypes({ offered })

    assert.deepEqual(
      found.map(({ name, offerings }) => [name, offerings]),
      [['m6a.large', ['us-east-1d', 'us-east-1f'].map((zone) => ({ zone, ...onDemand }))]],
    )
  })

  test('with the room that the node set-up gives them', () => {
    const [type] = instanceTypes({ podDensity: 'prefixes', rootVolumeBytes: 100 * 2 ** 30 }).filter(
      ({ name }) => name === 'm6a.large',
    )

    assert.equal(type?.capacity['pods'], 110)
    assert.equal(type?.capacity['ephemeral-storage'], 100 * 2 ** 30)
  })
})
