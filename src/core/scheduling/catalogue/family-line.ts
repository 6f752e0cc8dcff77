import { type Device, type TypeFacts, familyAndSize, isMetal } from './type-facts.ts'

/** The numbers of a type, in the order in which a line has them. */
const COLUMNS = [
  'cpuCount',
  'memoryMib',
  'priceUsdPerHour',
  'interfaces',
  'addressesPerInterface',
  'branchInterfaces',
  'networkMbps',
  'ebsMbps',
  'clockMhz',
  'localNvmeGb',
  'efaInterfaces',
  'deviceCount',
  'deviceMemoryMib',
  'neuronCores',
] as const satisfies readonly (keyof TypeFacts)[]

/** What a line says in front of its columns. */
const HEAD = ['family', 'architecture', 'cpuManufacturer', 'hypervisor', 'encryptionInTransit', 'device', 'sizes']

type Column = (typeof COLUMNS)[number]
type FamilyFacts = Omit<TypeFacts, 'name' | Column>

/** What the fields of a line are, as the data file says it. */
export const LINE_FIELDS: readonly string[] = [...HEAD, ...COLUMNS]

/**
 * One line for the types of a family: what they have in common, their sizes, then a column for each number. A column is
 * one value where all types share it, and empty where that is 0: so most are. Throws for types that differ in what a
 * family has in common.
 */
export function familyLineFrom(types: readonly TypeFacts[]): string {
  const names = types.map(({ name }) => familyAndSize(name))
  const heads = new Set(types.map(headOf))
  const [head] = heads
  if (head === undefined || heads.size > 1) throw new Error(`no family: ${types.map(({ name }) => name).join(', ')}`)
  const sizes = names.map(([, size]) => size).join(' ')
  return [head, sizes, ...COLUMNS.map((column) => columnText(types.map((type) => type[column])))].join('|')
}

function headOf(type: TypeFacts): string {
  const [family, size] = familyAndSize(type.name)
  const { architecture, cpuManufacturer, encryptionInTransit, device } = type
  // Metal has none: the size says so already.
  const hypervisor = isMetal(size) ? 'nitro' : type.hypervisor
  const deviceText = device === undefined ? '' : `${device.role} ${device.manufacturer} ${device.name}`
  return [family, architecture, cpuManufacturer, hypervisor, encryptionInTransit ? 'yes' : 'no', deviceText].join('|')
}

function columnText(values: readonly number[]): string {
  const [first] = values
  if (!values.every((value) => value === first)) return values.join(' ')
  return first === 0 ? '' : String(first)
}

/** The types of a line. Throws for a line that no `familyLineFrom` wrote. */
export function typesFromLine(line: string): readonly TypeFacts[] {
  const fields = line.split('|')
  const [family = '', architecture, cpuManufacturer = '', hypervisor = '', encrypted, device = '', sizes = ''] = fields
  if (fields.length !== LINE_FIELDS.length) throw new Error(`${family} has ${fields.length} fields`)
  const common: FamilyFacts = {
    architecture: architecture === 'arm64' ? 'arm64' : 'amd64',
    cpuManufacturer,
    hypervisor,
    encryptionInTransit: encrypted === 'yes',
    device: deviceFrom(device),
  }
  const columns = fields.slice(HEAD.length).map((text) => text.split(' ').map(Number))
  return sizes.split(' ').map((size, at) => ({
    ...common,
    name: `${family}.${size}`,
    hypervisor: isMetal(size) ? '' : hypervisor,
    ...numbersAt(columns, at),
  }))
}

function deviceFrom(text: string): Device | undefined {
  const [role, manufacturer = '', name = ''] = text.split(' ')
  return text === '' ? undefined : { role: role === 'gpu' ? 'gpu' : 'accelerator', manufacturer, name }
}

function numbersAt(columns: readonly (readonly number[])[], at: number): Pick<TypeFacts, Column> {
  function value(column: Column): number {
    const values = columns[COLUMNS.indexOf(column)] ?? []
    return (values.length === 1 ? values[0] : values[at]) ?? Number.NaN
  }
  return {
    cpuCount: value('cpuCount'),
    memoryMib: value('memoryMib'),
    priceUsdPerHour: value('priceUsdPerHour'),
    interfaces: value('interfaces'),
    addressesPerInterface: value('addressesPerInterface'),
    branchInterfaces: value('branchInterfaces'),
    networkMbps: value('networkMbps'),
    ebsMbps: value('ebsMbps'),
    clockMhz: value('clockMhz'),
    localNvmeGb: value('localNvmeGb'),
    efaInterfaces: value('efaInterfaces'),
    deviceCount: value('deviceCount'),
    deviceMemoryMib: value('deviceMemoryMib'),
    neuronCores: value('neuronCores'),
  }
}
