import type { InstanceType } from '../problem.ts'
import { type NodeSetup, roomOf } from './room.ts'
import type { TypeFacts } from './type-facts.ts'
import { labelsOf } from './type-labels.ts'

/** That a type can be had in a zone, as `aws ec2 describe-instance-type-offerings` lists it. */
export interface TypeInZone {
  readonly instanceType: string
  readonly zone: string
}

/** What the catalogue cannot know. */
export interface CatalogueOptions extends Partial<NodeSetup> {
  /** Zones to offer every type in. AWS does not have every type in every zone. */
  readonly zones?: readonly string[]
  /** Which type is where. Given: only these are offered, and types that are nowhere are left out. */
  readonly offered?: readonly TypeInZone[]
}

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c']

/** The settings of EksNodeClasses that say nothing. */
const SETUP: NodeSetup = {
  podDensity: 'addresses',
  rootVolumeBytes: 20 * 2 ** 30,
  instanceStore: 'unused',
  memoryOverheadRatio: 0.075,
}

/** Types as nodes of them would be, offered on demand. */
export function typesFromFacts(facts: readonly TypeFacts[], options: CatalogueOptions = {}): readonly InstanceType[] {
  const setup: NodeSetup = { ...SETUP, ...options }
  const zonesOf = zoneFinder(options)
  return facts.flatMap((type) => {
    const zones = zonesOf(type.name)
    return zones.length === 0 ? [] : [instanceTypeFrom(type, zones, setup)]
  })
}

function zoneFinder({ zones = ZONES, offered }: CatalogueOptions): (name: string) => readonly string[] {
  if (offered === undefined) return () => zones
  const byType = Map.groupBy(offered, ({ instanceType }) => instanceType)
  return (name) => (byType.get(name) ?? []).map(({ zone }) => zone).toSorted()
}

function instanceTypeFrom(type: TypeFacts, zones: readonly string[], setup: NodeSetup): InstanceType {
  return {
    name: type.name,
    ...roomOf(type, setup),
    labels: labelsOf(type, regionOf(zones)),
    offerings: zones.map((zone) => ({
      zone,
      capacityType: 'on-demand',
      priceUsdPerHour: type.priceUsdPerHour,
      available: true,
    })),
  }
}

/** The zones of one type are of one region: a zone's name is the region's and a letter. */
function regionOf([zone = '']: readonly string[]): string {
  return zone.replace(/[a-z]$/, '')
}
