import type { InstanceType } from '../../test/packing/documents.ts'

const TYPES = 400
const OVERHEAD = { cpuMillis: 100, memoryMi: 10 }
const OFFERINGS = [
  { zone: 'test-zone-1', capacityType: 'spot' },
  { zone: 'test-zone-2', capacityType: 'spot' },
  { zone: 'test-zone-1', capacityType: 'on-demand' },
  { zone: 'test-zone-2', capacityType: 'on-demand' },
  { zone: 'test-zone-3', capacityType: 'on-demand' },
] as const

/**
 * The catalogue of Karpenter's own benchmark (scheduling_benchmark_test.go): type i has i vCPU, 2i GiB and 10i pods, in five
 * offerings over three zones; 100m and 10 MiB are the node's own; the price is 0.1 per vCPU and per GB, whatever the offering.
 */
export function karpenterTypes(): readonly InstanceType[] {
  return Array.from({ length: TYPES }, (_, index) => typeOf(index + 1))
}

function typeOf(step: number): InstanceType {
  const name = `fake-it-${step - 1}`
  const memoryGi = 2 * step
  const priceUsdPerHour = 0.1 * step + (0.1 * memoryGi * 2 ** 30) / 1e9
  return {
    name,
    capacity: { cpu: `${step}`, memory: `${memoryGi}Gi`, pods: `${10 * step}` },
    allocatable: {
      cpu: `${step * 1000 - OVERHEAD.cpuMillis}m`,
      memory: `${memoryGi * 1024 - OVERHEAD.memoryMi}Mi`,
      pods: `${10 * step}`,
    },
    labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'node.kubernetes.io/instance-type': name },
    offerings: OFFERINGS.map((offering) => ({ ...offering, priceUsdPerHour, available: true })),
  }
}
