import type { Device, TypeFacts } from '../../src/core/scheduling/catalogue/type-facts.ts'
import type { NetworkLimits } from './go-tables.ts'
import type { TableRow } from './type-table.ts'

/** What the source says, table by table. */
export interface SourceTables {
  readonly types: readonly TableRow[]
  readonly usdPerHour: ReadonlyMap<string, number>
  readonly limits: ReadonlyMap<string, NetworkLimits>
  readonly bandwidths: ReadonlyMap<string, number>
}

export interface Joined {
  readonly facts: readonly TypeFacts[]
  /** Types that the table describes and nobody prices. */
  readonly withoutPrice: readonly string[]
  readonly withoutLimits: readonly string[]
  /** Types that have a price and no row in the table: nothing says what they are. */
  readonly withoutRow: readonly string[]
}

/** Joins the tables by type; what a table lacks is left out, and named. */
export function joinTables({ types, usdPerHour, limits, bandwidths }: SourceTables): Joined {
  const names = new Set(types.map(({ name }) => name))
  const facts = types.flatMap((row) => {
    const [priceUsdPerHour, allowed] = [usdPerHour.get(row.name), limits.get(row.name)]
    if (priceUsdPerHour === undefined || allowed === undefined) return []
    return [{ ...describedFacts(row), ...allowed, priceUsdPerHour, networkMbps: bandwidths.get(row.name) ?? 0 }]
  })
  return {
    facts,
    withoutPrice: [...names].filter((name) => !usdPerHour.has(name)),
    withoutLimits: [...names].filter((name) => usdPerHour.has(name) && !limits.has(name)),
    withoutRow: [...usdPerHour.keys()].filter((name) => !names.has(name)),
  }
}

type DescribedFacts = Omit<TypeFacts, keyof NetworkLimits | 'priceUsdPerHour' | 'networkMbps'>

function describedFacts({ name, labels, resources }: TableRow): DescribedFacts {
  const label = (key: string): string => labels.get(`karpenter.k8s.aws/instance-${key}`) ?? ''
  const device = deviceFrom(label)
  return {
    name,
    architecture: labels.get('kubernetes.io/arch') === 'arm64' ? 'arm64' : 'amd64',
    cpuManufacturer: label('cpu-manufacturer'),
    hypervisor: label('hypervisor'),
    encryptionInTransit: label('encryption-in-transit-supported') === 'true',
    device,
    cpuCount: Number(label('cpu')),
    memoryMib: Number(label('memory')),
    ebsMbps: Number(label('ebs-bandwidth')),
    clockMhz: Number(label('cpu-sustained-clock-speed-mhz')),
    localNvmeGb: Number(label('local-nvme')),
    efaInterfaces: Number(resources.get('vpc.amazonaws.com/efa') ?? 0),
    deviceCount: Number(device === undefined ? 0 : label(`${device.role}-count`)),
    deviceMemoryMib: Number(label('gpu-memory')),
    neuronCores: Number(resources.get('aws.amazon.com/neuroncore') ?? 0),
  }
}

function deviceFrom(label: (key: string) => string): Device | undefined {
  const role = (['gpu', 'accelerator'] as const).find((key) => label(`${key}-name`) !== '')
  return role && { role, manufacturer: label(`${role}-manufacturer`), name: label(`${role}-name`) }
}
