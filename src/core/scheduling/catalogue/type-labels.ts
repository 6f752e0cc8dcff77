import type { Labels } from '../../label-selector.ts'
import { type TypeFacts, familyAndSize } from './type-facts.ts'

/** The letters in front of a family's number, without the size that high-memory families have between them. */
const CATEGORY_AND_GENERATION = /^([a-z]+)(?:-\d+tb)?(\d+)/

/**
 * The labels of nodes of a type: Kubernetes' own, and the aliases under which manifests that were written for Karpenter
 * ask for families, sizes and devices. What is not known of a type has no label.
 */
export function labelsOf(type: TypeFacts, region: string): Labels {
  return {
    'kubernetes.io/arch': type.architecture,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': type.name,
    'topology.kubernetes.io/region': region,
    ...aliases({ ...namingAliases(type.name), ...machineAliases(type), ...deviceAliases(type) }),
  }
}

function aliases(values: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[`karpenter.k8s.aws/instance-${name}`, value]],
    ),
  )
}

function namingAliases(name: string) {
  const [family, size] = familyAndSize(name)
  const [, category, generation] = CATEGORY_AND_GENERATION.exec(family) ?? []
  return { family, size, category, generation, 'capability-flex': String(family.includes('flex')) }
}

function machineAliases(type: TypeFacts) {
  return {
    cpu: String(type.cpuCount),
    'cpu-manufacturer': type.cpuManufacturer,
    'cpu-sustained-clock-speed-mhz': unlessZero(type.clockMhz),
    memory: String(type.memoryMib),
    hypervisor: type.hypervisor,
    'encryption-in-transit-supported': String(type.encryptionInTransit),
    'ebs-bandwidth': unlessZero(type.ebsMbps),
    'network-bandwidth': unlessZero(type.networkMbps),
    'local-nvme': unlessZero(type.localNvmeGb),
  }
}

function deviceAliases({ device, deviceCount, deviceMemoryMib }: TypeFacts) {
  if (device === undefined) return {}
  return {
    [`${device.role}-manufacturer`]: device.manufacturer,
    [`${device.role}-name`]: device.name,
    [`${device.role}-count`]: String(deviceCount),
    ...(device.role === 'gpu' && { 'gpu-memory': String(deviceMemoryMib) }),
  }
}

function unlessZero(value: number): string | undefined {
  return value === 0 ? undefined : String(value)
}
