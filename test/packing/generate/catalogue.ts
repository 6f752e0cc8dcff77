import type { InstanceType } from '../documents.ts'
import type { TypeWords } from './words.ts'
import { ARCH, CATEGORY, CPUS, GPU, GPU_NAME, ZONES, pick } from './vocabulary.ts'

/** Families as AWS has them, and odd ones: little memory for its size, a GPU. */
interface Family {
  readonly name: string
  readonly category: string
  readonly gibPerCpu: number
  readonly arch: string
  readonly gpus?: number
}

const FAMILIES: readonly [Family, ...Family[]] = [
  { name: 'm6a', category: 'm', gibPerCpu: 4, arch: 'amd64' },
  { name: 'c6a', category: 'c', gibPerCpu: 2, arch: 'amd64' },
  { name: 'r6a', category: 'r', gibPerCpu: 8, arch: 'amd64' },
  { name: 'm7g', category: 'm', gibPerCpu: 4, arch: 'arm64' },
  { name: 'c7g', category: 'c', gibPerCpu: 2, arch: 'arm64' },
  { name: 'g5', category: 'g', gibPerCpu: 4, arch: 'amd64', gpus: 1 },
  { name: 'z1', category: 'm', gibPerCpu: 0.5, arch: 'amd64' },
]

const SIZES: readonly [number, ...number[]] = [2, 4, 8, 1, 16]

/** Random types; a family's size is there once. */
export function typesFrom(words: readonly TypeWords[]): readonly InstanceType[] {
  const byName = new Map(words.map((one) => typeFrom(one)).map((type) => [type.name, type]))
  return [...byName.values()]
}

function typeFrom({ family, size, zones, worth, spot, pods }: TypeWords): InstanceType {
  const { name, category, gibPerCpu, arch, gpus } = pick(FAMILIES, family)
  const cpus = pick(SIZES, size)
  const typeName = `${name}.${cpus}`
  const gpu = gpus === undefined ? {} : { [GPU]: `${gpus}` }
  const price = (cpus * (0.03 + gibPerCpu * 0.004) + (gpus ?? 0) * 0.5) * (worth / 100)
  return {
    name: typeName,
    capacity: { cpu: `${cpus}`, memory: `${cpus * gibPerCpu}Gi`, pods: `${pods}`, 'ephemeral-storage': '20Gi', ...gpu },
    allocatable: { cpu: `${cpus * 1000 - 70}m`, memory: `${cpus * gibPerCpu * 1024 - 300}Mi`, pods: `${pods}`, ...gpu },
    labels: {
      [ARCH]: arch,
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': typeName,
      [CATEGORY]: category,
      [CPUS]: `${cpus}`,
      ...(gpus !== undefined && { [GPU_NAME]: 'a10g' }),
    },
    offerings: zones.flatMap((zone) => offeringsIn(pick(ZONES, zone), price, spot)),
  }
}

/** Spot costs differ from zone to zone. */
function offeringsIn(zone: string, price: number, spot: TypeWords['spot']): InstanceType['offerings'] {
  const rounded = (usd: number) => Math.round(usd * 1e5) / 1e5
  const onDemand = { zone, capacityType: 'on-demand', priceUsdPerHour: rounded(price), available: true }
  if (spot === 'none') return [onDemand]
  const share = zone === 'zone-a' ? 0.35 : 0.5
  return [
    onDemand,
    { zone, capacityType: 'spot', priceUsdPerHour: rounded(price * share), available: spot === 'cheap' },
  ]
}
