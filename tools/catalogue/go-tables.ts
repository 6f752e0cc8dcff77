// The provider generates its data as Go maps; these readers know just enough Go for them.

/** On-demand prices of one region. */
export interface PriceTable {
  readonly region: string
  /** When they were asked for, ISO 8601. */
  readonly pricesOf: string
  readonly usdPerHour: ReadonlyMap<string, number>
}

/** Reads the price file. Throws when it does not hold exactly one region. */
export function priceTableFrom(go: string): PriceTable {
  const [, pricesOf, region] = /generated at (\S+) for (\S+)$/m.exec(go) ?? []
  const regions = [...go.matchAll(/"([a-z]+(?:-[a-z]+)+-\d)": \{/g)].map(([, name]) => name)
  if (pricesOf === undefined || region === undefined || regions.join() !== region) {
    throw new Error(`the price file has prices of ${regions.join(', ') || 'no region'}, and says ${region ?? 'none'}`)
  }
  return { region, pricesOf, usdPerHour: numbersByType(go) }
}

/** Reads the file of network bandwidths, Mbit/s by type. */
export function bandwidthTableFrom(go: string): ReadonlyMap<string, number> {
  return numbersByType(go)
}

/** Type names have a dot and a size behind it, regions have none. */
function numbersByType(go: string): ReadonlyMap<string, number> {
  const entries = [...go.matchAll(/"([a-z0-9-]+\.[a-z0-9-]+)":\s*([\d.]+)/g)]
  return new Map(entries.map(([, name = '', value]) => [name, Number(value)]))
}

/** What the VPC allows a type. */
export interface NetworkLimits {
  /** Interfaces of the default card. */
  readonly interfaces: number
  readonly addressesPerInterface: number
  /** 0: cannot have any. */
  readonly branchInterfaces: number
}

const LIMITS_ENTRY = /^\t"([^"]+)": \{([\s\S]*?)^\t\},/gm

/** Reads the file of VPC limits, by type. */
export function limitTableFrom(go: string): ReadonlyMap<string, NetworkLimits> {
  return new Map([...go.matchAll(LIMITS_ENTRY)].map(([, name = '', body = '']) => [name, limitsFrom(body)]))
}

function limitsFrom(body: string): NetworkLimits {
  const field = (name: string): string => new RegExp(`^\\t\\t${name}:\\s+(\\w+),`, 'm').exec(body)?.[1] ?? ''
  return {
    interfaces: cardInterfaces(body, field('DefaultNetworkCardIndex')) ?? Number(field('Interface')),
    addressesPerInterface: Number(field('IPv4PerInterface')),
    branchInterfaces: field('IsTrunkingCompatible') === 'true' ? Number(field('BranchInterface')) : 0,
  }
}

const CARD = /MaximumNetworkInterfaces:\s+(\d+),\s+NetworkCardIndex:\s+(\d+),/g

function cardInterfaces(body: string, index: string): number | undefined {
  const card = [...body.matchAll(CARD)].find(([, , at]) => at === index)
  return card === undefined ? undefined : Number(card[1])
}
