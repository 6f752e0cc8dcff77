import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleType } from '../../../../test/support/sample-type.ts'
import { labelsOf } from './type-labels.ts'

function alias(name: string, facts: Parameters<typeof sampleType>[0]): string | undefined {
  return labelsOf(sampleType(facts), 'us-east-1')[`karpenter.k8s.aws/instance-${name}`]
}

test('a node says what it is in the words of Kubernetes and of Karpenter', () => {
  const facts = { networkMbps: 781, ebsMbps: 10_000, clockMhz: 3600, localNvmeGb: 118 }

  assert.deepEqual(labelsOf(sampleType(facts), 'us-east-1'), {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'm99a.large',
    'topology.kubernetes.io/region': 'us-east-1',
    'karpenter.k8s.aws/instance-family': 'm99a',
    'karpenter.k8s.aws/instance-size': 'large',
    'karpenter.k8s.aws/instance-category': 'm',
    'karpenter.k8s.aws/instance-generation': '99',
    'karpenter.k8s.aws/instance-capability-flex': 'false',
    'karpenter.k8s.aws/instance-cpu': '2',
    'karpenter.k8s.aws/instance-cpu-manufacturer': 'amd',
    'karpenter.k8s.aws/instance-cpu-sustained-clock-speed-mhz': '3600',
    'karpenter.k8s.aws/instance-memory': '8192',
    'karpenter.k8s.aws/instance-hypervisor': 'nitro',
    'karpenter.k8s.aws/instance-encryption-in-transit-supported': 'true',
    'karpenter.k8s.aws/instance-ebs-bandwidth': '10000',
    'karpenter.k8s.aws/instance-network-bandwidth': '781',
    'karpenter.k8s.aws/instance-local-nvme': '118',
  })
})

describe('a label', () => {
  for (const { fact, label, facts, value } of [
    { fact: 'is absent where nothing is known', label: 'network-bandwidth', facts: {}, value: undefined },
    { fact: 'is absent where there are no disks', label: 'local-nvme', facts: {}, value: undefined },
    { fact: 'of a hypervisor is empty on metal', label: 'hypervisor', facts: { hypervisor: '' }, value: '' },
    { fact: 'names families of several letters', label: 'category', facts: { name: 'hpc7g.4xlarge' }, value: 'hpc' },
    { fact: 'ends the category at the number', label: 'category', facts: { name: 'i3en.large' }, value: 'i' },
    { fact: 'leaves sizes out of categories', label: 'category', facts: { name: 'u-6tb1.56xlarge' }, value: 'u' },
    { fact: 'leaves sizes out of generations', label: 'generation', facts: { name: 'u-6tb1.56xlarge' }, value: '1' },
    { fact: 'takes the first number', label: 'generation', facts: { name: 'u7i-12tb.224xlarge' }, value: '7' },
    { fact: 'marks flex', label: 'capability-flex', facts: { name: 'm7i-flex.large' }, value: 'true' },
  ]) {
    test(`${fact}: ${label}`, () => assert.equal(alias(label, facts), value))
  }
})

describe('devices have labels', () => {
  const gpu = { role: 'gpu', manufacturer: 'nvidia', name: 't4' } as const
  for (const { fact, facts, labels } of [
    { fact: 'none', facts: {}, labels: {} },
    {
      fact: 'GPUs',
      facts: { device: gpu, deviceCount: 4, deviceMemoryMib: 16_384 },
      labels: { 'gpu-manufacturer': 'nvidia', 'gpu-name': 't4', 'gpu-count': '4', 'gpu-memory': '16384' },
    },
    {
      fact: 'fractions of a GPU count 0',
      facts: { device: gpu, deviceMemoryMib: 2861 },
      labels: { 'gpu-manufacturer': 'nvidia', 'gpu-name': 't4', 'gpu-count': '0', 'gpu-memory': '2861' },
    },
    {
      fact: 'accelerators',
      facts: { device: { role: 'accelerator', manufacturer: 'aws', name: 'trainium' } as const, deviceCount: 16 },
      labels: { 'accelerator-manufacturer': 'aws', 'accelerator-name': 'trainium', 'accelerator-count': '16' },
    },
  ]) {
    test(fact, () => {
      const found = Object.entries(labelsOf(sampleType(facts), 'us-east-1')).flatMap(([key, value]) => {
        const [, name] = /^karpenter\.k8s\.aws\/instance-((?:gpu|accelerator).*)$/.exec(key) ?? []
        return name === undefined ? [] : [[name, value]]
      })

      assert.deepEqual(Object.fromEntries(found), labels)
    })
  }
})
