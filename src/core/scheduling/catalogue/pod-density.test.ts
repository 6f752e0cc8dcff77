import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleType } from '../../../../test/support/sample-type.ts'
import { maxPods } from './pod-density.ts'

// The limits of the types are those of the EC2 user guide, the pods those of Amazon EKS's list (eni-max-pods.txt).
for (const { fact, limits, cpuCount, density, pods } of [
  { fact: 'm5.large holds 29 pods', limits: [3, 10], cpuCount: 2, density: 'addresses', pods: 29 },
  { fact: 't3.micro holds 4', limits: [2, 2], cpuCount: 2, density: 'addresses', pods: 4 },
  { fact: 'm5.24xlarge holds 737', limits: [15, 50], cpuCount: 96, density: 'addresses', pods: 737 },
  { fact: 'prefixes fill a small type to 110', limits: [3, 10], cpuCount: 2, density: 'prefixes', pods: 110 },
  { fact: 'prefixes fill a large type to 250', limits: [8, 30], cpuCount: 32, density: 'prefixes', pods: 250 },
  { fact: '30 cores are large', limits: [8, 30], cpuCount: 30, density: 'prefixes', pods: 250 },
  { fact: '29 cores are not', limits: [8, 30], cpuCount: 29, density: 'prefixes', pods: 110 },
  { fact: 'prefixes help a tiny type as far as they go', limits: [2, 2], cpuCount: 2, density: 'prefixes', pods: 34 },
] as const) {
  test(fact, () => {
    const [interfaces, addressesPerInterface] = limits

    assert.equal(maxPods(sampleType({ interfaces, addressesPerInterface, cpuCount }), density), pods)
  })
}
