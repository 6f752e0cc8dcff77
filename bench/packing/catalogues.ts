import { instanceTypes } from '../../src/core/scheduling/catalogue/instance-types.ts'
import type { InstanceType as Known } from '../../src/core/scheduling/problem.ts'
import type { InstanceType } from '../../test/packing/documents.ts'
import { karpenterTypes } from './karpenter-types.ts'

/** The instance types that benchmarks choose from. */
export const CATALOGUES = {
  /** Those of Karpenter's own benchmark. */
  karpenter: karpenterTypes,
  /** amd64 types of the families c, m and r from generation 5, as the shipped catalogue has them. */
  cmr: () => generalTypes(Infinity),
  /** The same up to 32 vCPU, as many teams cap their nodes. */
  'cmr-32': () => generalTypes(32_000),
  /** The whole shipped catalogue. */
  shipped: () => documents(instanceTypes()),
} as const satisfies Readonly<Record<string, () => readonly InstanceType[]>>

export type CatalogueName = keyof typeof CATALOGUES

const GENERAL = /^[cmr][5-9]/
const METAL = /metal/

function generalTypes(mostMillis: number): readonly InstanceType[] {
  const types = instanceTypes().filter(
    ({ name, labels, capacity }) =>
      labels['kubernetes.io/arch'] === 'amd64' &&
      GENERAL.test(name) &&
      !METAL.test(name) &&
      (capacity['cpu'] ?? 0) <= mostMillis,
  )
  return documents(types)
}

function documents(types: readonly Known[]): readonly InstanceType[] {
  return types.map(({ capacity, allocatable, ...type }) => ({
    ...type,
    capacity: quantities(capacity),
    allocatable: quantities(allocatable),
  }))
}

function quantities(amounts: Known['capacity']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, resource === 'cpu' ? `${amount}m` : `${amount}`]),
  )
}
