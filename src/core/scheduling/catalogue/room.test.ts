import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleType } from '../../../../test/support/sample-type.ts'
import { type NodeSetup, roomOf } from './room.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

const SETUP: NodeSetup = {
  podDensity: 'addresses',
  rootVolumeBytes: 20 * GIB,
  instanceStore: 'unused',
  memoryOverheadRatio: 0.075,
}

function allocatableMib(facts: Parameters<typeof sampleType>[0], setup: Partial<NodeSetup> = {}): number {
  return Number(roomOf(sampleType(facts), { ...SETUP, ...setup }).allocatable['memory']) / MIB
}

test('a node of two cores and 8 GiB', () => {
  assert.deepEqual(roomOf(sampleType(), SETUP), {
    capacity: { cpu: 2000, memory: 7577 * MIB, pods: 29, 'ephemeral-storage': 20 * GIB },
    allocatable: { cpu: 1930, memory: 6903 * MIB, pods: 29, 'ephemeral-storage': 17 * GIB },
  })
})

describe('CPU that is left for pods', () => {
  for (const [cpuCount, millis] of [
    [1, 940],
    [2, 1930],
    [4, 3920],
    [8, 7910],
    [96, 95_690],
    [192, 191_450],
  ] as const) {
    test(`${cpuCount} cores: ${millis}m`, () => {
      assert.equal(roomOf(sampleType({ cpuCount }), SETUP).allocatable['cpu'], millis)
    })
  }
})

describe('memory that is left for pods', () => {
  test('Arm sets 64 MiB aside before the overhead is taken', () => {
    assert.equal(allocatableMib({ architecture: 'arm64' }), 6844)
  })

  test('every pod that kubelet may have to look after costs 11 MiB', () => {
    assert.equal(allocatableMib({ interfaces: 4, addressesPerInterface: 15 }), 6903 - 29 * 11)
  })

  test('a parts of a MiB of overhead is a whole one', () => {
    assert.equal(allocatableMib({}, { memoryOverheadRatio: 0.1 }), 8192 - 820 - 574 - 100)
  })

  test('prefixes reserve for the pods they let in', () => {
    assert.equal(allocatableMib({}, { podDensity: 'prefixes' }), 6903 - (110 - 29) * 11)
  })
})

describe('storage that pods may write to', () => {
  const nvme = { localNvmeGb: 950 }
  for (const { fact, facts, setup, capacity, allocatable } of [
    { fact: 'is the root volume', facts: {}, setup: { rootVolumeBytes: 100 * GIB }, capacity: 100, allocatable: 89 },
    { fact: 'stays the root volume beside local disks', facts: nvme, setup: {}, capacity: 20, allocatable: 17 },
    {
      fact: 'is the root volume where there are no disks to stripe',
      facts: {},
      setup: { instanceStore: 'raid0' },
      capacity: 20,
      allocatable: 17,
    },
  ] as const) {
    test(fact, () => {
      const room = roomOf(sampleType(facts), { ...SETUP, ...setup })

      assert.equal(room.capacity['ephemeral-storage'], capacity * GIB)
      assert.equal(room.allocatable['ephemeral-storage'], allocatable * GIB)
    })
  }

  test('is on the striped local disks, less what kubelet keeps free', () => {
    const room = roomOf(sampleType(nvme), { ...SETUP, instanceStore: 'raid0' })

    assert.equal(room.capacity['ephemeral-storage'], 950e9)
    assert.equal(room.allocatable['ephemeral-storage'], 855e9 - GIB)
  })
})

describe('extended resources', () => {
  const gpu = { role: 'gpu', manufacturer: 'nvidia', name: 'a10g' } as const
  const chip = { role: 'accelerator', manufacturer: 'aws', name: 'inferentia2' } as const
  for (const { fact, facts, resources } of [
    { fact: 'GPUs, by their maker', facts: { device: gpu, deviceCount: 4 }, resources: { 'nvidia.com/gpu': 4 } },
    {
      fact: 'AMD’s GPUs',
      facts: { device: { ...gpu, manufacturer: 'amd' }, deviceCount: 1 },
      resources: { 'amd.com/gpu': 1 },
    },
    { fact: 'a fraction of a GPU counts for none', facts: { device: gpu }, resources: {} },
    {
      fact: 'Neuron chips, and their cores',
      facts: { device: chip, deviceCount: 6, neuronCores: 12 },
      resources: { 'aws.amazon.com/neuron': 6, 'aws.amazon.com/neuroncore': 12 },
    },
    {
      fact: 'interfaces for single pods and for fast fabrics',
      facts: { branchInterfaces: 9, efaInterfaces: 1 },
      resources: { 'vpc.amazonaws.com/efa': 1, 'vpc.amazonaws.com/pod-eni': 9 },
    },
  ]) {
    test(fact, () => {
      const { capacity, allocatable } = roomOf(sampleType(facts), SETUP)
      const extended = (amounts: object) =>
        Object.fromEntries(Object.entries(amounts).filter(([key]) => /\//.test(key)))

      assert.deepEqual(extended(capacity), resources)
      assert.deepEqual(extended(allocatable), resources)
    })
  }
})
