import type { NodeRequirement } from '../kubernetes.ts'
import { requirementMatches } from '../node-affinity.ts'
import type { InstanceType, Offering } from '../problem.ts'
import { CAPACITY_TYPE, CAPACITY_TYPE_ALIAS, ZONE } from '../well-known.ts'

/** Keys that offerings decide, not types. */
export const OFFERING_KEYS: readonly string[] = [ZONE, CAPACITY_TYPE, CAPACITY_TYPE_ALIAS]

/** Whether a type meets all requirements, as its nodes would; with an offering, whether it does so there. */
export function isMet(requirements: readonly NodeRequirement[], type: InstanceType, offering?: Offering): boolean {
  return requirements.every((requirement) => requirementMatches(requirement, valueOf(requirement.key, type, offering)))
}

function valueOf(key: string, type: InstanceType, offering: Offering | undefined): string | undefined {
  switch (key) {
    case ZONE:
      return offering?.zone
    case CAPACITY_TYPE:
    case CAPACITY_TYPE_ALIAS:
      return offering?.capacityType
    default:
      return type.labels[key]
  }
}
