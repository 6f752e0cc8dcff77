import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleType } from '../../test/support/sample-type.ts'
import { type SourceTables, joinTables } from './join.ts'
import type { TableRow } from './type-table.ts'

function row(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  resources: Readonly<Record<string, string>> = {},
): TableRow {
  const own = { cpu: '2', memory: '8192', 'cpu-manufacturer': 'amd', hypervisor: 'nitro', ...labels }
  const prefixed = Object.entries({ ...own, 'encryption-in-transit-supported': 'true' })
  return {
    name,
    labels: new Map([
      ['kubernetes.io/arch', 'amd64'],
      ...prefixed.map(([key, value]) => [`karpenter.k8s.aws/instance-${key}`, value] as const),
    ]),
    resources: new Map(Object.entries(resources)),
  }
}

const NETWORK = { interfaces: 3, addressesPerInterface: 10, branchInterfaces: 9 }

function tables(...types: readonly TableRow[]): SourceTables {
  return {
    types,
    usdPerHour: new Map(types.map(({ name }) => [name, 0.1])),
    limits: new Map(types.map(({ name }) => [name, NETWORK])),
    bandwidths: new Map(),
  }
}

describe('a type is what all tables say of it', () => {
  for (const { fact, source, facts } of [
    { fact: 'with limits and price', source: tables(row('m99a.large')), facts: NETWORK },
    {
      fact: 'with disks and speeds',
      source: tables(
        row('m99a.large', { 'local-nvme': '118', 'ebs-bandwidth': '4750', 'cpu-sustained-clock-speed-mhz': '3600' }),
      ),
      facts: { ...NETWORK, localNvmeGb: 118, ebsMbps: 4750, clockMhz: 3600 },
    },
    {
      fact: 'with its bandwidth',
      source: { ...tables(row('m99a.large')), bandwidths: new Map([['m99a.large', 781]]) },
      facts: { ...NETWORK, networkMbps: 781 },
    },
    {
      fact: 'with GPUs',
      source: tables(
        row(
          'm99a.large',
          { 'gpu-name': 't4', 'gpu-manufacturer': 'nvidia', 'gpu-count': '4', 'gpu-memory': '16384' },
          { 'vpc.amazonaws.com/efa': '1' },
        ),
      ),
      facts: {
        ...NETWORK,
        device: { role: 'gpu', manufacturer: 'nvidia', name: 't4' } as const,
        deviceCount: 4,
        deviceMemoryMib: 16_384,
        efaInterfaces: 1,
      },
    },
    {
      fact: 'with accelerators',
      source: tables(
        row(
          'm99a.large',
          { 'accelerator-name': 'trainium', 'accelerator-manufacturer': 'aws', 'accelerator-count': '16' },
          { 'aws.amazon.com/neuroncore': '32' },
        ),
      ),
      facts: {
        ...NETWORK,
        device: { role: 'accelerator', manufacturer: 'aws', name: 'trainium' } as const,
        deviceCount: 16,
        neuronCores: 32,
      },
    },
  ]) {
    test(fact, () => assert.deepEqual(joinTables(source).facts, [sampleType(facts)]))
  }
})

test('a type may be of Arm', () => {
  const arm = { ...row('m99a.large'), labels: new Map([...row('m99a.large').labels, ['kubernetes.io/arch', 'arm64']]) }

  assert.equal(joinTables(tables(arm)).facts[0]?.architecture, 'arm64')
})

test('what a table lacks is left out, and named', () => {
  const all = tables(row('a.large'), row('b.large'), row('c.large'), row('neither.large'))
  const joined = joinTables({
    ...all,
    usdPerHour: new Map([
      ['a.large', 1],
      ['c.large', 3],
      ['d.large', 4],
    ]),
    limits: new Map([
      ['a.large', NETWORK],
      ['b.large', NETWORK],
    ]),
  })

  assert.deepEqual(
    joined.facts.map(({ name, priceUsdPerHour }) => [name, priceUsdPerHour]),
    [['a.large', 1]],
  )
  assert.deepEqual(
    { withoutPrice: joined.withoutPrice, withoutLimits: joined.withoutLimits, withoutRow: joined.withoutRow },
    { withoutPrice: ['b.large', 'neither.large'], withoutLimits: ['c.large'], withoutRow: ['d.large'] },
  )
})
