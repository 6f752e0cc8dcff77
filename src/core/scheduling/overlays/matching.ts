import type { CatalogueOffering, CatalogueType } from '../catalogue/catalogue-type.ts'
import type { OverlayRequirement } from './overlay.ts'

const ZONE = 'topology.kubernetes.io/zone'
const CAPACITY_TYPES = ['longshore.dev/capacity-type', 'karpenter.sh/capacity-type']

/** Keys that offerings decide, not types. */
export const OFFERING_KEYS: readonly string[] = [ZONE, ...CAPACITY_TYPES]

/** Where and how a type may be had. */
export type Place = Pick<CatalogueOffering, 'zone' | 'capacityType'>

/** Whether a type meets all requirements; with a place, whether it does so there. */
export function isMet(requirements: readonly OverlayRequirement[], type: CatalogueType, place?: Place): boolean {
  return requirements.every((requirement) => holds(requirement, valueOf(requirement.key, type, place)))
}

function valueOf(key: string, type: CatalogueType, place: Place | undefined): string | undefined {
  if (key === ZONE) return place?.zone
  if (CAPACITY_TYPES.includes(key)) return place?.capacityType
  return type.labels[key]
}

/** As for nodes: what is absent is not in a list, and no number. */
function holds({ operator, values }: OverlayRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && value !== '' && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && value !== '' && Number(value) < Number(values[0])
  }
}
