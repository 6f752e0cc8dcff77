/** A GPU or another accelerator, by the words that Karpenter's labels use for it. */
export interface Device {
  readonly role: 'gpu' | 'accelerator'
  readonly manufacturer: string
  readonly name: string
}

/**
 * What the catalogue knows of one EC2 instance type; everything else is computed from it. A number that AWS does not
 * publish for a type, or that it has nothing of, is 0.
 */
export interface TypeFacts {
  /** `FAMILY.SIZE`. */
  readonly name: string
  readonly architecture: 'amd64' | 'arm64'
  readonly cpuManufacturer: string
  /** Empty for bare metal. */
  readonly hypervisor: string
  readonly encryptionInTransit: boolean
  /** What the type's `deviceCount` counts. */
  readonly device: Device | undefined
  readonly cpuCount: number
  readonly memoryMib: number
  /** On demand, Linux, shared tenancy. */
  readonly priceUsdPerHour: number
  /** Network interfaces of the default network card: pods get their addresses from no other. */
  readonly interfaces: number
  readonly addressesPerInterface: number
  /** Interfaces for pods with security groups of their own; 0 where the type cannot have any. */
  readonly branchInterfaces: number
  readonly networkMbps: number
  readonly ebsMbps: number
  readonly clockMhz: number
  readonly localNvmeGb: number
  /** Interfaces that may be Elastic Fabric Adapters. */
  readonly efaInterfaces: number
  /** 0 beside a device: a fraction of one. */
  readonly deviceCount: number
  /** Of one GPU. */
  readonly deviceMemoryMib: number
  readonly neuronCores: number
}

/** The family and the size of a type's name. */
export function familyAndSize(name: string): readonly [family: string, size: string] {
  const dot = name.indexOf('.')
  return [name.slice(0, dot), name.slice(dot + 1)]
}

/** Whether a size has no hypervisor beneath it. */
export function isMetal(size: string): boolean {
  return size.startsWith('metal')
}
