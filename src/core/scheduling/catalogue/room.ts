import type { Amounts } from '../../quantity.ts'
import { type PodDensity, maxPods } from './pod-density.ts'
import type { TypeFacts } from './type-facts.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
const GB = 1e9

/** What a node of a type has, and what of it is left for pods: millicores, bytes and pieces. */
export interface Room {
  readonly capacity: Amounts
  readonly allocatable: Amounts
}

/** How nodes are set up, as far as it changes their room. */
export interface NodeSetup {
  readonly podDensity: PodDensity
  readonly rootVolumeBytes: number
  /** `raid0`: local NVMe disks, where a type has any, hold what pods write instead of the root volume. */
  readonly instanceStore: 'unused' | 'raid0'
  /** Share of a type's memory that firmware, hypervisor and kernel take before kubelet counts. */
  readonly memoryOverheadRatio: number
}

/** Linux on Arm sets this much aside for devices before anybody counts it (CMA). */
const ARM_SET_ASIDE_MIB = 64

/** What kubelet evicts pods for: its hard thresholds, as Amazon's images set them. */
const MEMORY_EVICTION_MIB = 100
const STORAGE_EVICTION_RATIO = 0.1

const RESERVED_STORAGE_BYTES = GIB

/**
 * Capacity and allocatable of a node of the type, by the formulas of Amazon's images (awslabs/amazon-eks-ami, nodeadm's
 * kubelet settings) and with the allowance for what a VM never sees of its memory that Karpenter makes. Amazon publishes
 * nothing about the latter: real nodes differ by a few dozen MiB.
 */
export function roomOf(type: TypeFacts, setup: NodeSetup): Room {
  const pods = maxPods(type, setup.podDensity)
  const memoryMib = visibleMemoryMib(type, setup.memoryOverheadRatio)
  const storageBytes = nodeStorageBytes(type, setup)
  const extended = extendedResources(type)
  return {
    capacity: {
      cpu: type.cpuCount * 1000,
      memory: memoryMib * MIB,
      pods,
      'ephemeral-storage': storageBytes,
      ...extended,
    },
    allocatable: {
      cpu: type.cpuCount * 1000 - reservedCpuMillis(type.cpuCount),
      memory: (memoryMib - reservedMemoryMib(pods) - MEMORY_EVICTION_MIB) * MIB,
      pods,
      'ephemeral-storage': Math.floor(storageBytes * (1 - STORAGE_EVICTION_RATIO)) - RESERVED_STORAGE_BYTES,
      ...extended,
    },
  }
}

function visibleMemoryMib({ architecture, memoryMib }: TypeFacts, overheadRatio: number): number {
  const bootedMib = memoryMib - (architecture === 'arm64' ? ARM_SET_ASIDE_MIB : 0)
  return bootedMib - Math.ceil(bootedMib * overheadRatio)
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of all others. In millicores. */
function reservedCpuMillis(cpuCount: number): number {
  const [first, second, pair, rest] = [60, 10, 5, 2.5]
  if (cpuCount === 1) return first
  return Math.ceil(first + second + pair * Math.min(2, cpuCount - 2) + rest * Math.max(0, cpuCount - 4))
}

/** Grows with the pods that kubelet may have to look after. */
function reservedMemoryMib(pods: number): number {
  return 11 * pods + 255
}

function nodeStorageBytes({ localNvmeGb }: TypeFacts, { rootVolumeBytes, instanceStore }: NodeSetup): number {
  return instanceStore === 'raid0' && localNvmeGb > 0 ? localNvmeGb * GB : rootVolumeBytes
}

/** What device plugins will offer once they run on the node. */
function extendedResources(type: TypeFacts): Amounts {
  const counts = {
    ...deviceResources(type),
    'vpc.amazonaws.com/efa': type.efaInterfaces,
    'vpc.amazonaws.com/pod-eni': type.branchInterfaces,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

function deviceResources({ device, deviceCount, neuronCores }: TypeFacts): Amounts {
  if (device === undefined) return {}
  if (device.role === 'gpu') return { [`${device.manufacturer}.com/gpu`]: deviceCount }
  // Inferentia and Trainium are asked for as chips or as single cores of them.
  return { 'aws.amazon.com/neuron': deviceCount, 'aws.amazon.com/neuroncore': neuronCores }
}
