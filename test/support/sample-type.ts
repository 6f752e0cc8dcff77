import type { TypeFacts } from '../../src/core/scheduling/catalogue/type-facts.ts'

/** The facts of a type that does not exist: two cores, 8 GiB, no disks, no devices. */
export function sampleType(facts: Partial<TypeFacts> = {}): TypeFacts {
  return {
    name: 'm99a.large',
    architecture: 'amd64',
    cpuManufacturer: 'amd',
    hypervisor: 'nitro',
    encryptionInTransit: true,
    device: undefined,
    cpuCount: 2,
    memoryMib: 8192,
    priceUsdPerHour: 0.1,
    interfaces: 3,
    addressesPerInterface: 10,
    branchInterfaces: 0,
    networkMbps: 0,
    ebsMbps: 0,
    clockMhz: 0,
    localNvmeGb: 0,
    efaInterfaces: 0,
    deviceCount: 0,
    deviceMemoryMib: 0,
    neuronCores: 0,
    ...facts,
  }
}
